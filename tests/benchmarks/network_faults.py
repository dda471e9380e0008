"""Collects from a server that spoils one answer in ten: every page that can be had is had in at most three runs.

    python -m tests.benchmarks.network_faults [--pages 2000] [--share 0.1] [--seed 1]

Prints Markdown and writes it into docs/reliability.md. Exit status 1 if a page is missing or stands twice.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from archive.warehouse import ask, open_writer
from flows import pipeline
from flows.settings import Settings, settings
from tests import composed
from tests.sites import Answer, Reply, Seen, Site, Wire, list_page, wire_bytes

ROWS_A_LIST, MOST_RUNS = 50, 3
FAULTS = ("500", "503", "429", "cut", "slow", "reset", "garbage")


def page(number: int) -> bytes:
    """A report with a text of its own."""
    title = f"云河县第{number}局2021年工作总结"
    text = "".join(f"<p>{line}</p>" for line in composed.report(number).splitlines())
    head = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head>"
    return f"{head}<body><h1>{title}</h1><div class='article'>{text}</div></body></html>".encode()


class Faulty:
    """Answers a request as it should, or spoils it; counts both."""

    def __init__(self, share: float, seed: int) -> None:
        self._dice, self._share = random.Random(seed), share
        self.counts: Counter[str] = Counter()

    def reply(self, answer: Answer) -> Reply:
        """What a path of the site does."""

        def choose(seen: Seen) -> Answer | Wire:
            fault = self._dice.choice(FAULTS) if self._dice.random() < self._share else "as it should"
            self.counts[fault] += 1
            return self._spoiled(answer, fault)

        return choose

    def _spoiled(self, answer: Answer, fault: str) -> Answer | Wire:
        if fault == "429":
            return Answer(b"", 429, (("Retry-After", "1"),))
        if fault.isdecimal():
            return Answer(b"", int(fault))
        if fault == "garbage":
            return Answer(self._dice.randbytes(len(answer.body)))
        return answer if fault == "as it should" else _sent(wire_bytes(answer), fault)


def _sent(data: bytes, fault: str) -> Wire:
    async def send(writer: asyncio.StreamWriter) -> None:
        if fault == "reset":
            writer.transport.abort()
        elif fault == "cut":
            writer.write(data[: len(data) // 2])
        else:
            for start in range(0, 5):
                writer.write(data[start : start + 1])
                await writer.drain()
                await asyncio.sleep(1)
            writer.write(data[5:])
        await writer.drain()

    return send


def site(n_pages: int, faulty: Faulty) -> Site:
    """A column of `n_pages` reports; every hundredth is gone, every 101st always fails."""
    numbers = list(range(n_pages))
    replies: dict[str, Reply] = {
        f"/{n}.html": faulty.reply(Answer(page(n))) for n in numbers if can_be_had(n)
    }
    replies |= {f"/{n}.html": Answer(b"", 500) for n in numbers if n % 101 == 100}
    n_lists = -(-n_pages // ROWS_A_LIST)
    for k in range(n_lists):
        shown = numbers[k * ROWS_A_LIST : (k + 1) * ROWS_A_LIST]
        rows = [(f"/{n}.html", f"云河县第{n}局2021年工作总结", "2022-01-05") for n in shown]
        path = "/list/" if k == 0 else f"/list/index_{k}.html"
        replies[path] = faulty.reply(Answer(list_page(rows, n_lists, k)))
    return Site(replies)


def can_be_had(number: int) -> bool:
    """Whether the server has this page at all."""
    return number % 100 != 99 and number % 101 != 100


def collect(now: Settings) -> str:
    """One run, as the `collect` flow does it; how it ended."""
    source = now.source("faulty")
    job = pipeline.prepare(now, source, pipeline.Request())
    run = pipeline.crawl(job, lambda event: None)
    found = pipeline.load_run(now, source, job.folder, lambda event: None)
    with open_writer(now.layout()) as writer:
        writer.publish()
    return f"{len(found.new)} new reports, {run.n_errors} errors, {found.run.state} ({run.stop_reason})"


def campaign(folder: Path, n_pages: int, faulty: Faulty) -> tuple[list[str], set[int]]:
    """Runs until every page is had, three at most: what each brought, and the pages that are missing."""
    wanted, had, told = {n for n in range(n_pages) if can_be_had(n)}, set[int](), []
    with site(n_pages, faulty) as running:
        (folder / "sources").mkdir()
        (folder / "sources" / "faulty.toml").write_text(
            f'title = "云河县"\nkind = "government"\ncolumns = ["{running.url("/list/")}"]\nat_least = 1\ndelay = 0\n',
            "utf-8",
        )
        os.environ |= {
            "WORKREPORTS_HOME": str(folder / "home"),
            "WORKREPORTS_SOURCES": str(folder / "sources"),
            "WORKREPORTS_ALLOW": running.netloc,
        }
        (folder / "home").mkdir()
        now = settings()
        while wanted - had and len(told) < MOST_RUNS:
            told.append(collect(now))
            print(told[-1], file=sys.stderr, flush=True)
            with ask(now.layout()) as archive:
                urls = [url for (url,) in archive.rows("SELECT url FROM reports").rows]
            had = {int(url.rpartition("/")[2].removesuffix(".html")) for url in urls}
            assert len(had) == len(urls), "a report stands twice"
    return told, wanted - had


def main() -> int:
    """Run as told on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--share", type=float, default=0.1, help="of answers that are spoiled")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    from tests.benchmarks import figures

    began, faulty = time.monotonic(), Faulty(given.share, given.seed)
    with tempfile.TemporaryDirectory(prefix="wr-") as name:
        told, missing = campaign(Path(name), given.pages, faulty)
    n_had = sum(map(can_be_had, range(given.pages))) - len(missing)
    n_spoiled = faulty.counts.total() - faulty.counts["as it should"]
    kinds = ", ".join(f"{name} {faulty.counts[name]}" for name in FAULTS)
    text = "\n".join(
        [
            f"{given.pages:,} pages listed, of which {n_had + len(missing):,} can be had; {faulty.counts.total():,} answers, "
            f"{n_spoiled} spoiled ({kinds}). Had: {n_had:,} in {len(told)} run{'s' * (len(told) > 1)}, "
            f"missing: {len(missing)}. Seed {given.seed}, {(time.monotonic() - began) / 60:.0f} minutes.",
            "",
            *(f"- run {n}: {line}" for n, line in enumerate(told, 1)),
        ]
    )
    print(text)
    figures.write("network faults", text)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
