"""Backup and restore of a whole archive, verified file by file with SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.durable import sync_names, write_whole
from archive.warehouse.errors import WarehouseError
from archive.warehouse.handed_out import note
from archive.warehouse.home import Home
from archive.warehouse.lock import writer_lock
from archive.warehouse.whole import fault_of

# The names in a backup folder. The manifest is written last: a folder without one is no backup.
MANIFEST, WORK_FILE, LANDING = "manifest.json", "warehouse.duckdb", "landing"
# Read so much at a time: a WARC file has up to 256 MB.
PIECE = 1 << 20
# What a run leaves beside its WARC files and log that a restored archive does not need.
LEFT_OUT = (".lock", "crawl.lock", "known.jsonl", "stats.tmp")


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds."""

    path: Path
    n_files: int
    n_bytes: int


def backup(home: Home, target: Path) -> Saved:
    """Copy warehouse and landings into a new folder while nobody loads, and check every byte of the copy.

    A crawl may go on meanwhile; what it writes later is not in the backup.

    Raises:
        WarehouseError: the folder is not empty, or the warehouse is damaged or cannot be copied.
        WriterBusy: the archive is being loaded.
    """
    if home.lake is not None:
        raise WarehouseError(
            f"{home.lake.catalog}: the archive is on a lake. Back up its data base with pg_dump, then {home.lake.data} and "
            f"{home.landing}."
        )
    if target.exists() and any(target.iterdir()):
        raise WarehouseError(f"{target}: is not empty. Name a new folder for the backup.")
    target.mkdir(parents=True, exist_ok=True)
    with writer_lock(home.lock_file, wait_seconds=600):
        if fault := fault_of(home.work_file):
            raise WarehouseError(fault)
        files = {WORK_FILE: _copy(home.work_file, target / WORK_FILE)}
        log = home.work_file.with_name(f"{home.work_file.name}.wal")
        if log.exists():
            files[f"{WORK_FILE}.wal"] = _copy(log, target / f"{WORK_FILE}.wal")
        for path in _landed(home.landing):
            name = f"{LANDING}/{path.relative_to(home.landing)}"
            files[name] = _copy(path, target / name)
            sync_names((target / name).parent, target)
    made = {"made_at": datetime.now(UTC).isoformat(), "files": files}
    write_whole(target / MANIFEST, json.dumps(made, indent=1, ensure_ascii=False).encode())
    note(home, target)
    return verify(target)


def verify(source: Path) -> Saved:
    """Read a backup to its last byte.

    Raises:
        WarehouseError: it has no manifest, or a file is missing or not as it was saved.
    """
    files = _manifest(source)
    for name, digest in files.items():
        path = source / name
        if not path.is_file():
            raise WarehouseError(f"{path}: is missing from the backup.")
        if _digest(path) != digest:
            raise WarehouseError(f"{path}: is not as it was saved.")
    return Saved(source, len(files), sum((source / name).stat().st_size for name in files))


def restore(source: Path, home: Home) -> Saved:
    """Make an archive from a backup, in a folder that holds none. It is to be published afterwards.

    Raises:
        WarehouseError: the backup is damaged, or there is an archive already; nothing was changed.
    """
    saved = verify(source)
    for place in (home.work_file, home.landing, home.warehouse):
        if place.exists() or place.is_symlink():
            raise WarehouseError(f"{place}: there is an archive here. Move it away, or set WORKREPORTS_HOME.")
    with writer_lock(home.lock_file, wait_seconds=5):
        for name, digest in _manifest(source).items():
            if _copy(source / name, _place(home, name)) != digest:
                raise WarehouseError(f"{_place(home, name)}: was not written as saved. Is the disk full?")
            sync_names(_place(home, name).parent, home.path)
    return saved


def _place(home: Home, name: str) -> Path:
    """Where a file of a backup belongs; a manifest cannot name one outside the archive."""
    if name.startswith(WORK_FILE):
        return home.work_file.with_name(Path(name).name)
    place = home.path / name
    if not place.resolve().is_relative_to(home.landing.resolve()):
        raise WarehouseError(f"{name}: the backup names a file outside the archive.")
    return place


def _manifest(source: Path) -> dict[str, str]:
    try:
        return dict(json.loads((source / MANIFEST).read_text("utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WarehouseError(f"{source}: is no complete backup; {MANIFEST} cannot be read.") from error


def _landed(landing: Path) -> Iterator[Path]:
    return (p for p in sorted(landing.rglob("*")) if p.is_file() and p.name not in LEFT_OUT)


def _copy(source: Path, target: Path) -> str:
    """Copy a file onto the disk; the digest of what was read. A log that grows meanwhile is copied as far as it was."""
    target.parent.mkdir(parents=True, exist_ok=True)
    left, digest = source.stat().st_size, hashlib.sha256()
    with source.open("rb") as file, target.open("wb") as copy:
        while piece := file.read(min(PIECE, left)):
            copy.write(piece)
            digest.update(piece)
            left -= len(piece)
        copy.flush()
        os.fsync(copy.fileno())
    shutil.copystat(source, target)
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
