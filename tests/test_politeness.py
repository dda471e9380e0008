"""Manners, proven on loopback: robots.txt, Crawl-delay, Retry-After, one connection, an honest name, a closed door."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest

from archive import landing
from crawlers.crawl import start
from crawlers.fetching.answers import why_blocked
from tests import crawls
from tests.sites import Answer, Reply, Seen, Site, list_page, report_page


def report_site(n: int, **special: Reply) -> dict[str, Reply]:
    """A list of n reports; `special` replaces replies by path without its slash."""
    rows = [(f"/r{i}.html", f"云和县第{i}局2021年工作总结", "2022-01-01") for i in range(n)]
    pages: dict[str, Reply] = {f"/r{i}.html": Answer(report_page(f"第{i}局工作总结")) for i in range(n)}
    replaced = {f"/{name.replace('_', '.')}": reply for name, reply in special.items()}
    return {"/list/": Answer(list_page(rows)), **pages, **replaced}


def once(first: Answer, then: Answer) -> Reply:
    asked: list[Seen] = []

    def answer(seen: Seen) -> Answer:
        asked.append(seen)
        return first if len(asked) == 1 else then

    return answer


def busy(status: int, retry_after: str) -> Answer:
    return Answer(b"", status, (("Retry-After", retry_after),))


def gaps(site: Site) -> list[float]:
    return [later - sooner for sooner, later in pairwise(site.times())]


@pytest.mark.slow
def test_what_robots_txt_asks_for_is_done(tmp_path: Path) -> None:
    rules = Answer(b"User-agent: *\nDisallow: /r1\nCrawl-delay: 1\n")
    with Site(report_site(3, robots_txt=rules)) as site:
        job = crawls.job(site, tmp_path / "r1", contact="mailto:archive@yunhe.example")
        crawls.run(job)
        assert site.paths() == ["/list/", "/r0.html", "/r2.html"]
        assert mean(gaps(site)[1:]) >= 0.9
        assert site.most_open == 1
        agents = {seen.headers["user-agent"] for seen in site.seen}
    assert len(agents) == 1
    assert agents.pop().endswith("(+mailto:archive@yunhe.example)")
    assert crawls.captures(job)["/r1.html"].outcome == "robots"


@pytest.mark.slow
def test_a_busy_server_is_given_the_time_it_asks_for_and_a_broken_one_ever_more(tmp_path: Path) -> None:
    page = Answer(report_page("云和县2021年工作总结"))

    def at_a_date(seen: Seen) -> Answer:
        if site.paths().count(seen.path) > 1:
            return page
        return busy(503, format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True))

    special: dict[str, Reply] = {"r0_html": once(busy(429, "2"), page), "r1_html": at_a_date}
    with Site(report_site(3, **special, r2_html=Answer(b"", 500))) as site:
        job = crawls.job(site, tmp_path / "r1")
        run = crawls.run(job)
        # While one page waits, nothing else is asked.
        assert site.paths("/r") == ["/r0.html"] * 2 + ["/r1.html"] * 2 + ["/r2.html"] * 6
        waits = gaps(site)[2:]
    assert waits[0] >= 2.0
    assert waits[2] >= 1.9  # HTTP dates have no fractions of a second
    # From the second on: the first, 20 ms, is what a busy machine adds to any.
    assert all(later > 1.4 * sooner for sooner, later in pairwise(waits[5:]))
    assert crawls.captures(job)["/r2.html"].detail == "HTTP 500"
    assert (run.n_fetched, run.n_errors) == (2, 1)


@pytest.mark.slow
def test_a_closed_door_is_recorded_and_not_knocked_at_for_long(tmp_path: Path) -> None:
    door = Answer(b"<script>$_ts=window['$_ts'];</script>", 412)
    with Site(report_site(9, **{f"r{i}_html": door for i in range(9)})) as site:
        job = crawls.job(site, tmp_path / "r1")
        run = crawls.run(job)
        assert len(site.paths("/r")) == 3
    assert run.state == "red"
    assert run.stop_reason.startswith("blocked: ")
    assert run.n_blocked == 3
    first = crawls.captures(job)["/r0.html"]
    assert landing.read_page(job.folder, first).body == door.body


CLOSED = (
    (403, "", "HTTP 403"),
    (521, "", "HTTP 521"),
    (200, "<script>$_ts=window['$_ts'];$_ts.nsd=1</script>", "JavaScript challenge"),
    (200, "<script>var arg1='" + "0A" * 20 + "';</script>", "JavaScript challenge"),
    (200, "<title>访问验证</title>请完成安全验证后继续访问", "captcha"),
    (200, "<title>用户登录</title><form><input name='u'><input type='password' name='p'></form>", "login"),
)


@pytest.mark.parametrize(("status", "html", "reason"), CLOSED)
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_closed_doors_are_known_by_what_they_say(status: int, html: str, reason: str, charset: str) -> None:
    found = why_blocked(status, html.encode(charset))
    assert found is not None
    assert reason in found


OPEN = (
    report_page("云和县2021年工作总结"),
    report_page("云和县2021年安全验证工作总结", "<form><input type='password'></form>" * 3),
    "<title>工作总结</title><form>登录<input type='password'></form><p>一年来</p>".encode(),
    b"",
)


@pytest.mark.parametrize("body", OPEN)
def test_open_pages_are_not_taken_for_closed_doors(body: bytes) -> None:
    assert why_blocked(200, body) is None


@pytest.mark.slow
def test_without_readable_rules_nothing_is_fetched(tmp_path: Path) -> None:
    with Site(report_site(2, robots_txt=Answer(b"", 503))) as site:
        run = crawls.run(crawls.job(site, tmp_path / "r1"))
        assert site.paths() == []
    assert run.state == "red"
    assert "robots.txt" in run.stop_reason


BYPASS = """
import scrapy, sys
from scrapy.crawler import AsyncCrawlerProcess
from crawlers.job import CrawlJob
from crawlers.fetching.settings import settings
from tests.crawls import source

