"""Families of list pages over HTTP, with the real spider: everything once, nothing twice, then only what changed."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawlers.job import Limits
from tests import crawls
from tests.benchmarks.families import NEWEST, three_runs
from tests.listing_sites import REPORTS as ROWS
from tests.listing_sites import SITES
from tests.sites import Answer, Reply, Site, list_page, report_page

pytestmark = pytest.mark.slow

# Static files, POST with records as XML, file numbers that count down, and a shell that leads to JSON. The others are
# crawled the same way by `python -m tests.benchmarks.families`.
CRAWLED = ("trs", "hanweb_jpage", "vsb", "ucap_channel")


@pytest.mark.parametrize(
    ("server", "column", "needed"),
    [site[1:] for site in SITES if site[1].__name__ in CRAWLED],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_familys_site_is_collected_whole_then_only_where_it_changed(server, column, needed, tmp_path: Path):
    crawled = three_runs(server, column, needed, tmp_path)
    assert crawled.faults == []
    assert len(crawled.runs[0].reports) == 200
    assert crawled.runs[1].run.stop_reason == "known"


def feed(n: int) -> Answer:
    """RSS of the newest n reports."""
    items = "".join(f"<item><title>{title}</title><link>{url}</link></item>" for url, title, _ in ROWS[:n])
    body = f"<?xml version='1.0'?><rss version='2.0'><channel><title>工作总结</title>{items}</channel></rss>"
    return Answer(body.encode(), headers=(("Content-Type", "application/rss+xml; charset=utf-8"),))


def scripted(n: int) -> Answer:
    """A list whose pager is a script that names no address."""
    rows = "".join(f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for url, title, day in ROWS[:n])
    pager = '<div id="turn"></div><script>laypage({cont: "turn", pages: 13, jump: turn})</script>'
    foot = "<p>主办：青石县人民政府办公室</p>" * 20
    return Answer(f"<html><body><ul class='list'>{rows}</ul>{pager}{foot}</body></html>".encode())


def test_a_list_that_leads_no_further_is_not_its_end_where_more_may_follow(tmp_path: Path):
    pages: dict[str, Reply] = {path: Answer(report_page(title)) for path, title, _ in ROWS[:8]}
    with Site({"/feed.xml": feed(4), "/list/": scripted(8)} | pages) as site:
        run = crawls.run(crawls.job(site, tmp_path / "r1", "/feed.xml", "/list/"))
    assert (run.state, run.n_fetched, run.end_reached) == ("done", 8, False)
    assert run.stop_reason == (
        "unproven: a feed holds the newest entries only; unproven: the pager is a script that names no address"
    )


def test_a_source_whose_columns_end_in_known_rows_or_at_the_end_was_read_as_far_as_needed(tmp_path: Path):
    whole, first_of_two = Answer(list_page(ROWS[:4])), Answer(list_page(ROWS[4:8], n_pages=2))
    pages: dict[str, Reply] = {path: Answer(report_page(title)) for path, title, _ in ROWS[:8]}
    with Site({"/short/": whole, "/long/": first_of_two} | pages) as site:
        columns = ("/short/", "/long/")
        job = crawls.job(site, tmp_path / "r1", *columns, max_pages=2)
        crawls.run(job)
        known = crawls.known_from(tmp_path / "known", crawls.captures(job).values())
        run = crawls.run(crawls.job(site, tmp_path / "r2", *columns, known=known, last_newest_on=NEWEST))
    assert (run.stop_reason, run.end_reached, run.n_fetched) == ("known", False, 0)


@pytest.mark.parametrize(
    ("options", "stop_reason"),
    [({"since": date(2023, 9, 1)}, "since"), ({"limits": Limits(reports=4)}, "budget: 4 reports")],
)
def test_a_list_read_to_its_end_with_rows_passed_over_is_not_whole(
    options: dict[str, Any], stop_reason: str, tmp_path: Path
):
    pages: dict[str, Reply] = {path: Answer(report_page(title)) for path, title, _ in ROWS[:8]}
    with Site({"/list/": Answer(list_page(ROWS[:8]))} | pages) as site:
        run = crawls.run(crawls.job(site, tmp_path / "r1", **options))
    assert (run.stop_reason, run.end_reached, run.n_fetched, run.rows_seen) == (stop_reason, False, 4, 8)
