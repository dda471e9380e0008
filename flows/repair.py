"""`workreports doctor --repair`: makes the archive whole again from what the crawls wrote, WARC and crawl log alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archive import erasure, landing, salvage
from archive.models import Capture, FollowUp
from archive.warehouse import Home, open_writer
from archive.warehouse.lock import writer_lock
from archive.warehouse.publish import published
from archive.warehouse.whole import fault_of
from archive.warehouse.work_file import begin_anew
from crawlers.pages.follow_ups import follow_ups
from crawlers.source import Source
from flows import pipeline
from flows.forgetting import erase_pages
from flows.locks import source_lock
from flows.settings import Settings

# Reserved for names that do not exist (RFC 2606).
NOWHERE = "http://unknown.invalid/"

Say = Callable[[str], None]


def repair(now: Settings, say: Say) -> None:
    """Bring logs, work file and published copy to what the WARC files hold. Nothing is removed, damaged files are kept.

    Raises:
        SourceBusy, WriterBusy: a run is under way.
    """
    home = now.layout()
    with ExitStack() as held:
        for place in sorted(path for path in home.landing.glob("*") if path.is_dir()):
            held.enter_context(source_lock(home, place.name))
            landing.settle(place)
        _finish_removals(home)
        mended = [folder for folder in salvage.folders(home.landing) if _mend_log(now, folder, say)]
        _mend_work_file(home, say)
        with open_writer(home) as writer:
            for folder in mended:
                writer.unload(folder.name)
            writer.forget(erasure.remembered(home.landing))
        _load_what_is_missing(now, say)
        _publish(home, say)


def _finish_removals(home: Home) -> None:
    """Take out of the landings again what was removed on request: a removal may have been cut off."""
    urls = erasure.remembered(home.landing).urls
    for folder in salvage.folders(home.landing) if urls else ():
        erase_pages(folder, urls)


def _mend_log(now: Settings, folder: Path, say: Say) -> bool:
    """Add to a run's log the answers that its WARC files hold beside it; whether there were any."""
    found = [(capture, follow_ups(page)) for capture, page in salvage.unlogged(folder)]
    if not found:
        return False
    columns = set(_source(now, folder).columns)
    (folder / landing.STATS).unlink(missing_ok=True)  # the run is what its log says from now on
    salvage.append(folder, _with_kinds(found, columns))
    say(f"{folder}: {len(found)} answers are in the log again")
    return True


def _with_kinds(found: list[tuple[Capture, list[FollowUp]]], columns: set[str]) -> Iterator[Capture]:
    """What each answer is: a column is a list, what a page leads to belongs to it, all others may be reports.

    A further list page among them is read, and rejected as a menu.
    """
    parts = {part.url: (part.kind, capture.url) for capture, led_to in found for part in led_to}
    for capture, _ in found:
        if capture.url in columns:
            yield replace(capture, kind="list")
        elif capture.url in parts:
            kind, parent = parts[capture.url]
            yield replace(capture, kind=kind, parent_url=parent)
        else:
            yield capture


def _mend_work_file(home: Home, say: Say) -> None:
    """Where the work file is damaged: put the newest whole copy in its place, or none, and keep it for a person."""
    with writer_lock(home.lock_file, wait_seconds=60):
        fault = fault_of(home.work_file)
        if fault is None:
            return
        say(fault)
        if home.work_file.exists():
            aside = home.private / "damaged" / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
            shutil.copytree(home.work_file.parent, aside)
            say(f"{aside}: the damaged file is kept here; remove it when all is well")
        shutil.rmtree(home.work_file.parent, ignore_errors=True)
        copy = next((path for path in _copies(home) if fault_of(path) is None), None)
        if copy is None:
            begin_anew(home)
        else:
            home.work_file.parent.mkdir(parents=True)
            shutil.copy(copy, home.work_file)
        say(
            f"beginning with {copy}"
            if copy
            else "no published copy is whole: beginning with the landings alone"
        )


def _copies(home: Home) -> list[Path]:
    """Published copies, newest first."""
    return sorted(
        home.snapshots.glob("*/warehouse.duckdb"), key=lambda path: int(path.parent.name), reverse=True
    )


def _load_what_is_missing(now: Settings, say: Say) -> None:
    home = now.layout()
    with open_writer(home) as writer:
        loaded = writer.loaded_keys()
    waiting = [f for f in landing.run_folders(home.landing) if f"{f.name}:end" not in loaded]
    for folder in sorted(waiting, key=lambda folder: landing.crawl_run(folder).started_at):
        found = pipeline.load_run(now, _source(now, folder), folder, lambda event: None)
        say(f"{folder.name}: {len(found.new)} new, {len(found.changed)} changed, {found.n_rejected} rejected")


def _source(now: Settings, folder: Path) -> Source:
    """The source of a landing; where its file is gone, one that says nothing of its own."""
    known = now.catalogue().get(folder.parent.name)
    name = folder.parent.name
    silent = {"name": name, "title": name, "kind": "government", "columns": [NOWHERE], "at_least": 0}
    return known or Source.model_validate(silent)


def _publish(home: Home, say: Say) -> None:
    with open_writer(home) as writer:
        writer.deduplicate(())
        copy = published(home)
        if home.warehouse.is_symlink() and copy is not None and (fault := fault_of(copy)):
            say(fault)
        say(f"published {writer.publish()}")
