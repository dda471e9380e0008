"""RSS and Atom feeds: the newest entries of a site in one file."""

from __future__ import annotations

from datetime import date
from email.utils import parsedate_to_datetime

from lxml import etree

from archive.models import ListPage, ListRequest, ListRow
from crawlers.listings._answer import ListAnswer, join, next_page
from crawlers.listings._api import CHINA, day_of, plain
from crawlers.listings._rows import distinct
from crawlers.listings._xml import children, first_text, parse_xml

ORDER = 3


def detect(answer: ListAnswer) -> bool:
    """A root element rss, RDF or feed."""
    start = answer.text[:2000].lstrip("\ufeff \r\n")
    return start.startswith("<") and any(mark in start for mark in ("<rss", "<rdf:RDF", "<feed"))


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Entries as rows. A feed of one file shows the newest only and proves no end; pages linked by rel=next do.

    The last page of a paged feed is the one without rel=next (RFC 5005, section 3).
    """
    root = parse_xml(answer.text)
    entries = [] if root is None else [*children(root, "item"), *children(root, "entry")]
    rows = distinct(_row(entry, answer.url) for entry in entries)
    following = _link(root, "next", answer.url) if root is not None else ""
    if following and rows:
        return ListPage("", rows, (next_page(request, following),))
    if request.page_no > 1:
        return ListPage("", rows, verdict="end")
    return ListPage("", rows, detail="a feed holds the newest entries only")


def _row(entry: etree._Element, base_url: str) -> ListRow:
    url = _link(entry, "alternate", base_url)
    written = first_text(entry, "pubDate", "published", "updated", "date")
    return ListRow(url, plain(first_text(entry, "title")), _rfc_day(written) or day_of(written))


def _link(element: etree._Element, rel: str, base_url: str) -> str:
    for link in children(element, "link"):
        if link.get("href") and link.get("rel", "alternate") == rel:
            return join(base_url, link.get("href") or "")
        if rel == "alternate" and (link.text or "").strip():
            return join(base_url, link.text or "")
    return ""


def _rfc_day(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).astimezone(CHINA).date()
    except (TypeError, ValueError, IndexError):
        return None
