"""Links: what was read from saved list pages, as rows for `workreports links`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from archive.models import ListPage, Page
from crawlers.listings import first_request, read_with_unlinked


def link_rows(manifest_rows: Iterable[Mapping[str, Any]], folder: Path) -> Iterator[dict[str, Any]]:
    """One row per manifest row {id, url, file}: {id, family, items, next, verdict, detail}.

    `file` is relative to `folder`. An item is {url, title, date}; its url is None where the page names none, its date
    is YYYY-MM-DD or None. `next` is the address of the next request, or None. A file that cannot be read gives a row
    with verdict "unreadable".
    """
    for row in manifest_rows:
        yield {"id": row.get("id"), **_read(row, folder)}


def _read(row: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    url = str(row.get("url") or "")
    try:
        body = (folder / str(row.get("file") or "")).read_bytes()
    except OSError as error:
        return _as_row(ListPage("", (), verdict="unreadable", detail=f"{row.get('file')}: {error.strerror}"))
    page = Page(url, body, str(row.get("content_type") or ""))
    return _as_row(read_with_unlinked(page, first_request(url)))


def _as_row(page: ListPage) -> dict[str, Any]:
    return {
        "family": page.family,
        "items": [
            {"url": row.url or None, "title": row.title, "date": row.date.isoformat() if row.date else None}
            for row in page.rows
        ],
        "next": page.next[0].url if page.next else None,
        "verdict": page.verdict,
        "detail": page.detail,
    }
