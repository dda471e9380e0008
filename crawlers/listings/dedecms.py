"""织梦 DedeCMS, the system of most sharing sites: pages list_TYPE_N.html, linked by a pager of numbers."""

from __future__ import annotations

import re

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, join, next_page
from crawlers.listings._html import with_next
from crawlers.listings._pagers import read_pager

ORDER = 200

_PAGE_NAME = re.compile(r"\blist_(?P<type>\d+)_(?P<page>\d+)\.html")
_FINGERPRINT = re.compile(
    r"dede_pages|dedeajax|DedeCMS|/plus/(?:list|count|search)\.php|name=['\"]sldd['\"]", re.IGNORECASE
)


def detect(answer: ListAnswer) -> bool:
    """Page names list_TYPE_N.html or marks of the system."""
    return bool(_PAGE_NAME.search(answer.text) or _FINGERPRINT.search(answer.text))


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Rows of the page; the next page is the linked one, else the name with the next number while pages remain."""
    pager = read_pager(answer)
    if pager.next_url:
        return with_next(answer, pager, next_page(request, pager.next_url))
    name = _PAGE_NAME.search(answer.text)
    here = _PAGE_NAME.search(answer.url)
    page = int(here["page"]) if here else 1
    if name and pager.n_pages and page < pager.n_pages:
        url = join(answer.url, f"list_{name['type']}_{page + 1}.html")
        return with_next(answer, pager, next_page(request, url))
    return with_next(answer, pager, None, is_end_known=bool(pager.n_pages))
