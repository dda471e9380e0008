"""开普云 search5, the site search: the column is its result page with siteCode and searchWord in the address."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, join
from crawlers.listings._api import (
    Fields,
    count_of,
    dig,
    form_request,
    paged,
    query_of,
    refused,
    rows_of_records,
)

ORDER = 45

_PLACE = re.compile(r"^https?://[^/]+/search5?/")
_SITE_CODE = re.compile(r"name=[\"'](?:siteCode|SiteIDCode)[\"'][^>]{0,80}(?:value|content)=[\"'](\w+)[\"']")
_PAGE_SIZE = 20
_FIELDS = Fields(("title",), ("url",), ("pubDate", "fwrq", "pubdate"))


def detect(answer: ListAnswer) -> bool:
    """A page of /search5/ (or of a search host's /search/) whose address names searchWord."""
    return bool(_PLACE.match(answer.url)) and bool(query_of(answer.url).get("searchWord"))


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """The result page leads to the interface, which is asked by POST; its answers hold rows and the total."""
    if "form" not in request.state:
        state = _settings(answer)
        return ListPage("", (), (replace(_ask(state, 1), state=state),))
    result = dig(answer.data, "searchResultAll")
    records = dig(result, "searchTotal")
    if not isinstance(records, list):
        return refused(answer.data)
    rows = rows_of_records(records, answer.url, _FIELDS)
    following = replace(_ask(dict(request.state), request.page_no + 1), state=request.state)
    return paged(request, rows, count_of(dig(result, "total")), following, len(records))


def _settings(answer: ListAnswer) -> dict[str, Any]:
    query = query_of(answer.url)
    code = _SITE_CODE.search(answer.text)
    place = _PLACE.match(answer.url)
    folder = place[0] if place else answer.url
    form = {
        "siteCode": query.get("siteCode") or (code[1] if code else ""),
        "searchWord": query.get("searchWord", ""),
        "column": query.get("column", ""),
        "uc": 1,
        "pageSize": _PAGE_SIZE,
    }
    api = join(folder, "search/s" if "/search5/" in folder else "s")
    return {"api": api, "form": form, "column": answer.url}


def _ask(state: dict[str, Any], page: int) -> ListRequest:
    return form_request(state["api"], {**state["form"], "pageNum": page}, state["column"])
