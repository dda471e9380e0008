"""TrueCMS (南通, 如皋 …): records as XML inside JSONP from messageController/getMessage.do; the Referer is needed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, join
from crawlers.listings._api import dig, get_request, paged, refused
from crawlers.listings._rows import rows_of_fragment
from crawlers.listings._xml import cdata_records

ORDER = 15

_PROXY = re.compile(r"proxyUrl['\"]?\s*:\s*['\"]([^'\"]+)['\"]")
_COLUMN = re.compile(r"columnId['\"]?\s*:\s*['\"]([^'\"]+)['\"]")
_PER_PAGE = re.compile(r"perPage['\"]?\s*:\s*(\d{1,3})")
_GROUP = re.compile(r"groupSize['\"]?\s*:\s*(\d)")
_TOTAL = re.compile(r"<totalrecord>\s*(\d{1,7})|totalRecord['\"]?\s*:\s*(\d{1,7})", re.IGNORECASE)


def detect(answer: ListAnswer) -> bool:
    """The name of the interface."""
    return "messageController/getMessage.do" in answer.text


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """The column page leads to the interface, asked in windows of the size that the page's own script uses.

    Larger windows are refused by some servers (50 gave 404 where 10 was the page's own).
    """
    if "api" not in request.state:
        state = _settings(answer)
        return ListPage("", (), (replace(_ask(state), state=state),))
    result = dig(answer.data, "result")
    text = result if isinstance(result, str) else answer.text
    records = cdata_records(text)
    if not records and "<recordset" not in text:
        return refused(answer.data)
    rows = rows_of_fragment(str(request.state["column"]), records)
    match = _TOTAL.search(text)
    total = int(match[1] or match[2]) if match else request.state.get("total")
    state = {**request.state, "n_seen": int(request.state.get("n_seen", 0)) + len(records)}
    return paged(request, rows, total, replace(_ask(state), state=state), len(records))


def _settings(answer: ListAnswer) -> dict[str, Any]:
    proxy, column = _PROXY.search(answer.text), _COLUMN.search(answer.text)
    per_page, group, total = (
        _PER_PAGE.search(answer.text),
        _GROUP.search(answer.text),
        _TOTAL.search(answer.text),
    )
    return {
        "api": join(answer.url, proxy[1] if proxy else "/truecms/messageController/getMessage.do"),
        "columnId": column[1] if column else "",
        "per_page": int(per_page[1]) if per_page else 10,
        "window": (int(per_page[1]) if per_page else 10) * (int(group[1]) if group else 1),
        "total": int(total[1] or total[2]) if total else None,
        "column": answer.url,
    }


def _ask(state: dict[str, Any]) -> ListRequest:
    start = int(state.get("n_seen", 0)) + 1
    fields = {
        "startrecord": start,
        "endrecord": start + int(state["window"]) - 1,
        "perpage": state["per_page"],
        "columnId": state["columnId"],
        "callback": "cb",
    }
    return get_request(state["api"], fields, state["column"])
