"""Removal on request: every row of a report page or of a source goes, and what went is remembered by its address alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from archive.durable import rename, sync
from archive.models import Forgotten
from archive.warehouse import dedupe
from archive.warehouse.bulk import ids_table, insert
from archive.warehouse.views import quoted

# A table's rows go where one of these columns names what is removed; temporary table -> column.
BY_COLUMN = {
    "gone_reports": ("report_id",),
    "gone_versions": ("version_id",),
    "gone_urls": ("url", "parent_url"),
    "gone_sources": ("source",),
}


def forgotten(con: duckdb.DuckDBPyConnection) -> Forgotten:
    """All that was ever removed on request."""
    rows = con.execute("SELECT what, is_source FROM forgotten").fetchall()
    return Forgotten(
        frozenset(what for what, is_source in rows if not is_source),
        frozenset(what for what, is_source in rows if is_source),
    )


def forget_rows(con: duckdb.DuckDBPyConnection, wanted: Forgotten) -> int:
    """Remove and remember; the number of reports that went. The caller commits."""
    ids_table(con, "gone_urls", wanted.urls)
    ids_table(con, "gone_sources", wanted.sources)
    con.execute(
        """CREATE OR REPLACE TEMP TABLE gone_reports AS
        SELECT report_id AS id FROM report_heads WHERE url IN (FROM gone_urls) OR source IN (FROM gone_sources)"""
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE gone_versions AS
        SELECT version_id AS id FROM report_versions WHERE report_id IN (FROM gone_reports)"""
    )
    names = [name for (name,) in con.execute("FROM gone_reports").fetchall()]
    dedupe.forget(con, names)
    for table, columns in _tables(con).items():
        for gone, named in BY_COLUMN.items():
            for column in columns & set(named):
                con.execute(f"DELETE FROM {table} WHERE {column} IN (FROM {gone})")
    con.execute("DELETE FROM sources WHERE name IN (FROM gone_sources)")
    _remember(con, wanted)
    return len(names)


def _tables(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    sql = "SELECT table_name, column_name FROM duckdb_columns() JOIN duckdb_tables() USING (table_name, schema_name)"
    found: dict[str, set[str]] = {}
    for table, column in con.execute(f"{sql} WHERE schema_name = 'main' AND NOT temporary").fetchall():
        found.setdefault(table, set()).add(column)
    return found


def _remember(con: duckdb.DuckDBPyConnection, wanted: Forgotten) -> None:
    before = forgotten(con)
    insert(con, "forgotten", _rows(wanted.urls - before.urls, is_source=False))
    insert(con, "forgotten", _rows(wanted.sources - before.sources, is_source=True))


def _rows(names: Iterable[str], *, is_source: bool) -> Iterable[dict[str, object]]:
    now = datetime.now(UTC)
    return ({"what": name, "is_source": is_source, "forgotten_at": now} for name in sorted(names))


def write_anew(path: Path, storage_version: str) -> None:
    """Copy what a closed file says into a new one that takes its place: deleted rows stay in a file's bytes otherwise."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with duckdb.connect() as con:
        con.execute(f"ATTACH {quoted(str(path))} AS old")
        con.execute(f"ATTACH {quoted(str(draft))} AS new (STORAGE_VERSION {quoted(storage_version)})")
        con.execute("COPY FROM DATABASE old TO new")
    sync(draft)
    rename(draft, path)
