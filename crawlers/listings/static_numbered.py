"""集约化 static lists: the page says that there are more pages but links none; names of the field are tried in turn."""

from __future__ import annotations

import re
from dataclasses import replace
from posixpath import commonprefix
from typing import Any
from urllib.parse import urlsplit

from archive.models import ListPage, ListRequest, ListRow
from crawlers.listings._answer import ListAnswer, join
from crawlers.listings._html import read_html
from crawlers.listings._pagers import read_pager
from crawlers.listings._rows import find_rows

ORDER = 900

# Names of page N of a column, of which one is right: {stem} and {ext} of the column's file, {p} = N, {q} = N - 1.
_NAMES = (
    "{stem}_{q}.{ext}",
    "{stem}_{p}.{ext}",
    "index_{q}.html",
    "index_{p}.html",
    "{stem}-{p}.{ext}",
    "{p}",
)

_LATER_PAGE = re.compile(r"[_-](?:[2-9]|\d\d+)\.\w+$")


def detect(answer: ListAnswer) -> bool:
    """A column's first page with rows, more than one page claimed, and no link to a next page."""
    pager = read_pager(answer)
    if _LATER_PAGE.search(urlsplit(answer.url).path):
        return False
    return pager.next_url is None and (pager.n_pages or 0) > 1 and bool(find_rows(answer))


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Page 1 starts the trial; a page that exists and holds other rows of the same place settles the name."""
    if "column" not in request.state:
        pager = read_pager(answer)
        rows = find_rows(answer)
        state = {"column": answer.url, "pages": pager.n_pages, "place": _place(rows), "first": _first(rows)}
        return ListPage("", rows, _trial(state, 0, 2), n_pages=pager.n_pages, n_rows_total=pager.n_rows)
    state = dict(request.state)
    if "probe" in state:
        return _judge_trial(answer, state)
    found = read_html(answer, request)
    return _go_on(found, state)


def _judge_trial(answer: ListAnswer, state: dict[str, Any]) -> ListPage:
    number = int(state["probe"])
    rows = find_rows(answer) if answer.status == 200 else ()
    if not rows or _first(rows) == state["first"] or not _place(rows).startswith(state["place"]):
        following = _trial(state, number + 1, 2)
        detail = "" if following else "no known name leads to page 2"
        return ListPage("", (), following, detail=detail, n_pages=state["pages"])
    settled = {name: value for name, value in state.items() if name != "probe"} | {"name": number, "page": 2}
    return _go_on(ListPage("", rows), settled)


def _go_on(found: ListPage, state: dict[str, Any]) -> ListPage:
    page, pages = int(state["page"]), int(state["pages"])
    if page >= pages or not found.rows:
        return replace(found, next=(), verdict="end" if found.rows else "empty", n_pages=pages)
    url = _address(state["column"], int(state["name"]), page + 1)
    following = ListRequest(url, page_no=page + 1, state={**state, "page": page + 1})
    return replace(found, next=(following,), verdict="ok", n_pages=pages)


def _trial(state: dict[str, Any], number: int, page: int) -> tuple[ListRequest, ...]:
    """The request that tries the name of that number, if one is left. Its answer is wanted whatever its status."""
    if number >= len(_NAMES):
        return ()
    return (
        ListRequest(_address(state["column"], number, page), page_no=page, state={**state, "probe": number}),
    )


def _address(column: str, number: int, page: int) -> str:
    name = urlsplit(column).path.rsplit("/", 1)[-1]
    stem, _, ext = name.rpartition(".")
    written = _NAMES[number].format(stem=stem or "index", ext=ext if stem else "html", p=page, q=page - 1)
    base = column if stem or column.endswith("/") else column + "/"
    return join(base, written)


def _place(rows: tuple[ListRow, ...]) -> str:
    """What the rows' addresses begin with in common: pages of one column share it."""
    return commonprefix([row.url for row in rows if row.url]) if rows else ""


def _first(rows: tuple[ListRow, ...]) -> str:
    return (rows[0].url or rows[0].title) if rows else ""
