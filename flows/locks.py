"""One run per source at a time, held by the operating system, so that a killed run leaves no stale lock."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from archive.warehouse import Home


class SourceBusy(RuntimeError):
    """Another run of this source is under way."""


@contextmanager
def source_lock(home: Home, source: str) -> Iterator[None]:
    """Hold the source for as long as the block runs.

    Raises:
        SourceBusy: another process holds it.
    """
    folder = home.landing / source
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SourceBusy(f"{source}: skipped, since another run of it is under way") from None
        yield
