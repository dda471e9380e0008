"""拓尔思 IRS, the site search: the column is its page with code, dataTypeId and searchWord in the address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, join
from crawlers.listings._api import (
    Fields,
    count_of,
    dig,
    json_request,
    paged,
    query_of,
    refused,
    rows_of_records,
)

ORDER = 46

_PAGE_SIZE = 20
_FIELDS = Fields(("title_no_tag", "title"), ("url",), ("time", "docDate"))
# Without searchBy and orderBy the server answers 200 with 59 bytes of success:false.
_DEFAULTS = {"searchBy": "title", "orderBy": "time", "granularity": "ALL", "isSearchForced": 0, "filters": []}


def detect(answer: ListAnswer) -> bool:
    """A page whose address names code and searchWord (irs-c-web, irs-common-search, so/search.shtml)."""
    query = query_of(answer.url)
    is_page = bool(query.get("code")) and bool(query.get("searchWord"))
    return is_page and answer.text.lstrip("\ufeff \r\n")[:1] not in ("{", "[")


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """The search page leads to /irs/front/search, which is asked by POST of JSON."""
    if "query" not in request.state:
        query = query_of(answer.url)
        asked = {name: query.get(name, "") for name in ("code", "dataTypeId", "searchWord")}
        chosen = {name: query[name] for name in ("searchBy", "orderBy") if query.get(name)}
        state = {
            "api": join(answer.url, "/irs/front/search"),
            "query": {**_DEFAULTS, **asked, **chosen},
            "column": answer.url,
        }
        return ListPage("", (), (replace(_ask(state, 1), state=state),))
    middle = dig(answer.data, "data", "middle")
    boxes = dig(middle, "listAndBox") or dig(middle, "list")
    if dig(answer.data, "success") is False or not isinstance(boxes, list):
        return refused(answer.data)
    rows = rows_of_records([dig(box, "data") or box for box in boxes], answer.url, _FIELDS)
    following = replace(_ask(dict(request.state), request.page_no + 1), state=request.state)
    return paged(request, rows, count_of(dig(answer.data, "data", "pager", "total")), following, len(boxes))


def _ask(state: dict[str, Any], page: int) -> ListRequest:
    return json_request(
        state["api"], {**state["query"], "pageNo": page, "pageSize": _PAGE_SIZE}, state["column"]
    )
