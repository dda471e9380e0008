"""Reading pages beside trafilatura with metadata, one process each; then the same pages by two processes of ours.

    python -m tests.benchmarks.reading [--pages 1000] [--folder PAGES]

Page by page in turn, CPU seconds of the one thread. The pool's ratio is by the clock and wants a quiet machine: beside
it stands how many processors the pool had in fact.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from archive import landing
from archive.models import Page
from crawlers.pages.reading import Guidance, read_with
from flows.pipeline import work_units
from flows.read_pool import batches, read_all
from flows.workers import local
from tests.benchmarks import sample_pages
from tests.benchmarks.extraction import trafilatura_with_metadata
from tests.benchmarks.pipeline import given_pages

N_PROCESSES = 2


def one_process(pages: list[Page]) -> tuple[float, float]:
    """CPU seconds of ours and of trafilatura."""
    ours = theirs = 0.0
    for number, page in enumerate(pages):
        began = time.process_time()
        read_with(page, (), Guidance(only_reports=False))
        between = time.process_time()
        trafilatura_with_metadata(page)
        if number >= 10:  # both load their tables first
            ours, theirs = ours + between - began, theirs + time.process_time() - between
    return ours, theirs


def pool(folder: Path, processes: int) -> float:
    """Seconds by the clock to read, tag and fingerprint a landing; the workers have started before."""
    units = work_units(landing.captures(folder))
    chunks = {f"k{start}": batch for start, batch in batches(units, 25)}
    warm = dict(list(chunks.items())[: 2 * processes])
    with local(processes) as workers:
        for _ in read_all(workers, folder, sample_pages.SOURCE, warm):
            pass
        began = time.monotonic()
        for _ in read_all(workers, folder, sample_pages.SOURCE, chunks):
            pass
        return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--folder", type=Path, help="pages with manifest.jsonl and gold.jsonl")
    options = parser.parse_args()
    n = options.pages
    made = list(given_pages(options.folder, n) if options.folder else sample_pages.made(n))
    ours, theirs = one_process([Page(url, body) for url, body, _ in made])
    print(f"ours: {ours / n * 1000:.2f} CPU ms a page")
    print(f"trafilatura with_metadata: {theirs / n * 1000:.2f} CPU ms a page; {theirs / ours:.2f} times ours")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "samples" / "r1"
        sample_pages.land(folder, n, pages=made)
        alone, together = pool(folder, 1), pool(folder, N_PROCESSES)
    print(f"one process: {alone / n * 1000:.2f} ms a page by the clock")
    print(
        f"pool of {N_PROCESSES}: {together / n * 1000:.2f} ms a page by the clock; {alone / together:.2f} times as fast"
    )
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
