"""Makes what was written survive a power cut: a file by its own sync, its name by that of the folder (POSIX, fsync)."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Put on the disk what a file holds, or which names a folder holds."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_names(folder: Path, top: Path) -> None:
    """Put on the disk the names in a folder, and its own name in each folder above it up to `top`."""
    for place in (folder, *folder.parents):
        sync(place)
        if place == top:
            return


def write_whole(path: Path, data: bytes) -> None:
    """Write so that after a crash the file is as before or complete: sync, rename, sync the folder."""
    draft = path.with_suffix(".tmp")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    rename(draft, path)


def rename(draft: Path, path: Path) -> None:
    """Put a file that is on the disk in the place of another; both lie in one folder."""
    draft.replace(path)
    sync(path.parent)
