"""Removal of a report page or a source on request: landings, rows and published copies, in an order that a kill may cut."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from archive import landing, salvage
from archive.durable import sync
from archive.erasure import erase, remember
from archive.models import Forgotten
from archive.warehouse import Home, open_writer
from archive.warehouse.handed_out import still_there
from flows.locks import source_lock


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal took away."""

    n_reports: int
    n_records: int
    elsewhere: tuple[
        Path, ...
    ] = ()  # exports, backups and damaged files kept before, which are a person's to remove


def forget(home: Home, what: str) -> Removed:
    """Remove an address (http…) or a source from everywhere. Doing it twice does no harm, and finishes one cut off.

    Raises:
        SourceBusy, WriterBusy: a run is under way; try again when it has ended.
    """
    wanted = Forgotten.of([what])
    with ExitStack() as held:
        for place in sorted(path for path in home.landing.glob("*") if path.is_dir()):
            held.enter_context(source_lock(home, place.name))
            landing.settle(place)
        with open_writer(home) as writer:
            remember(home.landing, what)  # first, so that a removal that is cut off can be finished
            n_reports = writer.forget(wanted)
            n_records = _erase_source(home, what) if wanted.sources else _erase_pages(home, wanted.urls)
            shutil.rmtree(home.private / "before", ignore_errors=True)  # copies of upgrades
            writer.compact()
            writer.publish()
            writer.publish()  # the copy before this one is kept for its readers: it must not hold it either
    damaged = home.private / "damaged"
    elsewhere = [*still_there(home), *([damaged] if damaged.exists() else [])]
    return Removed(n_reports, n_records, tuple(elsewhere))


def erase_pages(folder: Path, urls: Collection[str]) -> int:
    """Take report pages with all that belongs to them out of a run's files; the number of records."""
    return erase(folder, _with_parts(folder, urls))


def _erase_pages(home: Home, urls: Collection[str]) -> int:
    return sum(erase_pages(folder, urls) for folder in salvage.folders(home.landing))


def _with_parts(folder: Path, urls: Collection[str]) -> set[str]:
    """The pages and their attachments, continuations and frames, unless another page of the run has them too."""
    captures = list(landing.captures(folder)) if (folder / landing.LOG).exists() else []
    own = {c.url for c in captures if c.parent_url in urls}
    shared = {c.url for c in captures if c.parent_url is not None and c.parent_url not in urls}
    moved = {c.final_url for c in captures if c.url in urls and c.final_url}
    return {*urls, *(own - shared), *moved}


def _erase_source(home: Home, name: str) -> int:
    place = home.landing / name
    if place.parent != home.landing or not place.is_dir():
        return 0
    n = len(list(place.glob("*/*.warc.gz")))
    for folder in place.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    sync(place)
    return n
