"""The whole way on the sample sites: from list pages to published rows, without Prefect."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import landing
from archive.warehouse import ask, open_writer
from crawlers import sample_sites
from flows import pipeline
from flows.alarms import causes
from flows.settings import Settings, settings
from tests.crashes import descendants

pytestmark = pytest.mark.slow


@pytest.fixture
def now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WORKREPORTS_HOME", str(tmp_path))
    monkeypatch.setenv("WORKREPORTS_SOURCES", str(sample_sites.SOURCES))
    return settings()


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> Iterator[sample_sites.Running]:
    with sample_sites.serve() as running:
        monkeypatch.setenv("http_proxy", running.proxy)
        monkeypatch.setenv("https_proxy", running.proxy)
        yield running


def collect(now: Settings, name: str, **changes: Any) -> pipeline.Collected:
    source = now.source(name).model_copy(update=changes)
    job = pipeline.prepare(now, source, pipeline.Request())
    pipeline.crawl(job, lambda event: None)
    collected = pipeline.load_run(now, source, job.folder, lambda event: None)
    with open_writer(now.layout()) as writer:
        writer.deduplicate([*collected.new, *collected.changed])
        writer.publish()
    return collected


def column(now: Settings, sql: str) -> list[Any]:
    with ask(now.layout()) as archive:
        return [row[0] for row in archive.rows(sql).rows]


def test_every_site_is_archived_once_and_copies_are_told_from_originals(
    now: Settings, sites: sample_sites.Running
) -> None:
    wanted = sample_sites.expected(sites.sites)
    for name, n_reports in wanted.n_reports.items():
        collected = collect(now, name)
        assert collected.run.state == "done", collected.run.message
        assert (name, len(collected.new)) == (name, n_reports)
    urls = set(column(now, "SELECT url FROM reports"))
    for refused in wanted.not_reports.values():
        assert not urls & set(refused)
    with ask(now.layout()) as archive:
        copies = dict(archive.rows("SELECT copy_url, original_url FROM redated").rows)
    assert copies == dict(wanted.copies)
    assert set(column(now, "SELECT url FROM reports_wide WHERE is_truncated")) == set(wanted.previews)
    for url in wanted.only_attached:
        assert column(now, f"SELECT n_chars > 1000 FROM reports WHERE url = '{url}'") == [True]

    asked = sites.counts.by_kind["article"]
    for name in wanted.n_reports:
        again = collect(now, name)
        assert (name, again.new, again.changed) == (name, (), ())
    assert sites.counts.by_kind["article"] == asked, "a second run must fetch list pages only"


def test_an_empty_column_is_red_and_loses_nothing(now: Settings, sites: sample_sites.Running) -> None:
    first = collect(now, "sample_qingshihe")
    sites.site("sample_qingshihe").entries.clear()
    second = collect(now, "sample_qingshihe")
    assert second.run.state == "red"
    assert "sample_qingshihe.toml" in second.run.message
    assert "workreports sources check sample_qingshihe" in second.run.message
    assert column(now, "SELECT count(*) FROM reports") == [len(first.new)]


def test_a_source_below_its_promise_is_red_and_says_what_to_do(
    now: Settings, sites: sample_sites.Running
) -> None:
    collected = collect(now, "sample_wendangge", at_least=500)
    assert collected.run.state == "red"
    for words in ("at_least = 500", "sample_wendangge.toml", "sources check"):
        assert words in collected.run.message
    assert collected.new


def test_a_killed_run_is_finished_by_the_next_and_nothing_comes_twice(
    now: Settings, sites: sample_sites.Running, tmp_path: Path
) -> None:
    script = (
        "from flows import pipeline; from flows.settings import settings; import sys\n"
        "now = settings(); source = now.source('sample_yunhe_wjw')\n"
        "job = pipeline.prepare(now, source, pipeline.Request())\n"
        "pipeline.crawl(job, lambda event: print(event, flush=True))\n"
    )
    slow = now.source("sample_yunhe_wjw").model_copy(update={"delay": 0.2})
    (tmp_path / "sources").mkdir()
    body = {k: v for k, v in slow.model_dump(mode="json", exclude_none=True).items() if k != "name"}
    toml = "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in body.items())
    (tmp_path / "sources" / "sample_yunhe_wjw.toml").write_text(toml, "utf-8")
    environment = {**os.environ, "WORKREPORTS_SOURCES": str(tmp_path / "sources")}
    child = subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True
    )
    folder = wait_for_articles(now, child)
    child.send_signal(signal.SIGKILL)
    child.wait()
    wait_until_quiet(folder)
    fetched = {c.url for c in landing.captures(folder) if c.kind == "report"}
    assert 0 < len(fetched) < 21

    home = now.layout()
    assert pipeline.unfinished(home, "sample_yunhe_wjw") == [folder]
    rescued = pipeline.load_run(now, slow, folder, lambda event: None)
    assert rescued.run.state in ("crashed", "red")
    assert rescued.run.state == "red" or "the next run takes up the rest" in rescued.run.message
    assert len(rescued.new) == len(fetched)
    rest = collect(now, "sample_yunhe_wjw")
    assert (
        len(rescued.new) + len(rest.new) == sample_sites.expected(sites.sites).n_reports["sample_yunhe_wjw"]
    )
    assert column(now, "SELECT count(*) - count(DISTINCT url) FROM reports") == [0]
    assert pipeline.unfinished(home, "sample_yunhe_wjw") == []


def test_a_crawl_whose_process_is_killed_is_told_and_what_it_had_fetched_is_archived(
    now: Settings, sites: sample_sites.Running
) -> None:
    source = now.source("sample_yunhe_wjw").model_copy(update={"delay": 0.2})
    job = pipeline.prepare(now, source, pipeline.Request())

    def kill_in_the_middle(event: pipeline.Event) -> None:
        if sum(c.kind == "report" for c in landing.captures(job.folder)) >= 3:
            for pid in descendants(os.getpid()):
                if b"crawlers.crawl" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)

    run = pipeline.crawl(job, kill_in_the_middle)
    fetched = {c.url for c in landing.captures(job.folder) if c.kind == "report"}
    assert 0 < len(fetched) < 21
    found = pipeline.load_run(now, source, job.folder, lambda event: None)
    assert (run.state, found.is_red, len(found.new)) == ("crashed", True, len(fetched))
    (cause,) = causes(source, found.run, ())
    assert cause.name == "crashed"
    assert "the next run takes up the rest" in cause.message


def wait_for_articles(now: Settings, child: subprocess.Popen[str]) -> Path:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None:
        for folder in landing.run_folders(now.layout().landing):
            if sum(c.kind == "report" for c in landing.captures(folder)) >= 3:
                return folder
        time.sleep(0.1)
    raise AssertionError("the crawl fetched nothing")


def wait_until_quiet(folder: Path) -> None:
    """The crawl's child notices within seconds that its parent is gone, and closes its files."""
    size = -1
    while size != (size := (folder / "crawl.jsonl").stat().st_size):
        time.sleep(2)


def test_old_landings_are_read_again_only_by_a_new_extractor(
    now: Settings, sites: sample_sites.Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = now.source("sample_biganzi")
    first = collect(now, "sample_biganzi")
    folder = landing.run_folders(now.layout().landing)[0]
    again = pipeline.load_run(now, source, folder, lambda event: None)
    assert again.n_read == 0
    monkeypatch.setattr(pipeline, "VERSION", "another")
    newer = pipeline.load_run(now, source, folder, lambda event: None)
    assert newer.n_read == len(first.new)
    assert newer.new == ()


def test_a_run_is_judged_by_what_it_lists_and_by_what_is_archived(now: Settings) -> None:
    source = now.source("sample_yunhe_wjw").model_copy(update={"at_least": 5})
    run = landing.CrawlRun("r", source.name, pipeline.datetime.now(pipeline.UTC), state="done")
    listed = replace(run, end_reached=True, rows_seen=9, rows_filtered=3)
    assert pipeline.judge(listed, source, 6).state == "done"
    assert "columns list 4" in pipeline.judge(replace(listed, rows_seen=7), source, 6).message
    assert "archive holds 2" in pipeline.judge(listed, source, 2).message
    assert pipeline.judge(replace(run, stop_reason="known"), source, 6).state == "done"
