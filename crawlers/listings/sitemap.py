"""Sitemaps: every page of a site with its last change, and indexes of sitemaps."""

from __future__ import annotations

from archive.models import ListPage, ListRequest, ListRow
from crawlers.listings._answer import ListAnswer, join, next_page
from crawlers.listings._api import day_of, plain
from crawlers.listings._dates import date_in_url
from crawlers.listings._rows import distinct
from crawlers.listings._xml import children, first_text, parse_xml

ORDER = 4


def detect(answer: ListAnswer) -> bool:
    """A root element urlset or sitemapindex."""
    return "<urlset" in answer.text[:2000] or "<sitemapindex" in answer.text[:2000]


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Addresses as rows, newest first; a sitemap names no titles unless it is one of news.

    An index leads to its sitemaps one after the other; the end is the last sitemap's.
    """
    root = parse_xml(answer.text)
    if root is None:
        return ListPage("", (), verdict="unreadable", detail="not XML")
    rows = [
        ListRow(
            join(answer.url, first_text(one, "loc")),
            plain(first_text(one, "title")),
            day_of(first_text(one, "publication_date", "lastmod")) or date_in_url(first_text(one, "loc")),
        )
        for one in children(root, "url")
    ]
    rows.sort(key=lambda row: str(row.date or ""), reverse=True)
    maps = sorted(children(root, "sitemap"), key=lambda one: first_text(one, "lastmod"), reverse=True)
    waiting = [url for one in maps if (url := join(answer.url, first_text(one, "loc")))] + list(
        request.state.get("waiting", ())
    )
    following = (next_page(request, waiting[0], {"waiting": waiting[1:]}),) if waiting else ()
    return ListPage(
        "", distinct(row for row in rows if row.url), following, verdict="ok" if following else "end"
    )
