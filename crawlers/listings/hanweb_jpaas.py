"""大汉 JPaaS (new 集约化): a column page names a unit of the page server; its pages come as JSON with HTML inside."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, join
from crawlers.listings._api import count_of, dig, get_request, paged, refused
from crawlers.listings._rows import rows_of_html

ORDER = 10

_UNIT_PATH = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_PAGE_SIZE = 15  # what the servers give unasked
# <div class="pagination" rows="15" count="387">: the pager inside the answer's HTML
_COUNT = re.compile(r"\bcount=[\"'](\d{1,7})[\"']")
_QUERY = re.compile(r"\bquerydata\s*=", re.IGNORECASE)
_LIST_NAME = re.compile(r"列表|list|分页", re.IGNORECASE)


def detect(answer: ListAnswer) -> bool:
    """A script element with queryData for the page server."""
    return _QUERY.search(answer.text) is not None and (
        "unitbuild" in answer.text or "jpaas-publish-server" in answer.text
    )


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """The column page leads to its unit; the unit's answers hold the rows."""
    if "query" in request.state:
        return _read_unit(answer, request)
    scripts = answer.root.iter("script")
    units = [(unit, script.get("url")) for script in scripts if (unit := _unit(script.get("querydata")))]
    if not units:
        return ListPage("", (), verdict="unreadable", detail="the page names no unit (queryData)")
    query, url = max(units, key=lambda one: _likeness(one[0]))
    api = join(answer.url, url or _UNIT_PATH)
    state = {"api": api, "query": query, "column": answer.url}
    first = _page_request(state, 1)
    return ListPage("", (), (replace(first, page_no=1, state=state),))


def _unit(query_data: str | None) -> dict[str, str] | None:
    """queryData is JSON written with single quotes."""
    try:
        unit = json.loads((query_data or "").replace("'", '"'))
    except ValueError:
        return None
    return {str(name): str(value) for name, value in unit.items()} if isinstance(unit, dict) else None


def _likeness(unit: dict[str, str]) -> int:
    """How likely a unit is the list: by its tagId, of which a page may hold several (标题, 导航, 信息列表)."""
    tag = unit.get("tagId", "")
    return (
        3 if tag in ("信息列表", "分页列表") else 2 if _LIST_NAME.search(tag) else 1 if "内容" in tag else 0
    )


def _page_request(state: dict[str, Any], page: int) -> ListRequest:
    paging = json.dumps({"pageNo": page, "pageSize": _PAGE_SIZE}, separators=(",", ":"))
    return get_request(state["api"], {**state["query"], "paramJson": paging}, state["column"])


def _read_unit(answer: ListAnswer, request: ListRequest) -> ListPage:
    html = dig(answer.data, "data", "html") or dig(answer.data, "data")
    if dig(answer.data, "success") is False or not isinstance(html, str):
        return refused(answer.data)
    rows = rows_of_html(request.state["column"], html)
    count = _COUNT.search(html)
    following = replace(_page_request(dict(request.state), request.page_no + 1), state=request.state)
    return paged(request, rows, count_of(count[1]) if count else None, following, len(rows))
