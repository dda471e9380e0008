"""A daily run over sources on which nothing has changed: which requests it makes, and what it costs.

    python -m tests.benchmarks.daily [--sources 1000] [--publish]

Generated sources on one loopback server, collected once, then again: the second time only list pages (and robots.txt)
may be asked for. CPU seconds are those of this process and of the crawls, which are processes of their own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from archive.warehouse import open_writer
from crawlers.source import Source
from flows import pipeline
from flows.settings import Settings
from tests.sites import Answer, Reply, Site, list_page, report_page

REPORTS = 5


class Cost(NamedTuple):
    """What one run over all sources took."""

    states: Counter[str]
    requests: Counter[str]
    cpu: float


def replies(sources: int) -> dict[str, Reply]:
    """A column of five reports for each source."""
    found: dict[str, Reply] = {}
    for number in range(sources):
        titles = {f"/s{number}/r{n}.html": f"云和县第{number}局{2015 + n}年工作总结" for n in range(REPORTS)}
        rows = [(path, title, f"{2016 + n}-01-0{n + 1}") for n, (path, title) in enumerate(titles.items())]
        found[f"/s{number}/list/"] = Answer(list_page(rows[::-1]))
        found |= {path: Answer(report_page(title)) for path, title in titles.items()}
    return found


def serve(sources: int, pipe: Any) -> None:
    """The server, in a process of its own; answers each message with the counts since the last."""
    with Site(replies(sources)) as site:
        pipe.send(site.netloc)
        while pipe.recv() != "end":
            pipe.send(Counter(_kind(seen.path) for seen in site.seen))
            site.seen.clear()


def _kind(path: str) -> str:
    return (
        "robots.txt" if path == "/robots.txt" else "list pages" if path.endswith("/list/") else "report pages"
    )


def collect(now: Settings, netloc: str, sources: int, publish: bool) -> Counter[str]:
    """All sources once, one after the other; the states of their runs."""
    states: Counter[str] = Counter()
    for number in range(sources):
        column = f"http://{netloc}/s{number}/list/"
        where = Source(
            name=f"s{number}", title="云和县", kind="government", columns=(column,), at_least=REPORTS
        )
        job = pipeline.prepare(now, where, pipeline.Request())
        pipeline.crawl(job, lambda event: None)
        found = pipeline.load_run(now, where, job.folder, lambda event: None)
        states[found.run.state] += 1
        with open_writer(now.layout()) as writer:
            writer.deduplicate([*found.new, *found.changed])
            if publish:
                writer.publish()
    return states


def run(home: Path, sources: int, publish: bool) -> list[Cost]:
    """The first and the second run: states, requests, CPU seconds."""
    mine, theirs = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(sources, theirs))
    server.start()
    netloc = mine.recv()
    now = Settings(home=home, allow=netloc, processes=1)
    found = []
    for _ in range(2):
        before = os.times()
        states = collect(now, netloc, sources, publish)
        after = os.times()
        mine.send("count")
        cpu = sum(after[:4]) - sum(before[:4])
        found.append(Cost(states, mine.recv(), cpu))
    mine.send("end")
    server.join()
    return found


def main() -> None:
    """Print a line for each run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=int, default=1_000)
    parser.add_argument("--publish", action="store_true", help="publish after each source, as the flow does")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), options.sources, options.publish)
    for name, (states, asked, cpu) in zip(("first", "second"), found, strict=True):
        requests = ", ".join(f"{n:,} {kind}" for kind, n in sorted(asked.items()))
        print(
            f"{name} run over {options.sources:,} sources: {requests}; {cpu / options.sources:.2f} CPU s a source; {dict(states)}"
        )


if __name__ == "__main__":
    main()
