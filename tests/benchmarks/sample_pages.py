"""Any number of report pages of our own making: as a crawl would have landed them, and as files for other programs.

The sample sites draw the pages, five layouts of government and sharing sites in turn; the texts are composed, 1,800 to
5,500 characters each, no two alike.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from archive.landing import Landing, digest
from archive.models import Capture, CrawlRun
from archive.warc import Exchange
from crawlers.sample_sites.site import Entry, Request, Site
from crawlers.sample_sites.sites import biganzi, qingling_jyj, qingshihe, shiqiao_mzj, yunhe_wjw
from crawlers.source import Source
from tests.composed import report

START = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source(
    name="samples", title="样本", kind="government", columns=("http://samples.example/",), at_least=0
)
HEADERS = ((b"Content-Type", b"text/html; charset=utf-8"),)


def pages(n: int, first: int = 0) -> Iterator[tuple[str, bytes, str]]:
    """Address, bytes and title of pages first, first + 1, …; the same number always gives the same page."""
    health = yunhe_wjw.build()
    sites = (health, qingling_jyj.build(), shiqiao_mzj.build(), qingshihe.build(), biganzi.build(health))
    for number in range(first, first + n):
        entry = _entry(number)
        yield _page(sites[number % len(sites)], entry)


def _page(site: Site, entry: Entry) -> tuple[str, bytes, str]:
    site.entries = [entry]
    answer = site.answer(Request("GET", site.path_of(entry)))
    assert answer is not None
    return site.url_of(entry), answer.body, entry.title


def _entry(number: int) -> Entry:
    rng = random.Random(number)
    year = 2008 + number % 16
    lines = report(number, rng.randrange(30, 90), year).splitlines()
    heads = (f"{'一二三四五六七八九十'[i % 10]}、{line[:12]}" for i, line in enumerate(lines))
    text = [part for head, line in zip(heads, lines, strict=True) for part in (head, line)]
    day = date(year + 1, 1 + number % 12, 1 + number % 28)
    return Entry(number + 1_000_000, f"{year}年{lines[0][:-4]}工作总结", day, tuple(text))


def land(folder: Path, n: int, first: int = 0) -> None:
    """Write the pages as the landing of one run."""
    run = CrawlRun(folder.name, SOURCE.name, START)
    landing = Landing(folder, run, "sample pages")
    for place, (url, body, title) in enumerate(pages(n, first)):
        at = START + timedelta(seconds=place)
        capture = Capture(
            run.run_id, run.source, url, "report", 200, "ok", at, content_type="text/html; charset=utf-8",
            digest=digest(body), n_bytes=len(body), list_title=title,
        )  # fmt: skip
        landing.save(capture, Exchange(url, 200, HEADERS, body, at))
    landing.finish(CrawlRun(run.run_id, run.source, START, START, "done", "end", True, n_fetched=n))


def save(folder: Path, n: int, first: int = 0) -> None:
    """Write the pages as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, (_, body, _) in enumerate(pages(n, first)):
        (folder / f"{first + place:07}.html").write_bytes(body)
