"""What `workreports doctor` looks at: is everything there, readable and whole, and what to do where it is not."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import landing, salvage
from archive.landing import LandingError
from archive.warehouse import WarehouseError, ask, open_writer
from archive.warehouse.doubts import of_archive
from archive.warehouse.lock import writer_lock
from archive.warehouse.whole import REPAIR, fault_of
from crawlers.source import SourceError
from flows import server
from flows.doubts import faults_of
from flows.settings import Settings

# Publishing writes a copy of the work file, and loading may grow the file by as much: with less room than for two,
# or than this for a small archive, the next run may fail.
LEAST_FREE_BYTES = 500_000_000
COPIES_IN_FLIGHT = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `message` says what was found and, where it is not fine, the next step."""

    subject: str
    is_fine: bool
    message: str


def examine(now: Settings) -> list[Finding]:
    """Look at everything; a check that itself fails is a finding."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _python,
        _disk,
        _sources,
        _published,
        _contents,
        _work_file,
        _lake,
        _landings,
        _server,
    )
    findings: list[Finding] = []
    for check in checks:
        try:
            findings += check(now)
        except (WarehouseError, LandingError, SourceError, OSError) as error:
            findings.append(Finding(check.__name__.strip("_").replace("_", " "), False, str(error)))
    return findings


def _python(now: Settings) -> Iterator[Finding]:
    yield Finding("python", sys.version_info >= (3, 11), f"{sys.version.split()[0]}; 3.11 or newer is needed")


def _disk(now: Settings) -> Iterator[Finding]:
    yield disk(now)


def disk(now: Settings) -> Finding:
    """Whether there is room for the copies that a publish makes of the work file."""
    home = now.layout()
    size = home.work_file.stat().st_size if home.work_file.exists() else 0
    free, needed = shutil.disk_usage(home.path).free, max(LEAST_FREE_BYTES, COPIES_IN_FLIGHT * size)
    advice = ""
    if free < needed:
        advice = f", but {needed / 1e9:.1f} GB are needed to publish; make room before the next run"
    return Finding("disk", not advice, f"{free / 1e9:.1f} GB free in {home.path}{advice}")


def _sources(now: Settings) -> Iterator[Finding]:
    catalogue = now.catalogue()
    active = sum(source.collect for source in catalogue.values())
    yield Finding("sources", True, f"{len(catalogue)} source files are right, {active} of them collected")


def _published(now: Settings) -> Iterator[Finding]:
    home = now.layout()
    if not home.warehouse.exists():
        yield Finding("warehouse", True, f"{home.warehouse} is not there yet; `workreports collect` makes it")
        return
    if fault := fault_of(home.warehouse.resolve()):
        yield Finding("warehouse", False, fault)
        return
    with ask(home) as archive:
        n = archive.rows("SELECT count(*) FROM reports").rows[0][0]
    yield Finding("warehouse", True, f"{home.warehouse} is whole: {n} reports")


def _contents(now: Settings) -> Iterator[Finding]:
    home = now.layout()
    if not home.warehouse.exists():
        return
    with ask(home) as archive:
        faults = list(faults_of(of_archive(archive)))
    for fault in faults:
        yield Finding("contents", False, f"{fault}; look at some, and at what was changed last")
    if not faults:
        yield Finding("contents", True, "dates agree with the lists, and no family joins what cannot be one")


def _work_file(now: Settings) -> Iterator[Finding]:
    home = now.layout()
    if home.work_file.parent.exists():
        with writer_lock(home.lock_file, wait_seconds=5):
            fault = fault_of(home.work_file)
        yield Finding("work file", fault is None, fault or "is whole, and no other writer holds it")


def _lake(now: Settings) -> Iterator[Finding]:
    home = now.layout()
    if home.lake is not None:
        with open_writer(home, wait_seconds=5):
            yield Finding("lake", True, f"{home.lake.catalog} answers, and its folder is there")


def _landings(now: Settings) -> Iterator[Finding]:
    folders = salvage.folders(now.layout().landing)
    for folder in folders:
        if landing.is_being_written(folder):
            continue
        fault = landing.fault(folder) or _unlogged(folder)
        if fault:
            yield Finding(f"landing {folder.name}", False, fault)
    yield Finding("landings", True, f"{len(folders)} run folders read to their end")


def _unlogged(folder: Path) -> str | None:
    n = sum(1 for _ in salvage.unlogged(folder))
    # A kill between the record and its line leaves one, and the page is fetched again; more is damage.
    return f"its log lacks {n} answers that its WARC files hold. {REPAIR}" if n > 1 else None


def _server(now: Settings) -> Iterator[Finding]:
    found = server.find(now.layout())
    where = f"answers at {found.url}" if found else "is not running; `workreports serve` starts it"
    yield Finding("prefect server", True, where)
