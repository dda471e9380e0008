"""大汉 信息公开: the list of a disclosure column is drawn by POSTs to search.jsp, which does not filter by column."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, join
from crawlers.listings._api import form_request, query_of
from crawlers.listings._candidates import text_of
from crawlers.listings._pagers import claimed_pages
from crawlers.listings._rows import find_rows

ORDER = 30

_FRAME = re.compile(r"module/xxgk/(?:tree|search|search_custom|divid_list)\.jsp\?([^\"'<>\s]+)")
_COLUMN = re.compile(r"/col/?col(\d+)/|[?&](?:columnid|colid)=(\d+)")
_FIELDS = ("infotypeId", "jdid", "divid", "area")


def detect(answer: ListAnswer) -> bool:
    """The disclosure module's tree or search frame."""
    return bool(_FRAME.search(answer.text)) and "dataproxy.jsp" not in answer.text


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """The column page leads to search.jsp; its answers are HTML rows of all columns, narrowed to art_<column>_."""
    if "form" not in request.state:
        state = _settings(answer)
        return ListPage("", (), (replace(_ask(state, 1), state=state),))
    rows = find_rows(answer)
    mine = f"art_{request.state['col']}_"
    kept = tuple(row for row in rows if mine in row.url) if request.state["col"] else rows
    n_pages = claimed_pages(text_of(answer.root))
    if not rows or (n_pages is not None and request.page_no >= n_pages):
        is_end = bool(rows) or (n_pages is None and request.page_no > 1)
        return ListPage("", kept, verdict="end" if is_end else "empty", n_pages=n_pages)
    following = replace(
        _ask(dict(request.state), request.page_no + 1), page_no=request.page_no + 1, state=request.state
    )
    return ListPage("", kept, (following,), n_pages=n_pages)


def _settings(answer: ListAnswer) -> dict[str, Any]:
    frame = _FRAME.search(answer.text)
    fields = query_of(f"?{frame[1].replace('&amp;', '&')}") if frame else {}
    column = _COLUMN.search(answer.url)
    return {
        "api": join(answer.url, "/module/xxgk/search.jsp"),
        "form": {name: fields.get(name, "") for name in _FIELDS},
        "col": next((group for group in column.groups() if group), "") if column else "",
        "column": answer.url,
    }


def _ask(state: dict[str, Any], page: int) -> ListRequest:
    return form_request(state["api"], {**state["form"], "currpage": page}, state["column"])
