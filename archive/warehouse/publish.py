"""Readers get a checked copy of the work file behind a link, so that neither side ever waits for the other."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import duckdb

from archive.durable import rename, sync, sync_names
from archive.warehouse.errors import WarehouseError
from archive.warehouse.home import MEMORY_LIMIT, Home


def publish_copy(home: Home) -> Path:
    """Copy the closed, checkpointed work file, check the copy, make it the published one, keep the one before it.

    Raises:
        WarehouseError: the copy cannot be made or read; what was published before stays.
    """
    link = home.warehouse
    if link.exists() and not link.is_symlink():
        raise WarehouseError(
            f"{link} is a file of its own, not a published archive. Move it away, then publish again."
        )
    previous = published(home)
    target = home.snapshots / str(_next_number(home.snapshots)) / "warehouse.duckdb"
    target.parent.mkdir(parents=True)
    try:
        copy_file(home.work_file, target)
        sync_names(target.parent, home.path)
        _check(home.work_file, target)
    except WarehouseError:
        shutil.rmtree(target.parent)  # half a copy would keep a full disk full
        raise
    _point(link, target)
    _forget_all_but(home.snapshots, {target.parent, previous.parent if previous else target.parent})
    return target


def published(home: Home) -> Path | None:
    """The copy that readers open now."""
    return home.warehouse.resolve() if home.warehouse.is_symlink() else None


def _next_number(snapshots: Path) -> int:
    numbers = [int(p.name) for p in snapshots.glob("*") if p.name.isdigit()]
    return max(numbers, default=0) + 1


def copy_file(source: Path, target: Path) -> None:
    """Copy a DuckDB file onto the disk, in a child: a process that opens and closes its own DuckDB file drops the lock that DuckDB holds on it."""
    done = subprocess.run(
        ["cp", "--reflink=auto", str(source), str(target)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise WarehouseError(f"{target}: cannot copy the archive: {done.stderr.strip()}. Is the disk full?")
    sync(target)


def _check(source: Path, copy: Path) -> None:
    """Read the copy's texts to the last block: a damaged file opens, and even counts its rows, without complaint."""
    if source.stat().st_size != copy.stat().st_size:
        raise WarehouseError(f"{copy}: the copy is not whole. Is the disk full?")
    try:
        with duckdb.connect(str(copy), read_only=True, config={"memory_limit": MEMORY_LIMIT}) as con:
            con.execute("SELECT sum(strlen(text)) FROM report_versions").fetchall()
            con.execute("SELECT count(DISTINCT report_id) FROM report_heads").fetchall()
    except duckdb.Error as error:
        raise WarehouseError(f"{copy}: the copy cannot be read: {error}") from error


def _point(link: Path, target: Path) -> None:
    """Flip the link in one step; relative, so that the folder can be moved.

    The copy is on the disk before the link is, and the link is before the copy it left behind is removed: whatever
    a power cut undoes, the link points at a whole copy.
    """
    # One name, since there is one writer: what a killed publish left is taken away by the next.
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(os.path.relpath(target, link.parent))
    rename(new, link)


def _forget_all_but(snapshots: Path, kept: set[Path]) -> None:
    """Also removes the halves that a killed publish left. Readers of a removed copy keep it open until they close."""
    resolved = {path.resolve() for path in kept}
    for folder in snapshots.iterdir():
        if folder.resolve() not in resolved:
            shutil.rmtree(folder)
