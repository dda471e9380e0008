"""Moves an archive onto a lake and back: copied in one transaction, compared by counts and digests, then given over.

Until the comparison has passed, the archive is where it was and what the move has written counts for nothing; a move
that was cut off is simply made again. The digest of a table does not depend on the order of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import duckdb

from archive.warehouse.errors import WarehouseError
from archive.warehouse.home import Home, Lake
from archive.warehouse.lake import CLOSED, IDENTITY, NAME, SNAPSHOT, attached, current_snapshot, tables
from archive.warehouse.lake_copy import bring_up, lake_id
from archive.warehouse.lake_writer import LakeWriter
from archive.warehouse.lock import writer_lock
from archive.warehouse.views import fact
from archive.warehouse.work_file import connect

# The index of the texts: each machine merges its runs in its own way.
INDEX = ("search_postings", "search_runs")

# Rows and digest of each table.
Digests = dict[str, tuple[int, int]]


def move_to_lake(home: Home, lake: Lake) -> Digests:
    """Copy the archive of `home` onto an empty lake; its work file becomes a copy of the lake.

    Raises:
        WarehouseError: the lake holds something else, or is not the same after the copy; the archive is where it was.
    """
    with _both(home, lake) as con:
        if fact(con, IDENTITY) is not None:
            raise WarehouseError(f"{home.work_file}: is a copy of a lake already; there is nothing to move.")
        if not _has_rows(con, NAME):
            _copy_all(con)
        found = _compared(con)
        con.execute(
            "INSERT INTO archive_facts VALUES (?, ?), (?, ?)",  # one statement: it gives over all or nothing
            [IDENTITY, lake_id(con), SNAPSHOT, str(current_snapshot(con))],
        )
    return found


def move_to_file(home: Home, lake: Lake) -> Digests:
    """Make the work file of `home` the archive itself, and close the lake to writers; its rows stay in it.

    Raises:
        WarehouseError: the work file holds something else, or is not the same; the archive is where it was.
    """
    with _both(home, lake) as con:
        if fact(con, IDENTITY) is not None or not _has_rows(con, "warehouse"):
            bring_up(con)
        found = _compared(con)
        con.execute("DELETE FROM archive_facts WHERE name IN (?, ?)", [IDENTITY, SNAPSHOT])
        con.execute(f"INSERT INTO {NAME}.archive_facts VALUES (?, ?)", [CLOSED, str(home.work_file)])
    return found


@contextmanager
def _both(home: Home, lake: Lake) -> Iterator[duckdb.DuckDBPyConnection]:
    """The work file with the lake attached, while nobody else writes to either."""
    with ExitStack() as held:
        held.enter_context(writer_lock(home.lock_file, 60))
        writer = LakeWriter(home, lake, 60)
        held.callback(writer.close)
        held.enter_context(writer.alone())
        con = connect(home.work_file)
        held.callback(con.close)
        held.enter_context(attached(con, lake))
        yield con


def _has_rows(con: duckdb.DuckDBPyConnection, catalog: str) -> bool:
    return bool(con.execute(f"SELECT 1 FROM {catalog}.ledger LIMIT 1").fetchall())


def _copy_all(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("BEGIN")
    try:
        for table in tables(con):
            con.execute(f"INSERT INTO {NAME}.{table} BY NAME SELECT * FROM {table}")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise


def _compared(con: duckdb.DuckDBPyConnection) -> Digests:
    here, there = {}, {}
    for table in (name for name in tables(con) if name not in INDEX):
        here[table], there[table] = _digest(con, table, table), _digest(con, f"{NAME}.{table}", table)
    differing = [table for table in here if here[table] != there[table]]
    if differing:
        raise WarehouseError(
            f"file and lake differ in {', '.join(differing)}: nothing was given over. If an earlier move was not cut off "
            "and both hold archives, give the new one an empty place."
        )
    return here


def _digest(con: duckdb.DuckDBPyConnection, place: str, table: str) -> tuple[int, int]:
    """Number of rows, and the sum of their hashes, each value as the lake's type has it."""
    sql = "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND table_name = ? ORDER BY 1"
    columns = con.execute(sql, [NAME, table]).fetchall()
    values = ", ".join(f'"{name}"::{kind}' for name, kind in columns)
    rows = con.execute(f"SELECT count(*), coalesce(sum(hash({values})::HUGEINT), 0) FROM {place}").fetchall()
    return int(rows[0][0]), int(rows[0][1])
