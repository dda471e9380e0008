"""What 1,000 more reports cost an archive, by how many it holds: load, compare, publish; seconds, memory, bytes.

    python -m tests.benchmarks.archive_generator HOME 10000      # once for each size
    python -m tests.benchmarks.growth HOME...

Each step runs in a process of its own. What is published is a copy: where the file system can, blocks are shared
and nothing is copied (XFS, Btrfs); elsewhere the bytes shown are.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from archive.models import report_id
from archive.warehouse import Home, open_writer
from tests.benchmarks.archive_generator import batch
from tests.benchmarks.measured import measure

N_NEW = 1_000
STEPS = ("load", "compare", "publish")

# What the archive would say of generated reports that were all compared: each stands alone.
SETTLED = """
    DELETE FROM unsettled;
    DELETE FROM families;
    INSERT INTO families SELECT report_id, report_id, 'only copy 唯一', '' FROM compared_texts
"""


def settle(home: Home) -> int:
    """Make the archive as if all were compared; how many reports it holds."""
    with open_writer(home) as writer:
        writer.execute(SETTLED)
        return sum(writer.n_reports(f"s{number}") for number in range(1000))


def step(home: Home, name: str, first: int) -> None:
    """One step; prints its seconds without the start of the process and the making of the reports."""
    made = batch(first, N_NEW) if name == "load" else None
    ids = [report_id(r.report.url) for r in batch(first, N_NEW).readings] if name == "compare" else []
    began, cpu = time.monotonic(), time.process_time()
    with open_writer(home) as writer:
        if made is not None:
            assert len(writer.load(made).new) == N_NEW
        elif ids:
            writer.deduplicate(ids)
        else:
            writer.publish()
    print(json.dumps({"cpu": time.process_time() - cpu, "wall": time.monotonic() - began}))


def run(path: Path) -> None:
    """All steps on one archive."""
    home = Home(path.resolve())
    n = settle(home)
    first = 50_000_000 + int(time.time()) % 1_000_000 * N_NEW  # reports that no earlier run has loaded
    for name in STEPS:
        took = measure(
            [sys.executable, "-m", "tests.benchmarks.growth", "--step", name, str(first), str(path)]
        )
        seconds = json.loads(took.output)
        print(
            f"{n:>9,} reports, {name:<8}: {seconds['cpu']:6.2f} CPU s, {seconds['wall']:6.2f} s by the clock, "
            f"peak {took.peak_mb:,.0f} MB",
            flush=True,
        )
    size = home.work_file.stat().st_size
    shared = "shared" if _can_share(home) else "copied"
    print(f"{n:>9,} reports: {size / 1e6:,.0f} MB, {size / n:,.0f} bytes a report, {shared} by a publish")


def _can_share(home: Home) -> bool:
    """Whether the file system makes copies that share their blocks."""
    probe = home.private / "probe"
    probe.write_bytes(b"x" * 8192)
    try:
        return os.system(f"cp --reflink=always {probe} {probe}.copy 2>/dev/null") == 0
    finally:
        for path in (probe, probe.with_name("probe.copy")):
            path.unlink(missing_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("homes", type=Path, nargs="+")
    parser.add_argument("--step", nargs=2, metavar=("NAME", "FIRST"))
    options = parser.parse_args()
    if options.step:
        step(Home(options.homes[0].resolve()), options.step[0], int(options.step[1]))
        return
    for home in options.homes:
        run(home)


if __name__ == "__main__":
    main()
