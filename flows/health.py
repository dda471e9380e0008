"""What `workreports doctor` looks at: is everything there, readable and whole, and what to do where it is not."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive import landing
from archive.landing import LandingError
from archive.warehouse import WarehouseError, ask, open_writer
from crawlers.source import SourceError
from flows import server
from flows.settings import Settings

# Loading copies the work file into a snapshot: less than this free and a publish of a small archive may fail.
LEAST_FREE_BYTES = 500_000_000


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
        _work_file,
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
    free = shutil.disk_usage(now.layout().path).free
    enough = free >= LEAST_FREE_BYTES
    advice = "" if enough else "; make room before the next run"
    yield Finding("disk", enough, f"{free / 1e9:.1f} GB free in {now.layout().path}{advice}")


def _sources(now: Settings) -> Iterator[Finding]:
    catalogue = now.catalogue()
    active = sum(source.collect for source in catalogue.values())
    yield Finding("sources", True, f"{len(catalogue)} source files are right, {active} of them collected")


def _published(now: Settings) -> Iterator[Finding]:
    home = now.layout()
    if not home.warehouse.exists():
        yield Finding("warehouse", True, f"{home.warehouse} is not there yet; `workreports collect` makes it")
        return
    with ask(home) as archive:
        # Counting rows reads no text, so a damaged file may pass it; summing their lengths reads every block.
        found = archive.rows("SELECT count(*) AS n, sum(strlen(text)) AS n_bytes FROM reports").dicts()
        n = found[0]["n"]
    yield Finding("warehouse", True, f"{home.warehouse} is whole: {n} reports")


def _work_file(now: Settings) -> Iterator[Finding]:
    if now.layout().private.exists():
        with open_writer(now.layout(), wait_seconds=5):
            yield Finding("work file", True, "opens, and no other writer holds it")


def _landings(now: Settings) -> Iterator[Finding]:
    for folder in landing.run_folders(now.layout().landing):
        fault = landing.fault(folder)
        if fault:
            yield Finding(f"landing {folder.name}", False, fault)
    yield Finding(
        "landings", True, f"{len(landing.run_folders(now.layout().landing))} run folders read to their end"
    )


def _server(now: Settings) -> Iterator[Finding]:
    found = server.find(now.layout())
    where = f"answers at {found.url}" if found else "is not running; `workreports serve` starts it"
    yield Finding("prefect server", True, where)
