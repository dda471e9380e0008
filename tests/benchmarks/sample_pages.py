"""Any number of report pages of our own making: as a crawl would have landed them, and as files for other programs.

The sample sites draw the pages, five layouts of government and sharing sites in turn; the texts are composed, no two
alike. They weigh what real ones do: 53 saved pages of such sites had in the mean 56 kB, 510 elements, 78 links, 3,500
characters of text and 23 figures with a name.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
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
HEADERS = ((b"Content-Type", b"text/html"),)

PageMade = tuple[str, bytes, str]  # address, bytes, title


def made(n: int, first: int = 0) -> Iterator[PageMade]:
    """Address, bytes and title of pages first, first + 1, …; the same number always gives the same page."""
    health = yunhe_wjw.build()
    sites = (health, qingling_jyj.build(), shiqiao_mzj.build(), qingshihe.build(), biganzi.build(health))
    for number in range(first, first + n):
        entry = _entry(number)
        yield _page(sites[number % len(sites)], entry)


def _page(site: Site, entry: Entry) -> PageMade:
    site.entries = [entry]
    answer = site.answer(Request("GET", site.path_of(entry)))
    assert answer is not None
    charset = "utf-8" if b"charset=utf-8" in answer.body[:400] else "gb18030"
    return site.url_of(entry), _weighed(answer.body.decode(charset)).encode(charset), entry.title


def _weighed(html: str) -> str:
    """The page with the menu, the script and the styles in every paragraph that real pages have."""
    styled = html.replace("<p>　　", f"<p style='{_STYLE}'><span style='{_STYLE}'>　　")
    return styled.replace("<body>", f"<body>{_MENU}{_SCRIPT}", 1)


_STYLE = "margin: 0pt; text-indent: 32pt; line-height: 28pt; font-family: 仿宋_GB2312; font-size: 16pt; color: #000"
_MENU = "<div class='menu'>" + "".join(
    f"<dl><dt><a href='/m{i}/'>栏目{i}</a></dt>"
    + "".join(f"<dd><a href='/m{i}/{j}/' target='_blank'><span>子栏目{i}{j}</span></a></dd>" for j in range(6))
    + "</dl>"
    for i in range(10)
) + "</div>"  # fmt: skip
_SCRIPT = "<script>" + "var menu = document.getElementById('menu'); menu.onclick = show;\n" * 60 + "</script>"


def _entry(number: int) -> Entry:
    rng = random.Random(number)
    year = 2008 + number % 16
    lines = [line for line in _prose(rng, number, year) if line]
    heads = (f"{'一二三四五六七八九十'[i % 10]}、{line[:12]}" for i, line in enumerate(lines))
    text = [part for head, line in zip(heads, lines, strict=True) for part in (head, line)]
    day = date(year + 1, 1 + number % 12, 1 + number % 28)
    return Entry(number + 1_000_000, f"{year}年{lines[0][:-4]}工作总结", day, tuple(text))


def _prose(rng: random.Random, number: int, year: int) -> list[str]:
    """A composed report in which, as in real ones, few sentences have figures: those of one line in five."""
    lines = report(number, rng.randrange(30, 130), year).splitlines()
    return [
        line if i % 5 == 1 else re.sub(r"，[^，。]{3}新增[^。]*", "", line) for i, line in enumerate(lines)
    ]


def land(folder: Path, n: int, first: int = 0, pages: Iterable[PageMade] | None = None) -> None:
    """Write the pages, or those given, as the landing of one run."""
    run = CrawlRun(folder.name, SOURCE.name, START)
    landing = Landing(folder, run, "sample pages")
    for place, (url, body, title) in enumerate(pages or made(n, first)):
        at = START + timedelta(seconds=place)
        capture = Capture(
            run.run_id, run.source, url, "report", 200, "ok", at, content_type="text/html",
            digest=digest(body), n_bytes=len(body), list_title=title,
        )  # fmt: skip
        landing.save(capture, Exchange(url, 200, HEADERS, body, at))
    landing.finish(CrawlRun(run.run_id, run.source, START, START, "done", "end", True, n_fetched=n))


def save(folder: Path, n: int, first: int = 0, pages: Iterable[PageMade] | None = None) -> None:
    """Write the pages, or those given, as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, (_, body, _) in enumerate(pages or made(n, first)):
        (folder / f"{first + place:07}.html").write_bytes(body)
