"""Work spread over processes or a Dask cluster: the rows of one process, flat memory, and only what must be done."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
from prefect.logging import disable_run_logger

from archive import landing, tagging
from archive.models import Capture, Report
from archive.tags import rules, written_by
from archive.warehouse import Home
from flows import pipeline, transform
from flows.read_pool import BATCH_BYTES, batches
from flows.reextract import reextract
from flows.retagging import retag_all
from flows.settings import Settings, SettingsError, settings
from flows.workers import WorkerDied, local
from tests import archives
from tests.benchmarks import sample_pages
from tests.crashes import lives

N_PAGES = 60


@pytest.fixture
def now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WORKREPORTS_HOME", str(tmp_path / "home"))
    return settings()


def square(number: int) -> int:
    return number * number


def die_at(number: int, fatal: int) -> int:
    if number == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_results_come_in_order_and_jobs_are_asked_for_only_when_there_is_room() -> None:
    asked: list[int] = []

    def jobs() -> Iterator[tuple[int]]:
        for number in range(20):
            asked.append(number)
            yield (number,)

    with local(2) as pool:
        coming = pool.results(square, jobs())
        assert next(coming) == 0
        time.sleep(0.3)
        assert len(asked) <= 2 * pool.n + 1
        assert list(coming) == [number * number for number in range(1, 20)]


def test_a_killed_worker_costs_the_batches_under_way_and_no_other() -> None:
    with local(1) as pool:
        outcomes = []
        for (number, _), result in pool.in_order(die_at, ((number, 3) for number in range(12))):
            try:
                outcomes.append(result())
            except WorkerDied:
                outcomes.append(-number)
    assert -3 in outcomes
    assert outcomes[-4:] == [8, 9, 10, 11]


def test_workers_end_with_the_process_that_they_work_for() -> None:
    code = "import os, time; from flows.workers import local\n"
    code += "with local(1) as pool: print(next(pool.results(os.getpid, [()])), flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert lives(worker)
        parent.kill()
    deadline = time.monotonic() + 30
    while lives(worker):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_rule_that_fails_on_a_text_costs_that_page_and_names_it(
    now: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = transform.tag_report

    def fails_once(report: Report) -> tagging.Tagged:
        if report.url == bad.url:
            raise ZeroDivisionError("no figure is like that")
        return real(report)

    folder = landed(now)
    bad = [one for one in landing.captures(folder) if one.kind == "report"][3]
    monkeypatch.setattr(transform, "tag_report", fails_once)
    found = pipeline.load_run(now, sample_pages.SOURCE, folder, lambda event: None, pool=archives.here())
    assert (len(found.new), found.n_rejected) == (N_PAGES - 1, 1)
    with duckdb.connect(str(now.layout().work_file), read_only=True) as con:
        rows = con.execute("SELECT url, reason, detail FROM rejections").fetchall()
    assert rows == [(bad.url, "unreadable", "tags: ZeroDivisionError: no figure is like that")]


def test_a_batch_ends_by_pages_or_by_bytes() -> None:
    def unit(n_bytes: int) -> transform.Unit:
        page = Capture("r", "s", "http://a/", "report", 200, "ok", archives.NOON, n_bytes=n_bytes)
        return page, (page,)

    small, large = [unit(10)] * 450, [unit(BATCH_BYTES)] * 2
    assert [(start, len(found)) for start, found in batches(small)] == [(0, 200), (200, 200), (400, 50)]
    assert [(start, len(found)) for start, found in batches(large + small[:3])] == [(0, 1), (1, 1), (2, 3)]
    assert list(batches([])) == []


def test_every_tag_is_written_by_the_rule_that_is_said_to_write_it() -> None:
    reports = [reading.report for reading in archives.collected().readings]
    for name, rule in rules().items():
        assert {tag.name for report in reports for tag in rule(report)} <= {*written_by(name)}, name


def test_only_the_rule_with_a_newer_version_runs_again(
    now: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = archives.small_archive(now.home)
    calls: list[frozenset[str]] = []
    real = transform.tag_outdated
    newer = tagging.version_word("t1", {"sector": "2"})
    monkeypatch.setattr(
        "flows.retagging.tag_outdated", lambda found, wanted: (calls.append(wanted), real(found, wanted))[1]
    )
    here = archives.here()
    assert sum(retag_all(home, here, newer)) == 10
    assert calls == [frozenset({"sector"})]
    assert list(retag_all(home, here, newer)) == [], "nothing is outdated any more"


# ---------------------------------------------------------------- the same rows, whatever did the work


def landed(now: Settings) -> Path:
    folder = now.layout().landing / sample_pages.SOURCE.name / "samples-20260101T000000000Z"
    sample_pages.land(folder, N_PAGES)
    return folder


def sources_file(folder: Path) -> Path:
    """The folder, with a file for the source of the landed pages."""
    (folder / "samples.toml").write_text(
        'title = "样本"\nkind = "government"\ncolumns = ["http://samples.example/"]\nat_least = 0\n', "utf-8"
    )
    return folder


def rows_digest(home: Home) -> dict[str, str]:
    """A digest of each table that the work writes, times left out."""
    with duckdb.connect(str(home.work_file), read_only=True) as con:
        tables = ("report_heads", "report_versions", "tags", "sections", "indicators", "citations")
        tables += ("fingerprints", "duplicates", "families", "search_postings")
        rows = {table: con.execute(f"FROM {table}").fetchall() for table in tables}
    return {
        table: hashlib.sha256(repr(sorted(map(repr, found))).encode()).hexdigest()
        for table, found in rows.items()
    }


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("prefect_dask"), reason="the extra [dask] is not installed")
def test_dask_writes_the_rows_that_processes_write(now: Settings, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    landed(now)
    shutil.copytree(now.layout().landing, other.landing)
    done = subprocess.run(
        [sys.executable, "-m", "tests.dask_run", str(now.home), str(other.path)],
        env={**os.environ, "WORKREPORTS_SOURCES": str(sources_file(tmp_path)), "WORKREPORTS_PROCESSES": "2"},
        capture_output=True, text=True, check=False, timeout=250,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert [line for line in lines if f"{N_PAGES} reports" in line] == lines, done.stdout + done.stderr
    assert len(lines) == 6
    assert rows_digest(other) == rows_digest(now.layout())


def test_a_landing_that_is_being_written_is_left_to_its_own_run(
    now: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKREPORTS_SOURCES", str(sources_file(tmp_path)))
    folder = landed(now)
    with disable_run_logger():
        with landing.landing_lock(folder):
            assert reextract.fn().message == "0 landings read, 0 reports new or changed"
        assert reextract.fn().message == f"1 landings read, {N_PAGES} reports new or changed"


def test_a_runner_that_is_not_known_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKREPORTS_RUNNER", "spark")
    with pytest.raises(SettingsError, match="runner"):
        settings()


def test_a_landing_that_this_extractor_has_read_is_not_read_again(
    now: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = landed(now)
    here = archives.here()
    first = pipeline.load_run(now, sample_pages.SOURCE, folder, lambda event: None, pool=here)
    assert len(first.new) == N_PAGES
    monkeypatch.setattr(landing, "read_page", lambda *_: pytest.fail("a page was read again"))
    again = pipeline.load_run(now, sample_pages.SOURCE, folder, lambda event: None, pool=here)
    assert (again.n_read, again.new, again.changed) == (0, (), ())
