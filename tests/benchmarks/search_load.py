"""What loading costs an archive of any size: `python -m tests.benchmarks.search_load HOME [LOADS]`.

Each round loads 1,000 generated reports and publishes. HOME holds an archive made by archive_generator.py and grows by what is
loaded. Publishing copies and checks the whole file, so its time grows with the archive; the rest should not.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb

from archive.warehouse import Home, open_writer
from archive.warehouse.runs import merge_runs
from tests.benchmarks.archive_generator import batch

N = 1_000


def timed(name: str, call: Callable[[], object]) -> None:
    """Print a step's time and processor time."""
    began, worked = time.perf_counter(), time.process_time()
    call()
    print(
        f"{name:12} {time.perf_counter() - began:7.2f} s, processor {time.process_time() - worked:6.2f} s",
        flush=True,
    )


def merge(home: Home) -> None:
    """Merge runs where it is due, as publishing does first."""
    with duckdb.connect(str(home.work_file)) as con:
        con.execute("BEGIN")
        print(f"runs merged: {merge_runs(con)}")
        con.execute("COMMIT")


def main() -> None:
    """Load, merge, publish; print each step."""
    home, n_loads = Home(Path(sys.argv[1]).resolve()), int(sys.argv[2]) if sys.argv[2:] else 1
    with duckdb.connect(str(home.work_file), read_only=True) as con:
        ((first,),) = con.execute("SELECT max(version_id) FROM report_heads").fetchall()
    print(f"{first} reports before")
    for start in range(first, first + n_loads * N, N):
        made = replace(batch(start, N), key=f"load:{start}")
        with open_writer(home) as writer:
            timed("load", lambda writer=writer, made=made: writer.load(made))  # type: ignore[misc]
        timed("merge", lambda: merge(home))
        with open_writer(home) as writer:
            timed("publish", writer.publish)
    print(f"file {home.work_file.stat().st_size / 1e6:.0f} MB")
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
