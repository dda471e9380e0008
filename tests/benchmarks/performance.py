"""Runs the benchmark of every station and writes the table of docs/performance.md.

    python -m tests.benchmarks.performance [--size 1000] [--only NAME...] [--write]

Each row is one command, ours and the peer's figure from the same interleaved run, and the most memory that the run had
with all its processes. Peers are in the dependency group `bench`; a station whose peer is not there is left out.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.text import simplify
from tests.benchmarks.measured import measure
from tests.composed import report

DOCS = Path(__file__).parent.parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


@dataclass(frozen=True, slots=True)
class Station:
    """A benchmark, what its figures are, and where they stand in its output: groups `ours` and `peer`."""

    name: str
    peer: str
    unit: str
    command: str  # {n}: the size; {texts}: a folder of texts
    figures: str
    more_is_better: bool = False


STATIONS = (
    Station("crawl", "bare tuned Scrapy, archiving nothing", "CPU s",
            "crawl --pages {n} --rounds 1", r"bare (?P<peer>[\d.]+) s[^;]*; ours (?P<ours>[\d.]+) s"),
    Station("extract", "trafilatura with metadata", "CPU ms a page",
            "reading --pages {n}", r"ours: (?P<ours>[\d.]+)[^\n]*\ntrafilatura[^:]*: (?P<peer>[\d.]+)"),
    Station("extract, two processes", "one process of ours", "ms a page by the clock",
            "reading --pages {n}", r"one process: (?P<peer>[\d.]+)[^\n]*\npool of 2: (?P<ours>[\d.]+)"),
    Station("deduplicate", "rensa (MinHash in Rust)", "documents a second",
            "dedupe_speed", r"ours: (?P<ours>[\d,]+)[^\n]*\nrensa: (?P<peer>[\d,]+)", more_is_better=True),
    Station("tag", "jieba.lcut alone", "ms a text by the clock",
            "tags {texts}", r"jieba.lcut +(?P<peer>[\d.]+) [^\n]*\ntag_report +(?P<ours>[\d.]+)"),
    Station("load", "executemany of fewer rows", "CPU ms a report",
            "load --reports {n}", r"ours: (?P<ours>[\d.]+)[^\n]*\nexecutemany: (?P<peer>[\d.]+)"),
    Station("publish", "COPY FROM DATABASE", "CPU s",
            "publish --reports {n}", r"ours: (?P<ours>[\d.]+)[^\n]*\nCOPY FROM DATABASE: (?P<peer>[\d.]+)"),
    Station("whole pipeline", "trafilatura --parallel 2, JSON with metadata", "CPU ms a page",
            "pipeline --pages {n}", r"ours: (?P<ours>[\d.]+)[^\n]*\ntrafilatura[^:]*: (?P<peer>[\d.]+)"),
)  # fmt: skip


def row(station: Station, size: int, texts: Path) -> str:
    """Run one benchmark; its row of the table."""
    words = station.command.format(n=size, texts=texts).split()
    took = measure([sys.executable, "-m", f"tests.benchmarks.{words[0]}", *words[1:]])
    found = re.search(station.figures, took.output)
    if found is None:
        raise SystemExit(f"{station.name}: no figures in\n{took.output}")
    ours, peer = (float(found[name].replace(",", "")) for name in ("ours", "peer"))
    times = ours / peer if station.more_is_better else peer / ours
    command = station.command.format(n=size, texts="TEXTS")
    return (
        f"| {station.name} | {ours:,g} {station.unit} | {peer:,g} | {station.peer} | {times:.2f} | "
        f"{took.peak_mb:,.0f} MB | `{command}` |"
    )


def rows(size: int, only: list[str]) -> Iterator[str]:
    """The table, line by line."""
    yield "| station | ours | peer | which peer | times as fast | peak memory | in `tests.benchmarks` |"
    yield "| --- | ---: | ---: | --- | ---: | ---: | --- |"
    with tempfile.TemporaryDirectory() as folder:
        for number in range(100):
            (Path(folder) / f"{number}.txt").write_text(simplify(report(number)), "utf-8")
        for station in STATIONS:
            if not only or station.name in only:
                yield row(station, size, Path(folder))


def machine() -> str:
    """What the figures were measured on."""
    info = Path("/proc/cpuinfo").read_text("utf-8")
    model = re.search(r"model name\s*: (.+)", info)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} cores of {model[1].strip() if model else platform.machine()}, {memory:.0f} GB, "
        f"Python {platform.python_version()}; load {os.getloadavg()[0]:.0f} while measured."
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=1_000, help="pages or reports of each run")
    parser.add_argument("--only", nargs="*", default=[], help="names of stations")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    options = parser.parse_args()
    lines = []
    for line in rows(options.size, options.only):
        print(line, flush=True)
        lines.append(line)
    if options.write:
        before, _, rest = DOCS.read_text("utf-8").partition(BEGIN)
        table = "\n".join([BEGIN, *lines, "", machine(), END])
        DOCS.write_text(before + table + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    main()
