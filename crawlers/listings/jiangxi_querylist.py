"""江西 queryList: the column page carries channel, website and site ids; rows come as JSON from POST /queryList."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, join
from crawlers.listings._api import Fields, count_of, dig, form_request, paged, refused, rows_of_records

ORDER = 60

_NAMES = ("channelId", "websiteId", "siteId", "codeName")
_PAGE_SIZE = 15
_FIELDS = Fields(("title",), ("link", "url"), ("pubDate", "publishTime"))


def detect(answer: ListAnswer) -> bool:
    """The interface's name and the ids that it wants."""
    return "queryList" in answer.text and all(_setting(answer.text, name) for name in _NAMES[:3])


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """The column page leads to the interface; a record's address follows from its id and the column's code."""
    if "ids" not in request.state:
        ids = {name: _setting(answer.text, name) for name in _NAMES}
        state = {"api": join(answer.url, "/queryList"), "ids": ids, "column": answer.url}
        return ListPage("", (), (replace(_ask(state, 1), state=state),))
    results = dig(answer.data, "data", "results")
    if not isinstance(results, list):
        return refused(answer.data)
    records = [_addressed(dig(one, "source") or one, dict(request.state)) for one in results]
    rows = rows_of_records(records, str(request.state["column"]), _FIELDS)
    following = replace(_ask(dict(request.state), request.page_no + 1), state=request.state)
    return paged(request, rows, count_of(dig(answer.data, "data", "total")), following, len(records))


def _setting(text: str, name: str) -> str:
    match = re.search(rf"\b{name}['\"]?\s*[:=]\s*['\"]([^'\"]+)['\"]", text)
    return match[1] if match else ""


def _addressed(record: Any, state: dict[str, Any]) -> Any:
    """/{site}/col/{codeName}/content/content_{id}.html, the site being what stands before /col/ in the column's path."""
    if not isinstance(record, dict) or not record.get("id"):
        return record
    path = urlsplit(state["column"]).path
    site = path.split("/col/")[0] if "/col/" in path else "/" + path.strip("/").split("/")[0]
    return {"url": f"{site}/col/{state['ids']['codeName']}/content/content_{record['id']}.html", **record}


def _ask(state: dict[str, Any], page: int) -> ListRequest:
    ids = {name: state["ids"][name] for name in _NAMES[:3]}
    return form_request(state["api"], {**ids, "pageNo": page, "pageSize": _PAGE_SIZE}, state["column"])
