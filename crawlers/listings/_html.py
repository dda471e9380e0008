"""Reading an HTML list page: rows, and on to the page that its pager or its family's rule names."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, next_page
from crawlers.listings._pagers import Pager, read_pager
from crawlers.listings._rows import find_rows

# Marks of a list that a script fills after loading: a template's place-holders, or an empty root of a framework.
_SCRIPTED_LIST = re.compile(
    r"v-for=|ng-repeat=|\{\{\s*[\w.]+\s*\}\}|id=[\"'](?:app|root|__nuxt|__next)[\"']|layui\.laypage|laypage\.render|template\.render"
)

# Calls by which scripts fetch what a page shows.
_ASKS = re.compile(r"\bfetch\(|\$\.(?:ajax|get|post|getJSON)\(|axios[.(]|XMLHttpRequest")
NEEDS_BROWSER = (
    "read it in a browser: `workreports sources add URL --browser`, or browser = true in the source's file, "
    "with the extra work-report-archive[browser] (scrapy-playwright)"
)


def read_html(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Rows of the best block and the next page that the pager links. The end is proven by a pager without a next page."""
    pager = read_pager(answer)
    found = with_next(answer, pager, next_page(request, pager.next_url) if pager.next_url else None)
    if not found.rows and request.page_no == 1 and found.verdict == "end" and _ASKS.search(answer.text):
        detail = f"no rows, and scripts that ask for more; {NEEDS_BROWSER}"
        return replace(found, verdict="unreadable", detail=detail)
    claims_more = (pager.n_pages or 0) > request.page_no or (
        request.page_no == 1 and (pager.n_rows or 0) > len(found.rows) > 0
    )
    if found.verdict == "end" and claims_more:
        return replace(found, verdict="ok", detail="the page claims more pages, but links none")
    return found


def with_next(
    answer: ListAnswer, pager: Pager, following: ListRequest | None, is_end_known: bool = False
) -> ListPage:
    """The page's rows with one next request, or the end where there is none.

    A pager that leads on only by a script leaves the end unproven, unless the family knows it (`is_end_known`).
    """
    rows = find_rows(answer)
    if not rows and _SCRIPTED_LIST.search(answer.text):
        return ListPage(
            "", (), verdict="unreadable", detail=f"the list is filled by a script; {NEEDS_BROWSER}"
        )
    is_open = following is None and pager.is_scripted and not is_end_known
    return ListPage(
        family="",
        rows=rows,
        next=(following,) if following and rows else (),
        verdict="ok" if following or is_open else "end",
        detail="the pager is a script that names no address" if is_open else "",
        n_pages=pager.n_pages,
        n_rows_total=pager.n_rows,
    )
