"""The lake: attaches it, makes its tables, and says what it cannot do in words that hold no password."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import duckdb

from archive.warehouse.errors import LakeConflict, WarehouseError
from archive.warehouse.home import Lake
from archive.warehouse.migrate import Migration, migrate, migrations
from archive.warehouse.views import fact, quoted, set_fact

# The catalog's name in every connection of ours.
NAME = "lake"
EXTENSIONS = ("postgres_scanner", "ducklake")
# Tables that each file has of its own: what was applied to it, what it was made of.
LOCAL = ("schema_migrations", "archive_facts", "search_folding")
# The file in the data folder that says which lake's it is.
MARK = "lake.id"
# Fact -> what it says. In the lake and in each copy: which lake it is; in a copy: the snapshot it holds; in the
# lake: how many transactions wrote to it, and whether it was moved away from.
IDENTITY, SNAPSHOT, TURN, CLOSED = "lake", "lake_snapshot", "turn", "closed"


@contextmanager
def attached(con: duckdb.DuckDBPyConnection, lake: Lake) -> Iterator[None]:
    """The lake beside what the connection has open."""
    load_extensions(con)
    attach(con, lake)
    try:
        yield
    finally:
        con.execute(f"DETACH {NAME}")


def attach(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Attach the lake as `lake`. A shared folder may be mounted under another path on each machine.

    Raises:
        WarehouseError: the catalog does not answer.
    """
    options = f"DATA_PATH {quoted(str(lake.data))}, OVERRIDE_DATA_PATH true"
    with clear_errors(lake):
        con.execute(f"ATTACH {quoted(lake.catalog)} AS {NAME} ({options})")


def load_extensions(con: duckdb.DuckDBPyConnection) -> None:
    """Load what a lake needs from Python packages, so that nothing is downloaded; else what `INSTALL` has left.

    Raises:
        WarehouseError: an extension is not there.
    """
    for name in EXTENSIONS:
        _load_extension(con, name)


def _load_extension(con: duckdb.DuckDBPyConnection, name: str) -> None:
    package = find_spec(f"duckdb_extension_{name}")
    found = package.submodule_search_locations if package else None
    files = sorted(Path(found[0]).rglob(f"{name}.duckdb_extension")) if found else []
    try:
        con.execute(f"LOAD {quoted(str(files[-1]))}" if files else f"LOAD {name}")
    except duckdb.Error as error:
        raise WarehouseError(
            f"a lake needs DuckDB's extension {name}: pip install 'work-report-archive[lake]'. {error}"
        ) from error


@contextmanager
def clear_errors(lake: Lake) -> Iterator[None]:
    """What DuckDB says of the lake as an error of ours; the address holds no password (flows/settings.py)."""
    try:
        yield
    except (duckdb.ProgrammingError, duckdb.DataError):
        raise  # the SQL's fault, not the lake's
    except duckdb.Error as error:
        if "Transaction conflict" in str(error):
            raise LakeConflict(f"{lake.catalog}: another writer was first: {error}") from error
        raise WarehouseError(
            f"{lake.catalog}: this step was not stored, what was stored before is: {error} "
            f"Does PostgreSQL answer, may this user log in (PGPASSWORD), and is {lake.data} there?"
        ) from error


def is_ready(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the lake has the tables of this release, and none of a newer one."""
    sql = "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND table_name = 'archive_facts'"
    if not con.execute(sql, [NAME]).fetchall() or fact(con, IDENTITY) is None:
        return False
    (applied,) = con.execute("SELECT max(number) FROM schema_migrations").fetchall()[0]
    return bool(applied == max(m.number for m in migrations()))


def make_tables(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Bring the lake to this release's schema; one machine at a time.

    Raises:
        WarehouseError: its folder is not there.
    """
    if not lake.data.is_dir():
        raise WarehouseError(f"{lake.data}: is not there. Make the folder on what all machines mount.")
    con.execute(f"CALL {NAME}.set_option('parquet_compression', 'zstd')")
    # The lake's own snapshots hold what an earlier release left.
    migrate(con, lambda schema: None, [as_lake(migration) for migration in migrations()])
    if fact(con, IDENTITY) is None:
        identity = uuid.uuid4().hex
        (lake.data / MARK).write_text(identity, "utf-8")
        con.execute("BEGIN")
        set_fact(con, IDENTITY, identity)
        set_fact(con, TURN, "0")
        con.execute("COMMIT")


def check_folder(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Refuse a folder that is not the lake's: what is written where nothing is mounted, no other machine can read.

    Raises:
        WarehouseError: it is not.
    """
    mark = lake.data / MARK
    if not mark.is_file() or mark.read_text("utf-8") != fact(con, IDENTITY):
        raise WarehouseError(
            f"{lake.data}: is not the folder of {lake.catalog}. Is the shared folder mounted?"
        )


def as_lake(migration: Migration) -> Migration:
    """A migration in the words that DuckLake has: no compression of one column, no lists of a fixed length."""
    plain = re.sub(r" USING COMPRESSION \w+", "", migration.sql).replace("INTEGER[4][]", "INTEGER[][]")
    return replace(migration, sql=plain)


def tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The lake's tables that hold the archive."""
    sql = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main' ORDER BY table_name"
    return [name for (name,) in con.execute(sql, [NAME]).fetchall() if name not in LOCAL]


def current_snapshot(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the snapshot that this transaction reads."""
    return int(con.execute(f"SELECT id FROM ducklake_current_snapshot('{NAME}') t(id)").fetchall()[0][0])
