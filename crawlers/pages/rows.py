"""The rows that `workreports extract` writes: a manifest of saved pages in, one row per report out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from archive.models import Page, Rejection, Report
from crawlers.pages.reading import Guidance, read_with

# A saved page is read as the text it holds; whether that is a work report is for the reader of the rows to say.
EVERY_ARTICLE = Guidance(only_reports=False)


def extract_rows(manifest_rows: Iterable[Mapping[str, Any]], folder: Path | str) -> Iterator[dict[str, Any]]:
    """One row per report of each saved page; a page that is none gives one row that says why.

    `manifest_rows` hold url, file (beside the manifest), and optionally id (default: the url) and headers.
    """
    for row in manifest_rows:
        url = str(row.get("url") or row.get("file") or "")
        name = row.get("id") or url
        page = _load(row, url, Path(folder))
        reading = read_with(page, (), EVERY_ARTICLE) if isinstance(page, Page) else page
        if isinstance(reading, Rejection):
            yield {"id": name, "part": 0, "url": url, **_rejected(reading)}
        else:
            for report in reading:
                yield {"id": name, "part": report.part, "url": url, **_read(report)}


def _load(row: Mapping[str, Any], url: str, folder: Path) -> Page | Rejection:
    headers = {str(key).lower(): str(value) for key, value in (row.get("headers") or {}).items()}
    try:
        body = (folder / str(row["file"])).read_bytes()
    except (OSError, KeyError) as error:
        return Rejection(url, "unreadable", f"{type(error).__name__}: {error}")
    return Page(url, body, headers.get("content-type", ""), int(row.get("status") or 200))


def _read(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "published_on": report.published_on.isoformat() if report.published_on else None,
        "written_on": report.written_on.isoformat() if report.written_on else None,
        "publisher": report.publisher,
        "doc_no": report.doc_no,
        "index_no": report.index_no,
        "text": report.text,
        "is_truncated": report.truncation is not None,
        "rejected": None,
    }


def _rejected(rejection: Rejection) -> dict[str, Any]:
    empty = dict.fromkeys(("published_on", "written_on", "publisher", "doc_no", "index_no", "text"))
    return {"title": rejection.title or None, **empty, "is_truncated": False, "rejected": rejection.reason}
