"""One crawl through every hostile behaviour, then one process that reads all that it stored.

    python -m tests.benchmarks.hostile_servers

Prints Markdown and writes it into docs/reliability.md. Exit status 1 if an outcome was wrong or 1 GB was passed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from archive import landing
from flows.transform import read_units, work_units
from tests.benchmarks import figures
from tests.hostile import high_water, meet

MOST_KB = 1_000_000


def main() -> int:
    """Run it."""
    with tempfile.TemporaryDirectory(prefix="wr-") as name:
        met = meet(Path(name) / "r1")
        units = work_units(tuple(landing.captures(met.job.folder)))
        readings, rejections = read_units(met.job.folder, met.job.source, units)
        fault = landing.fault(met.job.folder)
    read_kb = high_water(os.getpid())
    kinds = ", ".join(f"{n} {outcome}" for outcome, n in Counter(met.outcomes.values()).most_common())
    text = (
        f"{len(met.outcomes)} behaviours met by one process ({kinds}): {len(met.wrong)} wrong outcomes, "
        f"{met.n_good_missing} of as many honest pages between them missing, {met.peak_kb / 1000:.0f} MB at most. "
        f"{len(units)} pages read by one process: {len(readings)} reports, {len(rejections)} rejected, {read_kb / 1000:.0f} MB at most."
    )
    print(text, met.wrong or "", fault or "")
    figures.write("hostile servers", text)
    is_fine = not met.wrong and not met.n_good_missing and not fault and max(met.peak_kb, read_kb) < MOST_KB
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
