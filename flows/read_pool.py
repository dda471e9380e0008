"""Reads landed pages in worker processes, in order, with flat memory, and survives a page that kills its reader."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from archive.models import Rejection
from crawlers.source import Source
from flows.transform import Outcome, read_units


def read_all(
    processes: int, folder: Path, source: Source, chunks: dict[str, Any]
) -> Iterator[tuple[str, Outcome]]:
    """Read the chunks in worker processes, in order, at most two a process in flight so that memory stays flat."""
    if not chunks:
        return
    waiting = list(chunks.items())
    with _pool(min(processes, len(chunks))) as pool:
        window = 2 * processes
        flying = [(key, pool.submit(read_units, folder, source, units)) for key, units in waiting[:window]]
        rest = iter(waiting[window:])
        while flying:
            key, future = flying.pop(0)
            try:
                yield key, future.result()
            except BrokenProcessPool:
                yield key, _read_one_by_one(folder, source, chunks[key])
                yield from _after_break(
                    folder, source, [*(k for k, _ in flying), *(k for k, _ in rest)], chunks
                )
                return
            for key, units in rest:
                flying.append((key, pool.submit(read_units, folder, source, units)))
                break


def _after_break(
    folder: Path, source: Source, keys: Iterable[str], chunks: dict[str, Any]
) -> Iterator[tuple[str, Outcome]]:
    for key in keys:
        yield key, _read_one_by_one(folder, source, chunks[key])


def _read_one_by_one(folder: Path, source: Source, units: Any) -> Outcome:
    """A page killed its reader: give each page a process of its own, and name the one that does it."""
    readings, rejections = [], []
    for unit in units:
        with _pool(1) as pool:
            try:
                found = pool.submit(read_units, folder, source, [unit]).result()
            except BrokenProcessPool:
                crash = Rejection(unit[0].url, "unreadable", "the reader's process was killed by this page")
                found = ([], [(unit[0], crash)])
        readings += found[0]
        rejections += found[1]
    return readings, rejections


def _pool(workers: int) -> ProcessPoolExecutor:
    # A fork of a process with threads (Prefect's) may hang; the fork server has none and imports the reader once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["flows.transform"])
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """End this worker when the process that it reads for is gone; it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True, name="end with parent").start()