class Impatient(scrapy.Spider):
    name = "impatient"
    landing = type("Nothing", (), {"keep": lambda self, exchange: None})()
    async def start(self):
        for n in range(8):
            yield scrapy.Request(f"http://{sys.argv[1]}/secret/{n}", dont_filter=True)
    def parse(self, response):
        pass

job = CrawlJob(source("http://127.0.0.1/"), "r1", None, allow=(sys.argv[1],))
process = AsyncCrawlerProcess({**settings(job), "CONCURRENT_REQUESTS": 16, "LOG_ENABLED": False})
process.crawl(Impatient)
process.start()
"""


@pytest.mark.slow
def test_requests_that_wait_for_robots_txt_do_not_slip_past_it() -> None:
    with Site({"/robots.txt": Answer(b"User-agent: *\nDisallow: /secret/\n")}) as site:
        subprocess.run([sys.executable, "-c", BYPASS, site.netloc], check=True, timeout=60)
        assert [seen.path for seen in site.seen] == ["/robots.txt"]


@pytest.mark.slow
def test_a_source_has_its_pause_and_closing_its_input_ends_it_at_once(tmp_path: Path) -> None:
    with Site(report_site(50)) as site:
        job = crawls.job(site, tmp_path / "r1", fields={"delay": 0.4})
        child = start(job)
        assert child.stdout is not None
        assert child.stdin is not None
        while "r1.html" not in child.stdout.readline():
            pass
        child.stdin.close()
        assert child.wait(10) == 1
        child.stdout.close()
        assert (
            mean(gaps(site)) >= 0.35
        )  # one request may reach a busy test machine late, and seem close to the next
    run = landing.crawl_run(job.folder)
    assert (run.state, run.stop_reason) == ("red", "stopped")
    assert 2 <= run.n_fetched < 50
    assert landing.fault(job.folder) is None
