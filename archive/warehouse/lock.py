"""One writer at a time, across processes, whatever happens to the one that holds the lock."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from archive.warehouse.errors import WriterBusy

log = logging.getLogger(__name__)

# Loads take seconds: asking five times a second costs nothing and adds at most 0.2 s to a wait.
POLL_SECONDS = 0.2


@contextmanager
def writer_lock(path: Path, wait_seconds: float) -> Iterator[None]:
    """Hold the lock file at `path`, waiting up to `wait_seconds` for whoever has it.

    The kernel drops a flock with the process that held it, so a killed writer leaves nothing to clean up.

    Raises:
        WriterBusy: another writer did not end in time; the message names it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        _wait_for(file.fileno(), path, wait_seconds)
        file.truncate(0)
        file.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        file.flush()
        yield


def _wait_for(descriptor: int, path: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    has_said_so = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = path.read_text("utf-8") or "another process"
        if time.monotonic() >= deadline:
            raise WriterBusy(
                f"{path}: the archive is being loaded by {holder}; waited {wait_seconds:.0f} s. "
                "Try again when that process has ended."
            )
        if not has_said_so:
            log.info("waiting for %s to finish loading", holder)
            has_said_so = True
        time.sleep(POLL_SECONDS)
