"""Publishing a checked copy, beside DuckDB's own `COPY FROM DATABASE`: `python -m tests.benchmarks.publish [--reports 10000]`.

Both leave a whole second file; ours also reads it to its last text and syncs it. CPU seconds, children included.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from archive.warehouse import Home, open_writer
from tests.benchmarks.archive_generator import generate

ROUNDS = 3


def seconds(run: Callable[[], object]) -> float:
    """CPU seconds of this process and its children."""
    before = os.times()
    run()
    return sum(os.times()[:4]) - sum(before[:4])


def publish(home: Home) -> None:
    with open_writer(home) as writer:
        writer.publish()


def copy(home: Home) -> None:
    target = home.path / "copy.duckdb"
    target.unlink(missing_ok=True)
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{home.work_file}' AS work (READ_ONLY)")
        con.execute(f"ATTACH '{target}' AS target (STORAGE_VERSION 'v1.5.0')")
        con.execute("COPY FROM DATABASE work TO target")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        with contextlib.redirect_stdout(io.StringIO()):
            generate(home, options.reports)
        times = [(seconds(lambda: publish(home)), seconds(lambda: copy(home))) for _ in range(ROUNDS)]
        ours, theirs = (min(column) for column in zip(*times, strict=True))
        n_bytes = home.work_file.stat().st_size
    print(f"ours: {ours:.2f} CPU s for {options.reports:,} reports, {n_bytes / 1e6:,.0f} MB")
    print(f"COPY FROM DATABASE: {theirs:.2f} CPU s; {theirs / ours:.1f} times ours")


if __name__ == "__main__":
    main()
