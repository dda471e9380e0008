"""A work file as a copy of the lake: brought up to it by what changed since, or made anew."""

from __future__ import annotations

import duckdb

from archive.warehouse.errors import WarehouseError
from archive.warehouse.home import Home
from archive.warehouse.lake import IDENTITY, NAME, SNAPSHOT, current_snapshot, tables
from archive.warehouse.views import fact, set_fact

# A table's rows are replaced by groups of one column, the first one, except here.
GROUPED_BY = {"search_postings": "version_id"}


def check_is_copy(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Refuse a work file that holds an archive of its own.

    Raises:
        WarehouseError: it does; nothing was changed.
    """
    if fact(con, IDENTITY) is None and con.execute("SELECT 1 FROM ledger LIMIT 1").fetchall():
        raise WarehouseError(
            f"{home.work_file}: is an archive of its own, which would be lost. Move it with `workreports archive move`, "
            "or give the lake's copy another folder (WORKREPORTS_HOME)."
        )


def bring_up(con: duckdb.DuckDBPyConnection) -> bool:
    """Make the open work file say what the attached lake says, in one transaction; whether it was made anew."""
    con.execute("BEGIN")
    try:
        now, identity = current_snapshot(con), lake_id(con)
        since = _held(con, identity)
        for table in tables(con):
            if since is None:
                _copy(con, table)
            elif since < now:
                _follow(con, table, since + 1, now)
        set_fact(con, IDENTITY, identity)
        set_fact(con, SNAPSHOT, str(now))
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return since is None


def lake_id(con: duckdb.DuckDBPyConnection) -> str:
    """Which lake is attached."""
    found = con.execute(f"SELECT value FROM {NAME}.archive_facts WHERE name = ?", [IDENTITY]).fetchall()
    return str(found[0][0])


def _held(con: duckdb.DuckDBPyConnection, identity: str) -> int | None:
    """The snapshot that the work file holds, if the lake still remembers what came after it."""
    held = fact(con, SNAPSHOT)
    if held is None or fact(con, IDENTITY) != identity:
        return None
    (oldest,) = con.execute(f"SELECT min(snapshot_id) FROM ducklake_snapshots('{NAME}')").fetchall()[0]
    return int(held) if oldest <= int(held) + 1 else None


def _copy(con: duckdb.DuckDBPyConnection, table: str) -> None:
    con.execute(f"DELETE FROM {table}")
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {NAME}.{table}")


def _follow(con: duckdb.DuckDBPyConnection, table: str, first: int, last: int) -> None:
    """Apply the snapshots from `first` to `last`: of groups that lost a row all rows are read anew, of others the new."""
    key = GROUPED_BY.get(table) or _first_column(con, table)
    feed = f"('{NAME}', 'main', '{table}', {first}, {last})"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE lost AS SELECT DISTINCT {key} AS id FROM ducklake_table_deletions{feed}"
    )
    if con.execute("SELECT 1 FROM lost LIMIT 1").fetchall():
        con.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT id FROM lost)")
        con.execute(
            f"INSERT INTO {table} BY NAME SELECT * FROM {NAME}.{table} WHERE {key} IN (SELECT id FROM lost)"
        )
    con.execute(
        f"INSERT INTO {table} BY NAME SELECT * FROM ducklake_table_insertions{feed} WHERE {key} NOT IN (SELECT id FROM lost)"
    )


def _first_column(con: duckdb.DuckDBPyConnection, table: str) -> str:
    sql = "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND table_name = ? AND column_index = 1"
    return str(con.execute(sql, [NAME, table]).fetchall()[0][0])
