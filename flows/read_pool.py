"""Reads landed pages in workers, in order, with flat memory, and survives a page that kills its reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.models import Rejection
from crawlers.source import Source
from flows.transform import Outcome, Unit, read_units
from flows.workers import WorkerDied, Workers, local

# A batch ends at this many pages or bytes, whichever comes first: large enough that a transaction is cheap, small
# enough that memory stays flat (a worker holds one page, the loader what was read of a batch).
BATCH_PAGES, BATCH_BYTES = 200, 16_000_000


def batches(units: list[Unit], most_pages: int = BATCH_PAGES) -> Iterator[tuple[int, list[Unit]]]:
    """The units in portions, each with the place of its first; a unit that is larger than a batch stands alone."""
    start = n_bytes = 0
    for place, (page, parts) in enumerate(units):
        size = page.n_bytes + sum(part.n_bytes for part in parts)
        if place > start and (place - start == most_pages or n_bytes + size > BATCH_BYTES):
            yield start, units[start:place]
            start, n_bytes = place, 0
        n_bytes += size
    if units:
        yield start, units[start:]


def read_all(
    workers: Workers, folder: Path, source: Source, chunks: dict[str, Any]
) -> Iterator[tuple[str, Outcome]]:
    """Read the chunks, in order; of a chunk that killed its reader every page by itself."""
    jobs = ((folder, source, units) for units in chunks.values())
    for key, (job, result) in zip(chunks, workers.in_order(read_units, jobs), strict=True):
        try:
            yield key, result()
        except WorkerDied:
            yield key, _read_one_by_one(*job)


def _read_one_by_one(folder: Path, source: Source, units: list[Unit]) -> Outcome:
    """Each page gets a process of its own, and the one that kills it is named."""
    readings, rejections = [], []
    for unit in units:
        with local(1) as alone:
            try:
                found = next(alone.results(read_units, [(folder, source, [unit])]))
            except WorkerDied:
                crash = Rejection(unit[0].url, "unreadable", "the reader's process was killed by this page")
                found = ([], [(unit[0], crash)])
        readings += found[0]
        rejections += found[1]
    return readings, rejections
