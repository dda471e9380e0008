"""One batch into the archive, in one transaction: what is new, what changed, what merely was seen again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import duckdb
import numpy as np

from archive.models import LOST, Batch, Capture, Loaded, Reading, Rejection
from archive.warehouse import dedupe
from archive.warehouse.bulk import ids_table, insert
from archive.warehouse.pages import ask_again, save_pages
from archive.warehouse.plan import Head, Plan, plan
from archive.warehouse.postings import add_postings, pieces, postings
from archive.warehouse.rows import Row, attachment_rows, columns, derived_rows, id_of

DERIVED = ("tags", "sections", "indicators", "citations")


def load_batch(con: duckdb.DuckDBPyConnection, batch: Batch) -> Loaded:
    """Write a batch. Must run inside a transaction that is rolled back on any exception."""
    if con.execute("SELECT 1 FROM ledger WHERE key = ?", [batch.key]).fetchall():
        return Loaded(was_loaded_before=True)
    insert(con, "captures", map(columns, batch.captures))
    insert(con, "listed", map(columns, batch.listed))
    save_pages(con, batch.captures)
    found = plan(batch.readings, _heads(con, batch.readings), _next_version_id(con))
    _write_reports(con, found)
    _withdraw(con, batch)
    _touch(con, found, batch.captures)
    _save_rejections(con, batch)
    ask_again(con, (c for c, rejection in batch.rejections if rejection.reason == LOST))
    insert(con, "ledger", [_ledger_row(batch)])
    return Loaded(
        found.ids("new"),
        found.ids("changed"),
        found.ids("unchanged", "read_anew", "late"),
        len(batch.rejections),
    )


def _ledger_row(batch: Batch) -> Row:
    return {
        "key": batch.key,
        "loaded_at": datetime.now(UTC),
        "n_captures": len(batch.captures),
        "n_listed": len(batch.listed),
        "n_readings": len(batch.readings),
        "n_rejections": len(batch.rejections),
    }


def _heads(con: duckdb.DuckDBPyConnection, readings: Iterable[Reading]) -> dict[str, Head]:
    ids_table(con, "batch_reports", {id_of(reading) for reading in readings})
    rows = con.execute(
        """SELECT h.report_id, h.version, h.version_id, v.text_digest, h.reading_digest, h.first_seen_at,
                  h.last_seen_at, h.captured_at, h.warc_digest, h.withdrawn_at IS NOT NULL
        FROM report_heads h JOIN report_versions v USING (version_id)
        WHERE h.report_id IN (SELECT id FROM batch_reports)"""
    ).fetchall()
    return {row[0]: Head(*row[1:]) for row in rows}


def _next_version_id(con: duckdb.DuckDBPyConnection) -> int:
    return int(con.execute("SELECT coalesce(max(version_id), 0) + 1 FROM report_versions").fetchall()[0][0])


def _write_reports(con: duckdb.DuckDBPyConnection, found: Plan) -> None:
    delete_reports(con, ("report_heads", "attachments", *DERIVED), found.ids("changed", "read_anew"))
    insert(con, "report_heads", found.heads)
    insert(con, "report_versions", found.versions)
    insert(con, "attachments", (row for reading in found.replaced for row in attachment_rows(reading)))
    insert_derived(con, (derived_rows(id_of(r), r.tagged, r.rules_version) for r in found.replaced))
    if found.versions:
        numbers, titles, texts = zip(
            *((v["version_id"], v["title"], v["text"]) for v in found.versions), strict=True
        )
        add_postings(con, postings(numbers, titles, texts))
        insert(con, "search_texts", pieces(numbers, texts))
    dedupe.add_fingerprints(con, map(_fingerprint_row, found.replaced))


def _fingerprint_row(reading: Reading) -> dedupe.FingerprintRow:
    return dedupe.FingerprintRow(
        id_of(reading), reading.report.text, np.array(reading.fingerprint, dtype=np.uint64)
    )


def delete_reports(con: duckdb.DuckDBPyConnection, tables: Iterable[str], reports: Iterable[str]) -> None:
    """Remove the rows of some reports from some tables."""
    ids_table(con, "replaced_reports", reports)
    for table in tables:
        con.execute(f"DELETE FROM {table} WHERE report_id IN (SELECT id FROM replaced_reports)")


def insert_derived(con: duckdb.DuckDBPyConnection, found: Iterable[dict[str, list[Row]]]) -> None:
    """Append the derived rows of several reports, table by table."""
    every = list(found)
    for table in DERIVED:
        insert(con, table, (row for rows in every for row in rows[table]))


def _withdraw(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Reports that a better reader no longer finds in the very bytes they came from are not reports any more.

    Where the bytes differ the site has changed its page, and what it showed before stays in the archive.
    """
    again = [(r.report.url, r.capture) for r in batch.readings] + [(c.url, c) for c, _ in batch.rejections]
    con.execute("CREATE OR REPLACE TEMP TABLE batch_bytes (url VARCHAR, digest VARCHAR, seen_at TIMESTAMP)")
    insert(
        con, "batch_bytes", ({"url": url, "digest": c.digest, "seen_at": c.fetched_at} for url, c in again)
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE withdrawn AS
        SELECT h.report_id, b.seen_at
        FROM report_heads h JOIN (SELECT url, digest, max(seen_at) AS seen_at FROM batch_bytes GROUP BY ALL) b
            ON h.url = b.url AND h.warc_digest = b.digest
        WHERE h.withdrawn_at IS NULL AND h.report_id NOT IN (SELECT id FROM batch_reports)"""
    )
    names = [name for (name,) in con.execute("SELECT report_id FROM withdrawn").fetchall()]
    if names:
        con.execute(
            """UPDATE report_heads SET withdrawn_at = w.seen_at
            FROM withdrawn w WHERE report_heads.report_id = w.report_id"""
        )
        dedupe.forget(con, names)


def _touch(con: duckdb.DuckDBPyConnection, found: Plan, captures: Iterable[Capture]) -> None:
    """Note that reports were seen again: read again as they were, or answered with `unchanged`."""
    con.execute("CREATE OR REPLACE TEMP TABLE batch_seen (report_id VARCHAR, url VARCHAR, seen_at TIMESTAMP)")
    insert(con, "batch_seen", ({"report_id": name, "seen_at": at} for name, at in found.seen.items()))
    same = (c for c in captures if c.outcome == "unchanged" and c.kind == "report")
    insert(con, "batch_seen", ({"url": c.url, "seen_at": c.fetched_at} for c in same))
    for column in ("report_id", "url"):
        con.execute(
            f"""UPDATE report_heads SET last_seen_at = greatest(last_seen_at, s.seen_at),
                   first_seen_at = least(first_seen_at, s.seen_at)
            FROM (SELECT {column}, max(seen_at) AS seen_at FROM batch_seen WHERE {column} IS NOT NULL GROUP BY ALL) s
            WHERE report_heads.{column} = s.{column}"""
        )


def _save_rejections(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """`rejections` holds the pages that are no reports today: the newest verdict of each URL."""
    ids_table(
        con, "judged_urls", {r.report.url for r in batch.readings} | {c.url for c, _ in batch.rejections}
    )
    con.execute("DELETE FROM rejections WHERE url IN (SELECT id FROM judged_urls)")
    newest = {capture.url: (capture, rejection) for capture, rejection in batch.rejections}
    insert(con, "rejections", (_rejection_row(*pair) for pair in newest.values()))


def _rejection_row(capture: Capture, rejection: Rejection) -> Row:
    return {
        "url": capture.url,
        "source": capture.source,
        "run_id": capture.run_id,
        "reason": rejection.reason,
        "detail": rejection.detail,
        "title": rejection.title or capture.list_title,
        "rejected_at": capture.fetched_at,
        "warc_file": capture.warc_file,
        "warc_offset": capture.warc_offset,
        "warc_digest": capture.digest,
    }
