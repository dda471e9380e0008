"""博达 VSB, dynamic: a column is wbtreeid of a .jsp; pages are asked by PAGENUM or by the list's own numbered fields."""

from __future__ import annotations

import re

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, next_page
from crawlers.listings._api import query_of, with_query
from crawlers.listings._html import with_next
from crawlers.listings._pagers import read_pager

ORDER = 80

_COLUMN = re.compile(r"\.jsp\?(?:[^#]*&)?(?:urltype=tree\.TreeTempUrl|wbtreeid=\d+)")
# a165823t=<pages> a165823p=<page> a165823c=<rows a page>: the list's own fields in its pager's links
_OWN_FIELD = re.compile(r"[?&](a\d+)p=\d+")


def detect(answer: ListAnswer) -> bool:
    """An address of a .jsp with wbtreeid or urltype=tree.TreeTempUrl."""
    return bool(_COLUMN.search(answer.url))


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Rows of the page; the next page is the linked one, else the page number counted up while pages remain."""
    pager = read_pager(answer)
    if pager.next_url:
        return with_next(answer, pager, next_page(request, pager.next_url))
    if pager.n_pages is None or request.page_no >= pager.n_pages:
        return with_next(answer, pager, None)
    own = _OWN_FIELD.search(answer.text)
    name = (
        f"{own[1]}p"
        if own
        else next((key for key in query_of(answer.url) if key.upper() == "PAGENUM"), "PAGENUM")
    )
    return with_next(answer, pager, next_page(request, with_query(answer.url, {name: request.page_no + 1})))
