"""博达 VSB, static: the first page is NAME.htm, the next NAME/30.htm, and file numbers count down to 1, the oldest."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, join, next_page
from crawlers.listings._html import with_next
from crawlers.listings._pagers import read_pager

ORDER = 90

_FINGERPRINT = re.compile(
    r"_simple_list_gotopage_fun\(|Announced by Visual SiteBuilder|/system/resource/js/|id=[\"']fanye\d+|class=[\"']pb_sys_common"
)
_GOTO = re.compile(r"_simple_list_gotopage_fun\(\s*(\d{1,5})\s*,")
_FILE = re.compile(r"^(?P<stem>.+)\.(?P<ext>html?)$")
_NUMBERED = re.compile(r"/(?P<number>\d{1,5})\.(?P<ext>html?)$")


def detect(answer: ListAnswer) -> bool:
    """Marks of Visual SiteBuilder: its go-to-page function, its resource folder, or the ids of its pager."""
    return bool(_FINGERPRINT.search(answer.text))


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Rows of the page; the next file is the one that 下页 links, else the number of pages counted down."""
    pager = read_pager(answer)
    if pager.next_url:
        return with_next(answer, pager, next_page(request, pager.next_url))
    url = _count_down(answer, pager.n_pages)
    is_oldest = bool(_NUMBERED.search(urlsplit(answer.url).path))
    return with_next(answer, pager, next_page(request, url) if url else None, is_end_known=is_oldest)


def _count_down(answer: ListAnswer, claimed: int | None) -> str | None:
    numbered = _NUMBERED.search(urlsplit(answer.url).path)
    if numbered:
        number = int(numbered["number"]) - 1
        return join(answer.url, f"{number}.{numbered['ext']}") if number >= 1 else None
    goto = _GOTO.search(answer.text)
    n_pages = int(goto[1]) if goto else claimed
    name = _FILE.match(urlsplit(answer.url).path.rsplit("/", 1)[-1])
    if not name or not n_pages or n_pages < 2:
        return None
    return join(answer.url, f"{name['stem']}/{n_pages - 1}.{name['ext']}")
