"""CPU time and memory of our crawl, which archives every answer, against bare Scrapy with its two known costs removed.

    python -m tests.benchmarks.crawl [--pages 2000] [--rounds 3] [--plain]

Both fetch the same pages from the same loopback server, each in a new process, turn and turn about; user and system
time and peak memory are the kernel's, from the start of the process to its end. Bare Scrapy has CONCURRENT_ITEMS=4 and
the cheaper decompression, is given all addresses at once, asks eight at a time and throws the answers away. Ours finds
them on list pages, asks one at a time, obeys robots.txt, judges every answer, looks for attachments, and writes WARC
and log; only the pause between requests is off, as on every loopback site. Pages are sent in gzip, or as they are
(--plain: then ours also compresses what bare Scrapy drops).
"""

from __future__ import annotations

import argparse
import gzip
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from archive import landing
from crawlers.crawl import start
from tests import crawls
from tests.sites import Answer, Reply, Site, list_page

PER_LIST_PAGE = 20

BARE = """
import sys, scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for n in range(int(sys.argv[2])):
            yield scrapy.Request(f"{sys.argv[1]}/r{n}.html")
    def parse(self, response):
        pass

process = AsyncCrawlerProcess({
    "CONCURRENT_ITEMS": 4,
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "crawlers.fetching.decompression.PlainDecompression": 590,
    },
    "LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
})
process.crawl(Bare)
process.start()
"""


def pages(n_pages: int, is_plain: bool = False) -> dict[str, Reply]:
    """Report pages of 43 kB (20 kB compressed) with lists of twenty, all of random characters."""
    dice = random.Random(1)
    characters = "".join(map(chr, range(0x4E00, 0x5600)))
    headers = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"'))
    packed = (*headers, ("Content-Encoding", "gzip"))
    replies: dict[str, Reply] = {}
    for n in range(n_pages):
        text = "".join(
            f"<p class='p'>{''.join(dice.choices(characters[:300], k=200))}</p>\n" for _ in range(70)
        )
        html = f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{text}</body></html>"
        body = html.encode()
        replies[f"/r{n}.html"] = (
            Answer(body, headers=headers) if is_plain else Answer(gzip.compress(body, 6), headers=packed)
        )
    for first in range(0, n_pages, PER_LIST_PAGE):
        number = first // PER_LIST_PAGE
        rows = [
            (f"/r{n}.html", f"云和县第{n}局2021年工作总结", str(date(2022, 1, 1) - timedelta(n)))
            for n in range(first, min(first + PER_LIST_PAGE, n_pages))
        ]
        name = "/list/" if number == 0 else f"/list/index_{number}.html"
        replies[name] = Answer(list_page(rows, -(-n_pages // PER_LIST_PAGE), number))
    return replies


def serve(n_pages: int, is_plain: bool, pipe: multiprocessing.connection.Connection) -> None:
    """The server, in a process of its own so that its time is not counted."""
    with Site(pages(n_pages, is_plain)) as site:
        pipe.send(site.netloc)
        pipe.recv()


@dataclass(frozen=True)
class Cost:
    """What a process took from its start to its end."""

    seconds: float  # user and system
    megabytes: float  # at its peak


def cost(child: subprocess.Popen[str]) -> Cost:
    """The cost of a child, once it has ended well."""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"a crawl ended with {child.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def bare(netloc: str, n_pages: int) -> Cost:
    command = [sys.executable, "-c", BARE, f"http://{netloc}", str(n_pages)]
    return cost(subprocess.Popen(command, text=True))


def ours(netloc: str, n_pages: int, folder: Path) -> Cost:
    where = crawls.source(f"http://{netloc}/list/")
    child = start(crawls.CrawlJob(where, "r1", folder, allow=(netloc,)))
    assert child.stdout is not None
    for _ in child.stdout:
        pass
    spent = cost(child)
    run = landing.crawl_run(folder)
    if run.n_fetched != n_pages:
        raise SystemExit(f"{run.n_fetched} of {n_pages} pages were fetched: {run.message}")
    return spent


def measure(netloc: str, n_pages: int, n_rounds: int) -> list[float]:
    """Run the rounds after one that only warms up, print one line each, and return their ratios."""
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = folder + "/compiled"
        bare(netloc, 10), ours(netloc, n_pages, Path(folder) / "warm")
        for n in range(n_rounds):
            theirs, mine = bare(netloc, n_pages), ours(netloc, n_pages, Path(folder) / f"r{n}")
            ratios.append(mine.seconds / theirs.seconds)
            print(
                f"round {n + 1}: bare {theirs.seconds:.2f} s, {theirs.megabytes:.0f} MB; "
                f"ours {mine.seconds:.2f} s, {mine.megabytes:.0f} MB; ratio {ratios[-1]:.2f}",
                flush=True,
            )
    return ratios


def main() -> None:
    """Run the rounds and print the median of their ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plain", action="store_true", help="the server does not compress")
    options = parser.parse_args()
    # As on a machine where it was installed: modules are compiled once, not at every start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    mine, theirs = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=serve, args=(options.pages, options.plain, theirs)
    )
    server.start()
    ratios = measure(mine.recv(), options.pages, options.rounds)
    mine.send("end")
    server.join()
    print(f"CPU of ours / bare, median of {options.rounds}: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
