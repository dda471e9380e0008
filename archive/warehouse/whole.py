"""Is a DuckDB file whole? Answered by reading every block of it, since a damaged file opens and counts its rows gladly."""

from __future__ import annotations

from pathlib import Path

import duckdb

from archive.warehouse.views import quoted

REPAIR = "`workreports doctor --repair` rebuilds it from what was fetched."


def fault_of(path: Path) -> str | None:
    """What is wrong with a closed file of ours, for a person; None where every value of every table can be read."""
    if not path.exists():
        return f"{path}: is missing. {REPAIR}"
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            for name in _tables(con):
                con.execute(f"SELECT bit_xor(hash(t)) FROM query_table({quoted(name)}) t").fetchall()
            con.execute("SELECT count(*) FROM schema_migrations").fetchall()
    except duckdb.Error as error:
        return f"{path}: is damaged: {_first_line(error)}. {REPAIR}"
    return None


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    sql = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' AND NOT temporary"
    return [name for (name,) in con.execute(sql).fetchall()]


def _first_line(error: duckdb.Error) -> str:
    return str(error).partition("\n")[0][:300]
