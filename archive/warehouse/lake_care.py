"""Keeps the lake small: merges its many small files, and forgets snapshots and files that nobody reads any more."""

from __future__ import annotations

import duckdb

from archive.warehouse.lake import NAME

# A machine that publishes less often than this makes its copy anew.
SNAPSHOTS_KEPT = "INTERVAL 30 DAY"
# A file without a snapshot may still be read by a query that began before it lost it, or be on its way in.
FILES_KEPT = "INTERVAL 1 DAY"
# Share of a file's rows that are deleted before it is written anew: reading skips them one by one.
REWRITE_FROM = 0.25


def merge_files(con: duckdb.DuckDBPyConnection) -> int:
    """Merge and clean up; nobody may be writing. The number of files removed."""
    _merge(con, REWRITE_FROM)
    con.execute(f"CALL ducklake_expire_snapshots('{NAME}', older_than => now() - {SNAPSHOTS_KEPT})")
    return _remove(con, f"older_than => now() - {FILES_KEPT}")


def forget_history(con: duckdb.DuckDBPyConnection) -> int:
    """Leave nothing but what the tables say now; nobody may be writing. The number of files removed."""
    _merge(con, 0.0)
    con.execute(f"CALL ducklake_expire_snapshots('{NAME}', older_than => now())")
    return _remove(con, "cleanup_all => true")


def _merge(con: duckdb.DuckDBPyConnection, rewrite_from: float) -> None:
    con.execute(f"CALL ducklake_flush_inlined_data('{NAME}')")
    con.execute(f"CALL ducklake_rewrite_data_files('{NAME}', delete_threshold => {rewrite_from})")
    con.execute(f"CALL ducklake_merge_adjacent_files('{NAME}')")


def _remove(con: duckdb.DuckDBPyConnection, which: str) -> int:
    steps = ("ducklake_cleanup_old_files", "ducklake_delete_orphaned_files")
    return sum(len(con.execute(f"CALL {step}('{NAME}', {which})").fetchall()) for step in steps)
