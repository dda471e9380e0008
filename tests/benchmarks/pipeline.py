"""The whole pipeline, WARC in and rows out, beside trafilatura's own parallel command line over the same pages.

    python -m tests.benchmarks.pipeline [--pages 20000] [--rounds 1] [--folder PAGES]

Ours reads, tags, fingerprints, loads, compares and publishes; trafilatura writes JSON with metadata. Both use two
processes, turn and turn about; each in a process of its own. The pages are composed (sample_pages.py), or those of a
folder with manifest.jsonl ({id, url, file}), again and again until there are enough.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from archive.warehouse import open_writer
from flows import pipeline
from flows.settings import settings
from tests.benchmarks import sample_pages
from tests.benchmarks.measured import Measured, measure

RUN = "samples-20260101T000000000Z"
PROCESSES = 2


def given_pages(folder: Path, n: int) -> Iterator[tuple[str, bytes, str]]:
    """The pages of a folder, round and round; each time under other addresses and with another word in the text."""
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines() if line]
    gold = {
        json.loads(line)["id"] for line in (folder / "gold.jsonl").read_text("utf-8").splitlines() if line
    }
    articles = [(row["url"], (folder / row["file"]).read_bytes()) for row in rows if row["id"] in gold]
    for number, (url, body) in enumerate(itertools.islice(itertools.cycle(articles), n)):
        mark = f"<!-- {number} -->".encode()
        yield f"{url}?copy={number}", body + mark, ""


def prepare(place: Path, n: int, folder: Path | None) -> None:
    """The pages as a landing and as files."""
    made = list(given_pages(folder, n)) if folder else None
    sample_pages.land(place / "landing" / sample_pages.SOURCE.name / RUN, n, pages=made)
    sample_pages.save(place / "pages", n, pages=made)


def ours(place: Path) -> None:
    """Everything, in this process and its workers."""
    os.environ.update(WORKREPORTS_HOME=str(place / "home"), WORKREPORTS_PROCESSES=str(PROCESSES))
    now = settings()
    folder = now.layout().landing / sample_pages.SOURCE.name / RUN
    found = pipeline.load_run(now, sample_pages.SOURCE, folder, lambda event: None)
    with open_writer(now.layout()) as writer:
        writer.deduplicate(found.new)
        writer.publish()
    print(len(found.new), found.n_rejected)


def run_ours(place: Path) -> Measured:
    shutil.rmtree(place / "home", ignore_errors=True)
    (place / "home").mkdir()
    (place / "home" / "landing").symlink_to(place / "landing")
    return measure([sys.executable, "-m", "tests.benchmarks.pipeline", "--ours", str(place)])


def run_theirs(place: Path) -> Measured:
    out = place / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = [str(Path(sys.executable).with_name("trafilatura")), "--parallel", str(PROCESSES)]
    command += ["--input-dir", str(place / "pages"), "--output-dir", str(out), "--json", "--with-metadata"]
    with (place / "theirs.log").open("w") as log:
        return measure(command, stderr=log)


def main() -> None:
    """Print a line a round, then the ratios of the last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--ours", type=Path)
    options = parser.parse_args()
    if options.ours:
        ours(options.ours)
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        prepare(place, options.pages, options.folder)
        for _ in range(options.rounds):
            theirs, mine = run_theirs(place), run_ours(place)
            for name, took in (("ours", mine), ("trafilatura --parallel", theirs)):
                per_page = 1000 / options.pages
                print(
                    f"{name}: {took.cpu * per_page:.2f} CPU ms a page, {took.wall * per_page:.2f} ms by the clock, "
                    f"peak {took.peak_mb:.0f} MB",
                    flush=True,
                )
            print(f"reports, rejected: {mine.output.strip()}")
            print(
                f"trafilatura / ours: {theirs.cpu / mine.cpu:.2f} by CPU, {theirs.wall / mine.wall:.2f} by the clock"
            )


if __name__ == "__main__":
    main()
