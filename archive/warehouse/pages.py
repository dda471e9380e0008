"""What the archive knows of each URL: what a fetch changes in it, and what the next crawl is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from archive.models import Capture, KnownPage
from archive.revisit import due_at, wait_after
from archive.warehouse.bulk import aware, ids_table, insert, utc
from archive.warehouse.rows import columns


@dataclass(frozen=True, slots=True)
class PageState:
    """One row of `pages`; times are UTC without a zone."""

    url: str
    source: str
    kind: str
    status: int | None = None
    outcome: str = ""
    detail: str = ""
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    last_asked_at: datetime | None = None
    last_changed_at: datetime | None = None
    interval_days: int | None = None
    next_due_at: datetime | None = None
    gone_at: datetime | None = None


COLUMNS = tuple(PageState.__dataclass_fields__)


def after(page: PageState | None, capture: Capture) -> PageState:
    """The state of a page after one more fetch; a fetch older than the last one changes nothing."""
    page = page or PageState(capture.url, capture.source, capture.kind)
    asked_at = utc(capture.fetched_at)
    assert asked_at is not None
    if page.last_asked_at is not None and asked_at < page.last_asked_at:
        return page
    is_changed = capture.outcome == "ok" and capture.digest != page.digest
    days = wait_after(capture.outcome, page.interval_days, is_changed=is_changed)
    asked = replace(
        page,
        status=capture.status,
        outcome=capture.outcome,
        detail=capture.detail,
        last_asked_at=asked_at,
        next_due_at=due_at(asked_at, days),
    )
    if capture.outcome in ("ok", "unchanged"):
        return _seen(asked, capture, asked_at, days if not is_changed else None)
    if capture.outcome == "gone":
        return replace(asked, gone_at=page.gone_at or asked_at)
    return asked


def _seen(page: PageState, capture: Capture, at: datetime, days: int | None) -> PageState:
    """The page was there; `days` is None where its bytes differ from before."""
    first = replace(page, first_seen_at=page.first_seen_at or at, last_seen_at=at, gone_at=None)
    if days is not None:
        return replace(
            first,
            interval_days=days,
            etag=capture.etag or page.etag,
            last_modified=capture.last_modified or page.last_modified,
        )
    return replace(
        first,
        interval_days=wait_after("ok", None, is_changed=True),
        last_changed_at=at,
        etag=capture.etag,
        last_modified=capture.last_modified,
        digest=capture.digest,
    )


def save_pages(con: duckdb.DuckDBPyConnection, captures: Iterable[Capture]) -> None:
    """Bring `pages` up to what these captures say. List pages are left out: they are never answered from memory."""
    fetched = sorted((c for c in captures if c.kind != "list"), key=lambda c: c.fetched_at)
    ids_table(con, "batch_urls", {capture.url for capture in fetched})
    rows = con.execute(
        f"SELECT {', '.join(COLUMNS)} FROM pages WHERE url IN (SELECT id FROM batch_urls)"
    ).fetchall()
    states = {row[0]: PageState(*row) for row in rows}
    for capture in fetched:
        states[capture.url] = after(states.get(capture.url), capture)
    con.execute("DELETE FROM pages WHERE url IN (SELECT id FROM batch_urls)")
    insert(con, "pages", map(columns, states.values()))


def ask_again(con: duckdb.DuckDBPyConnection, lost: Iterable[Capture]) -> None:
    """Make pages due at once, without their validators, where the archive has lost the very bytes it last saw."""
    con.execute("CREATE OR REPLACE TEMP TABLE lost_bytes (url VARCHAR, digest VARCHAR)")
    insert(con, "lost_bytes", ({"url": capture.url, "digest": capture.digest} for capture in lost))
    con.execute(
        """UPDATE pages SET digest = NULL, etag = NULL, last_modified = NULL, next_due_at = last_asked_at
        FROM lost_bytes l WHERE pages.url = l.url AND pages.digest = l.digest"""
    )


def known_pages(con: duckdb.DuckDBPyConnection, source: str) -> Iterator[KnownPage]:
    """What the archive knows of a source's pages, for the crawl that is about to begin."""
    rows = con.execute(
        "SELECT url, digest, etag, last_modified, next_due_at, gone_at IS NOT NULL FROM pages WHERE source = ?",
        [source],
    ).fetchall()
    for url, digest, etag, last_modified, due, is_gone in rows:
        yield KnownPage(url, digest, etag, last_modified, aware(due), is_gone)
