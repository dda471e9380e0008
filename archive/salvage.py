"""What a damaged landing still holds: answers in its WARC files that no whole line of its log points at."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from archive import landing
from archive.crawl_log import to_json
from archive.landing import LandingError
from archive.models import Capture, CrawlRun, ListedRow, Page
from archive.warc import Record
from archive.warc_scan import scan


def folders(root: Path) -> list[Path]:
    """Every run's folder under `landing/` that holds anything, also those that lost their log."""
    logged = {path.parent for path in root.glob(f"*/*/{landing.LOG}")}
    stored = {path.parent for path in root.glob("*/*/*.warc.gz")}
    return sorted(logged | stored)


def unlogged(folder: Path) -> Iterator[tuple[Capture, Page]]:
    """Whole answers with a body that the log does not know, as captures of reports; the caller knows what they are."""
    known = {(c.warc_file, c.warc_offset) for c in _captures(folder)}
    titles = {row.url: row for row in _listed(folder)}
    for path in sorted(folder.glob("*.warc.gz")):
        for offset, record in scan(path):
            if (path.name, offset) in known or not _is_answer(record):
                continue
            found = _as_capture(folder, path.name, offset, record)
            if found is not None:
                capture, page = found
                row = titles.get(capture.url)
                titled = replace(capture, list_title=row.title, list_date=row.date) if row else capture
                yield titled, page


def append(folder: Path, found: Iterable[Capture]) -> None:
    """Add captures to a log, which begins anew where it is gone; lines that are torn stay, and stay unread."""
    captures = list(found)
    lines = [] if _has_run(folder) else [_line("run", _run_of(folder, captures))]
    lines += [_line("capture", capture) for capture in captures]
    with (folder / landing.LOG).open("ab") as log:
        log.write(b"\n" + b"".join(lines))  # the line before may have lost its end
        log.flush()
        os.fsync(log.fileno())


def _line(kind: str, value: Capture | CrawlRun) -> bytes:
    return b'{"%s": %s}\n' % (kind.encode(), to_json(value))


def _captures(folder: Path) -> list[Capture]:
    return list(landing.captures(folder)) if (folder / landing.LOG).exists() else []


def _listed(folder: Path) -> list[ListedRow]:
    return list(landing.listed(folder)) if (folder / landing.LOG).exists() else []


def _has_run(folder: Path) -> bool:
    try:
        landing.crawl_run(folder)
    except LandingError:
        return False
    return True


def _run_of(folder: Path, captures: list[Capture]) -> CrawlRun:
    """The run as its folder is named: landing/SOURCE/RUN_ID."""
    return CrawlRun(folder.name, folder.parent.name, min(c.fetched_at for c in captures))


def _is_answer(record: Record) -> bool:
    head = record.block.split(b"\r\n", 1)[0].split()
    is_response = record.headers.get("warc-type") == "response"
    is_robots = record.headers.get("warc-target-uri", "").endswith("/robots.txt")
    return is_response and not is_robots and len(head) > 1 and head[1] == str(int(HTTPStatus.OK)).encode()


def _as_capture(folder: Path, file: str, offset: int, record: Record) -> tuple[Capture, Page] | None:
    """The capture as the crawl would have logged it; None where the body is not whole."""
    try:
        fetched_at = datetime.fromisoformat(record.headers["warc-date"])
        capture = Capture(
            run_id=folder.name,
            source=folder.parent.name,
            url=record.headers["warc-target-uri"],
            kind="report",
            status=int(HTTPStatus.OK),
            outcome="ok",
            fetched_at=fetched_at,
            content_type=landing.header(record, b"content-type"),
            etag=landing.header(record, b"etag") or None,
            last_modified=landing.header(record, b"last-modified") or None,
            warc_file=file,
            warc_offset=offset,
        )
        page = landing.read_page(folder, capture)
    except (LandingError, KeyError, ValueError):
        return None
    return replace(capture, digest=landing.digest(page.body), n_bytes=len(page.body)), page
