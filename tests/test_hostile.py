"""Servers that mean harm: one process meets them all, says what each did, and stays small."""

import os
import resource
from pathlib import Path

import pytest

from archive import landing
from crawlers.crawl import Limits, start
from tests import crawls
from tests.hostile import behaviours, encoded, gzip_bomb, meet, redirect
from tests.sites import Answer, Seen, Site, list_page, report_page

pytestmark = pytest.mark.slow


def test_one_crawl_survives_every_behaviour(tmp_path: Path) -> None:
    met = meet(tmp_path / "r1")
    run = landing.crawl_run(met.job.folder)
    assert len(met.outcomes) >= 60
    assert not met.wrong
    assert met.n_good_missing == 0
    assert run.state == "done"
    assert landing.fault(met.job.folder) is None
    assert 0 < met.peak_kb < 400 * 1024  # measured 150 MB


def test_attachments_on_own_and_private_addresses_are_not_asked_for(tmp_path: Path) -> None:
    rows = [("/to-attachments", "云和县2021年工作总结", "2022-01-01")]
    replies = {"/list/": Answer(list_page(rows)), "/to-attachments": behaviours()["/to-attachments"][0]}
    with Site(replies) as site:
        job = crawls.job(site, tmp_path / "r1")
        crawls.run(job)
        asked = site.paths()
    fetched = [one for one in landing.captures(job.folder) if one.kind == "attachment"]
    outcomes = {one.url: one.outcome for one in fetched if site.netloc not in one.url}
    assert set(outcomes.values()) <= {"refused"}
    assert sorted(asked) == ["/etc/passwd.pdf", "/list/", "/to-attachments"]


def endless_list(seen: Seen) -> Answer:
    """A column whose every page has new rows and one page more."""
    number = int("".join(filter(str.isdigit, seen.path)) or 0)
    rows = [(f"/r/{number}-{n}.html", f"第{number}-{n}次会议通知", "2022-01-01") for n in range(5)]
    return Answer(list_page(rows, 10**6, number))


def test_list_pages_that_never_end_or_are_no_lists_stop_the_column_and_turn_the_run_red(
    tmp_path: Path,
) -> None:
    rows = [("/a.html", "云和县2021年工作总结", "2022-01-01")]
    replies = {
        "/same/": Answer(list_page(rows, 50)),
        **{f"/same/index_{n}.html": Answer(list_page(rows, 50, n)) for n in range(50)},
        "/bomb/": encoded(gzip_bomb(50), "gzip"),
        "/private/": redirect("http://10.1.2.3/"),
        "/gone/": Answer(b"", 404),
        "/endless/": endless_list,
        **{f"/endless/index_{n}.html": endless_list for n in range(100)},
        "/a.html": Answer(report_page("云和县2021年工作总结")),
        # Rules that would take for ever to match, and far more of them than anybody reads.
        "/robots.txt": Answer(
            b"User-agent: *\nDisallow: /" + b"*a" * 5000 + b"$\n" + b"Disallow: /x\n" * 700_000
        ),
    }
    paths = ("/same/", "/bomb/", "/private/", "/gone/", "/endless/")
    with Site(replies) as site:
        job = crawls.job(site, tmp_path / "r1", *paths, limits=Limits(list_pages=30))
        run = crawls.run(job)
        asked = site.paths()
    assert run.state == "red"
    for word in ("repeated", "TooLarge", "10.1.2.3", "HTTP 404"):
        assert word in run.stop_reason
    assert len([path for path in asked if path.startswith("/same/")]) == 2
    assert run.pages_listed == 30
    assert crawls.captures(job)["/a.html"].outcome == "ok"


def test_rules_that_are_larger_than_any_answer_may_be_close_the_site(tmp_path: Path) -> None:
    huge = Answer(b"User-agent: *\nDisallow: /x\n" + b"# nothing\n" * 5_000_000)
    with Site(
        {
            "/robots.txt": huge,
            "/list/": Answer(list_page([("/a.html", "云和县2021年工作总结", "2022-01-01")])),
        }
    ) as site:
        run = crawls.run(crawls.job(site, tmp_path / "r1"))
        assert site.paths() == []
    assert run.state == "red" and "robots.txt could not be read" in run.stop_reason


def test_a_full_disk_ends_the_run_red_with_everything_before_it_readable(tmp_path: Path) -> None:
    rows = [(f"/{n}.html", f"云和县第{n}局2021年工作总结", "2022-01-01") for n in range(40)]
    replies = {f"/{n}.html": Answer(os.urandom(30_000).hex().encode()) for n in range(40)}
    with Site({"/list/": Answer(list_page(rows)), **replies}) as site:
        job = crawls.job(site, tmp_path / "r1")
        child = start(job)
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (400_000, 400_000))
        told = crawls.finish(child)
    run = landing.crawl_run(job.folder)
    saved = [one for one in landing.captures(job.folder) if one.kind == "report"]
    assert child.returncode == 1
    assert run.state == "red"
    assert "OSError" in run.message
    assert any("OSError" in event.get("message", "") for event in told)
    assert 5 <= len(saved) < 40
    assert landing.fault(job.folder) is None
    assert all(len(landing.read_page(job.folder, one).body) == 60_000 for one in saved)


def test_a_run_ends_at_its_budget_of_bytes_in_good_order(tmp_path: Path) -> None:
    rows = [(f"/{n}.html", f"云和县第{n}局2021年工作总结", "2022-01-01") for n in range(20)]
    replies = {f"/{n}.html": Answer(b"<p>" + b"x" * 100_000) for n in range(20)}
    with Site({"/list/": Answer(list_page(rows)), **replies}) as site:
        job = crawls.job(site, tmp_path / "r1", limits=Limits(n_bytes=500_000))
        child = start(job)
        crawls.finish(child)
    run = landing.crawl_run(job.folder)
    assert run.stop_reason == "budget: 500000 bytes"
    assert 4 <= run.n_fetched <= 6
    assert not run.end_reached
