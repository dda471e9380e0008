"""A reader that keeps one query open while ten publishes happen: `python -m tests.benchmarks.long_reader [SECONDS]`.

Run without --read it makes a small archive in a temporary folder, starts the reader as a process of its own, publishes ten
times while the reader reads, and prints what the reader saw and how long each publish took.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from archive.warehouse import Home, open_writer
from tests.archives import batch, empty_home, reading

REPORTS, PUBLISHES = 20, 10


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of it: reports and rows in the reader's one answer, and seconds of each publish meanwhile."""

    n_reports: int
    n_rows: int
    took: tuple[float, ...]


def read_slowly(warehouse: Path) -> None:
    """Begin to fetch one query's answer, wait for a word from outside, fetch the rest; print what it held."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        answer = con.execute("SELECT report_id, text FROM range(100_000), reports")
        rows = answer.fetchmany(20_000)
        print("reading", flush=True)
        sys.stdin.readline()
        n_rows, reports = 0, set()
        while rows:
            n_rows += len(rows)
            reports |= {name for name, _ in rows}
            rows = answer.fetchmany(20_000)
        print(len(reports), n_rows, flush=True)


def publish_beside_a_reader(home: Home, seconds: float) -> Seen:
    """Ten loads and publishes, spread over this time, while another process has one answer half read."""
    with open_writer(home) as writer:
        writer.load(batch("first", *(reading(f"http://a.example/{i}.html") for i in range(REPORTS))))
        writer.publish()
        command = [sys.executable, "-m", "tests.benchmarks.long_reader", "--read", str(home.warehouse)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdin and reader.stdout and reader.stdout.readline() == "reading\n"
            took = []
            for number in range(PUBLISHES):
                began = time.monotonic()
                writer.load(batch(f"later {number}", reading(f"http://a.example/later/{number}.html")))
                writer.publish()
                took.append(time.monotonic() - began)
                time.sleep(max(0.0, seconds / PUBLISHES - took[-1]))
            said, _ = reader.communicate("go on\n")
    n_reports, n_rows = map(int, said.split())
    return Seen(n_reports, n_rows, tuple(took))


def main() -> None:
    """Be the reader, or show what one saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=60)
    parser.add_argument("--read", type=Path)
    options = parser.parse_args()
    if options.read:
        read_slowly(options.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        print(publish_beside_a_reader(empty_home(Path(folder) / "home"), options.seconds))


if __name__ == "__main__":
    main()
