"""The work file: made, opened, brought to this release's schema. What is in it is the writer's affair."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import duckdb

from archive.durable import rename, sync_names
from archive.warehouse.errors import WarehouseError
from archive.warehouse.home import MEMORY_LIMIT, Home
from archive.warehouse.migrate import migrate
from archive.warehouse.publish import copy_file
from archive.warehouse.views import refresh_views
from archive.warehouse.whole import REPAIR

# Read by every DuckDB from 1.5 on; the default of 2.0 could be read by 2.0 only.
STORAGE_VERSION = "v1.5.0"

# DuckDB's refusal of a write-ahead log that is older than the file, which then holds all of it. A power cut soon after a
# checkpoint leaves both: the file was synced, the removal of the log was not.
STALE_LOG = re.compile(r"File checkpoint iteration: (\d+), WAL checkpoint iteration: (\d+)")


def begin_anew(home: Home) -> None:
    """Make an empty work file although there is a published archive: for whoever fills it from the landings.

    The caller holds the writer's lock.
    """
    connect(home.work_file).close()


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a work file, made or brought to this release's schema where needed; the caller holds the writer's lock.

    Raises:
        NewerArchive: the archive was written by a newer release.
        WarehouseError: the file cannot be opened or brought to this release's schema.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    # What a killed loader had spilled to disk; nobody else writes here while we hold the lock.
    shutil.rmtree(path.with_name(f"{path.name}.tmp"), ignore_errors=True)
    try:
        con = _open(path)
    except duckdb.Error as error:
        raise WarehouseError(f"{path}: the work file cannot be opened: {error} {REPAIR}") from error
    try:
        migrate(con, lambda schema: _keep_copy(con, path, schema))
        refresh_views(con)
        if is_new:
            sync_names(path.parent, path.parents[2])
    except duckdb.Error as error:
        con.close()
        raise WarehouseError(f"{path}: the work file cannot be read: {error} {REPAIR}") from error
    except BaseException:
        con.close()
        raise
    return con


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    config: dict[str, Any] = {"storage_compatibility_version": STORAGE_VERSION, "memory_limit": MEMORY_LIMIT}
    try:
        return duckdb.connect(str(path), config=config)
    except duckdb.IOException as error:
        found = STALE_LOG.search(str(error))
        if found is None or int(found[2]) >= int(found[1]):
            raise
        path.with_name(f"{path.name}.wal").unlink()
        return duckdb.connect(str(path), config=config)


def _keep_copy(con: duckdb.DuckDBPyConnection, path: Path, schema: int) -> None:
    """Copy the work file as an earlier release left it to `before/schema_NNN.duckdb`, in the place of any older copy."""
    con.execute("CHECKPOINT")  # all of it is in the file now, and nothing is written until the copy is made
    folder = path.parents[1] / "before"
    folder.mkdir(exist_ok=True)
    copy = folder / f"schema_{schema:03d}.duckdb"
    copy_file(path, copy.with_suffix(".tmp"))
    rename(copy.with_suffix(".tmp"), copy)
    for older in folder.glob("*.duckdb"):
        if older != copy:
            older.unlink()
