"""Records the archive's work on a disk whose power can be cut, and says what a cut at any moment would have cost."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive import landing
from archive.warehouse import Home, ask
from archive.warehouse.whole import fault_of
from flows.forgetting import forget
from flows.repair import repair
from flows.settings import settings
from tests.crashes import Bench, faults_of, run_to_end, state_of
from tests.cut_disk import mounted, read_journal
from tests.power_cut import ROOT, Change, Choose, Entry, Op, Sync, marks, write_state

State = Mapping[str, Counter[tuple[object, ...]]]


@dataclass
class Recorded:
    """One archive's work: what was done to the disk, and what was true when somebody was told."""

    journal: list[Op] = field(default_factory=list)
    wanted: State = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    forgotten: bytes = b""  # words that must be gone once that was told


@dataclass(frozen=True)
class Told:
    """What must be there from a mark on: published reports, and captures of each closed landing."""

    n_published: int
    landed: dict[str, int]


def record(folder: Path, proxy: str, sources: tuple[str, ...]) -> Recorded:
    """Collect, load, compare, publish and tag, twice; then remove a report."""
    found = Recorded()
    with mounted(folder / "recorded") as (disk, journal):
        bench = Bench(folder, proxy, sources)
        (disk / "home").mkdir()
        _sync(disk)  # a user's folder was there long before
        (folder / "home").symlink_to(disk / "home")  # the temporary folder beside it has sockets in it
        for _ in range(2):
            _run_with_marks(bench, disk, found)
        found.wanted = state_of(bench.home)
        with ask(bench.home) as archive:
            url, text = archive.rows("SELECT url, text FROM reports ORDER BY url LIMIT 1").rows[0]
        found.forgotten = text[200:230].encode()
        _mark(bench, disk, "forgetting", found)
        forget(bench.home, url)
        _mark(bench, disk, "forgotten", found)
    found.journal = read_journal(journal)
    return found


def _run_with_marks(bench: Bench, disk: Path, found: Recorded) -> None:
    child = bench.start()
    assert child.stdout is not None
    before = ""
    for line in child.stdout:
        if before in ("crawl", "publish"):
            _mark(bench, disk, before, found)
        before = line.strip()
    if child.wait() != 0:
        raise AssertionError((bench.folder / "worker.log").read_text("utf-8")[-2000:])


def _mark(bench: Bench, disk: Path, what: str, found: Recorded) -> None:
    """Looks first, then marks: what is there when the mark is made must be there after any later cut."""
    name = f"{what}-{len(found.told)}"
    n_published = 0
    if bench.home.warehouse.is_symlink():
        with ask(bench.home) as archive:
            n_published = archive.rows("SELECT count(*) FROM reports").rows[0][0]
    closed = [f for f in landing.run_folders(bench.home.landing) if (f / landing.STATS).exists()]
    found.told[name] = Told(n_published, {f.name: sum(1 for _ in landing.captures(f)) for f in closed})
    os.mkdir(disk / name)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def nothing(changes: list[Change]) -> list[Change]:
    """Whatever was not synced is lost."""
    return []


def everything(changes: list[Change]) -> list[Change]:
    """Nothing is lost."""
    return changes


def part(dice: random.Random) -> Choose:
    """Half of what was not synced is lost, each piece for itself."""
    return lambda changes: [change for change in changes if dice.random() < 0.5]


def moments(journal: Sequence[Op], n: int, dice: random.Random) -> list[int]:
    """Where to cut: `n` moments at random, half of them beside a new name or a sync, where the order matters."""
    begun = journal.index(Sync(ROOT)) + 1
    edges = [i + after for i, op in enumerate(journal) if isinstance(op, Entry | Sync) for after in (0, 1)]
    near = dice.sample([edge for edge in edges if edge >= begun], n // 2)
    return sorted([*near, *(dice.randint(begun, len(journal)) for _ in range(n - n // 2))])


def faults_after(found: Recorded, end: int, kept: Choose, place: Path) -> list[str]:
    """What is wrong on the disk when power comes back, before anything is started."""
    shutil.rmtree(place, ignore_errors=True)
    write_state(found.journal, end, kept, place)
    home, told = Home(place / "home"), marks(found.journal, end)
    newest = found.told[told[-1]] if told[1:] else Told(0, {})
    said = f"after {end} operations ({', '.join(told[1:]) or 'nothing told'})"
    faults = [*_published(home, newest)]
    if not is_last(told, "forgetting"):  # a removal that was cut off is finished by doing it again
        faults += _landed(home, newest)
    if is_last(told, "forgotten") and found.forgotten in _bytes(home.path):
        faults.append("what was removed on request is there again")
    return [f"{said}: {fault}" for fault in faults]


def is_last(told: list[str], what: str) -> bool:
    """Whether this was the last that was told."""
    return bool(told) and told[-1].startswith(f"{what}-")


def _published(home: Home, told: Told) -> Iterator[str]:
    if not home.warehouse.is_symlink():
        if told.n_published:
            yield "the published archive is gone"
        return
    if fault := fault_of(home.warehouse.resolve()):
        yield f"published: {fault}"
        return
    with ask(home) as archive:
        n = archive.rows("SELECT count(*) FROM reports").rows[0][0]
    if n < told.n_published - 1:  # one may have been removed on request since
        yield f"readers see {n} reports, {told.n_published} had been published"


def _landed(home: Home, told: Told) -> Iterator[str]:
    folders = {folder.name: folder for folder in landing.run_folders(home.landing)}
    for name, folder in folders.items():
        is_closed = (folder / landing.STATS).exists()
        if is_closed and (fault := landing.fault(folder)):
            yield f"{name}: {fault}"
    for name, n in told.landed.items():
        if name not in folders or not (folders[name] / landing.STATS).exists():
            yield f"{name}: a crawl that had ended is gone"
        elif sum(1 for _ in landing.captures(folders[name])) < n:
            yield f"{name}: captures of a crawl that had ended are gone"


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def restart(bench: Bench, wanted: State) -> tuple[list[str], bool]:
    """Start the work again on such a disk: what is wrong at its end, and whether `doctor --repair` had to be asked first."""
    try:
        run_to_end(bench)
    except AssertionError as error:
        if "doctor --repair" not in str(error):
            return [f"the work could not be finished: {error}"], False
        with pytest.MonkeyPatch.context() as patch:
            for name, value in bench.environment.items():
                patch.setenv(name, value)
            repair(settings(), lambda line: None)
        run_to_end(bench)
        return [fault for fault in faults_of(bench, wanted) if "damaged" not in fault], True
    return faults_of(bench, wanted), False
