"""Kills the archive's work with kill -9 at chosen moments, lets it go on, and compares with a run that was never killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from archive import landing
from archive.warehouse import Home, ask
from archive.warehouse.errors import WarehouseError
from crawlers import sample_sites

# What the worker says before each kind of work (tests/crash_worker.py); a kill is aimed at one of them.
STAGES = ("migrate", "crawl", "extract", "load", "deduplicate", "publish", "tag")
# A run takes 15 s on two idle cores; after this long something waits for a person, which is a fault.
PATIENCE_SECONDS = 240
# An orphaned crawl closes its files within 15 s (crawlers/crawl.py); the rest ends at once.
SECONDS_TO_VANISH = 30

# The state of an archive as far as it may depend on what was collected, not on when: name -> query.
SAME: Mapping[str, str] = {
    "reports": "SELECT report_id, url, part, title, published_on, publisher, n_chars, version, md5(text) FROM reports",
    "versions": "SELECT report_id, version, cause, md5(text) FROM report_versions",
    "families": "SELECT report_id, canonical_id, reason FROM families",
    "duplicates": "SELECT a, b, relation, round(similarity, 6) FROM duplicates",
    "tags": "SELECT report_id, name, value, span_start FROM tags",
    "sections": "SELECT report_id, ordinal, title FROM sections",
    "indicators": "SELECT report_id, name, value, span_start FROM indicators",
    "rejections": "SELECT url, reason FROM rejections",
    "pages": "SELECT url, digest, gone_at IS NOT NULL FROM pages",
    "search": "SELECT v.report_id, count(*) FROM search_postings JOIN report_versions v USING (version_id) GROUP BY ALL",
}
# Rows that point at nothing, or stand twice: name -> query that must count 0.
BROKEN: Mapping[str, str] = {
    "captures twice": "SELECT count(*) - count(DISTINCT (run_id, url, kind, fetched_at)) FROM captures",
    "listed twice": "SELECT count(*) - count(DISTINCT (run_id, column_url, url, page_no, seen_at)) FROM listed",
    "reports twice": "SELECT count(*) - count(DISTINCT report_id) FROM report_heads",
    "heads without text": "SELECT count(*) FROM report_heads ANTI JOIN report_versions USING (version_id)",
    "tags without report": "SELECT count(*) FROM tags ANTI JOIN report_heads USING (report_id)",
    "fingerprints without text": "SELECT count(*) FROM fingerprints ANTI JOIN compared_texts USING (doc_no)",
    "reports without family": "SELECT count(*) FROM report_heads ANTI JOIN families USING (report_id)",
}


@dataclass
class Round:
    """One archive: where each kill fell, and what was wrong in the end (nothing, one hopes)."""

    kills: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Bench:
    """A place to work in, and the sites that are collected there."""

    folder: Path
    proxy: str
    sources: tuple[str, ...]

    @property
    def home(self) -> Home:
        return Home(self.folder / "home")

    @property
    def environment(self) -> dict[str, str]:
        """What makes the program work here."""
        return {
            "WORKREPORTS_HOME": str(self.home.path),
            "WORKREPORTS_SOURCES": str(sample_sites.SOURCES),
            "WORKREPORTS_PROCESSES": "1",
            "http_proxy": self.proxy,
            "https_proxy": self.proxy,
        }

    def start(self) -> subprocess.Popen[str]:
        """Start the worker; it goes on wherever the one before it was killed."""
        for each in (self.home.path, self.folder / "tmp"):
            each.mkdir(parents=True, exist_ok=True)
        with (self.folder / "worker.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.crash_worker", *self.sources],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=os.environ | self.environment | {"TMPDIR": str(self.folder / "tmp")},
                cwd=Path(__file__).parent.parent,
            )


def run_to_end(bench: Bench) -> list[tuple[str, float]]:
    """Let the worker finish; the stages it went through with their seconds.

    Raises:
        AssertionError: it failed, or waited for a person.
    """
    child = bench.start()
    assert child.stdout is not None
    moments = [(line.strip(), time.monotonic()) for line in child.stdout]
    if child.wait(PATIENCE_SECONDS) != 0:
        raise AssertionError((bench.folder / "worker.log").read_text("utf-8")[-2000:])
    following = [at for _, at in moments[1:]]
    return [(stage, after - at) for (stage, at), after in zip(moments, following, strict=False)]


def kill_at(bench: Bench, stage: str, nth: int, delay: float, *, with_children: bool) -> str | None:
    """Start the worker and kill it `delay` seconds into the nth time of a stage; where it was, None if it had ended."""
    child = bench.start()
    assert child.stdout is not None
    now = ""
    for line in child.stdout:
        now = line.strip()
        nth -= now == stage
        if nth <= 0:
            break
    time.sleep(delay)
    killed = [child.pid, *(descendants(child.pid) if with_children else [])]
    has_ended = child.poll() is not None
    for pid in killed:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    rest = child.stdout.read().split()  # what it said while we slept
    child.wait()
    child.stdout.close()
    where = (rest or [now])[-1]
    return None if has_ended or where == "end" else where


def descendants(pid: int) -> list[int]:
    """All processes below one, itself left out."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended while we looked
            after_name = stat.read_text().rpartition(")")[2].split()
            parents.setdefault(int(after_name[1]), []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def lives(pid: int) -> bool:
    """Whether a process is there, and no zombie."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def left_running(bench: Bench) -> list[str]:
    """Processes of this bench that are still there long after their work ended; they are ended now."""
    deadline = time.monotonic() + SECONDS_TO_VANISH
    while (found := _running_in(bench)) and time.monotonic() < deadline:
        time.sleep(0.2)
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return [f"process left running: {name}" for name in found.values()]


def _running_in(bench: Bench) -> dict[int, str]:
    mark = f"WORKREPORTS_HOME={bench.home.path}".encode()
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended while we looked
            if mark in (place / "environ").read_bytes():
                found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:120]
    return found


def state_of(home: Home) -> dict[str, Counter[tuple[object, ...]]]:
    """What the published archive says, to be compared with another."""
    with ask(home) as archive:
        return {name: Counter(archive.rows(sql).rows) for name, sql in SAME.items()}


def faults_of(bench: Bench, wanted: Mapping[str, Counter[tuple[object, ...]]]) -> list[str]:
    """Everything that is wrong with an archive that has come to its end."""
    return [*_differences(bench.home, wanted), *_broken(bench.home), *_torn(bench.home), *_litter(bench)]


def _differences(home: Home, wanted: Mapping[str, Counter[tuple[object, ...]]]) -> Iterator[str]:
    for name, rows in state_of(home).items():
        lost, extra = wanted[name] - rows, rows - wanted[name]
        if lost or extra:
            yield f"{name}: {lost.total()} missing, {extra.total()} too many, e.g. {next(iter(lost or extra))}"


def _broken(home: Home) -> Iterator[str]:
    with ask(home) as archive:
        for name, sql in BROKEN.items():
            if n := archive.rows(sql).rows[0][0]:
                yield f"{name}: {n}"
        known = set(archive.rows("SELECT run_id, url, kind FROM captures").rows)
    for folder in landing.run_folders(home.landing):
        logged = {(c.run_id, c.url, c.kind) for c in landing.captures(folder)}
        if logged - known:
            yield f"{folder.name}: {len(logged - known)} captures of its log were never loaded"


def _torn(home: Home) -> Iterator[str]:
    for folder in landing.run_folders(home.landing):
        if fault := landing.fault(folder):
            yield f"{folder.name}: {fault}"


def _litter(bench: Bench) -> Iterator[str]:
    home = bench.home
    for pattern in ("*.tmp", "landing/**/*.tmp", ".warehouse.duckdb.*", ".workreports/**/*.tmp"):
        yield from (f"left behind: {path.relative_to(home.path)}" for path in home.path.glob(pattern))
    yield from (f"left behind: {path}" for path in (bench.folder / "tmp").rglob("*") if path.is_file())
    begun = set(landing.run_folders(home.landing))
    yield from (
        f"run without log: {f.name}" for f in home.landing.glob("*/*") if f.is_dir() and f not in begun
    )
    if (n := len(list(home.snapshots.iterdir()))) > 2:
        yield f"{n} published copies are kept instead of two"


def still_readable(home: Home) -> list[str]:
    """Faults of the published archive right after a kill: readers must not notice it."""
    if not home.warehouse.is_symlink():
        return []
    try:
        with ask(home) as archive:
            archive.rows("SELECT sum(strlen(text)) FROM reports")
    except WarehouseError as error:
        return [f"after a kill the published archive could not be read: {error}"]
    return []


def one_round(
    bench: Bench,
    aims: list[str],
    usual: list[tuple[str, float]],
    wanted: Mapping[str, Counter[tuple[object, ...]]],
    dice: random.Random,
) -> Round:
    """Kill the work once for each aim, let it finish, and look for faults."""
    result = Round()
    for stage in aims:
        seconds = [took for name, took in usual if name == stage]
        nth = dice.randint(1, len(seconds))
        delay = dice.uniform(0, 1.1 * seconds[nth - 1])
        where = kill_at(bench, stage, nth, delay, with_children=dice.random() < 0.5)
        result.kills += [where] if where else []
        result.faults += still_readable(bench.home)
    try:
        run_to_end(bench)
        result.faults += [*faults_of(bench, wanted), *left_running(bench)]
    except (AssertionError, WarehouseError) as error:
        result.faults.append(f"the work could not be finished: {error}")
    return result
