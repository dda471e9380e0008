"""Cuts the power at random moments of the archive's work, on a disk that keeps what it likes of what was not synced.

    python -m tests.benchmarks.power_cuts [--cuts 300] [--restarts 40] [--seed 1]

Needs root, /dev/fuse and libfuse. Prints Markdown and writes it into docs/reliability.md. Exit status 1 if a fault was found.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from crawlers import sample_sites
from tests.benchmarks import figures
from tests.crashes import Bench
from tests.cut_disk import PROBLEM
from tests.cuts import Recorded, everything, faults_after, moments, nothing, part, record, restart
from tests.power_cut import marks

# A sharing site: small, so that hundreds of disks can be looked at.
SOURCES = ("sample_biganzi",)


def cut(found: Recorded, n: int, dice: random.Random, folder: Path) -> list[str]:
    """Faults of the disks as they are when power comes back: three disks for each of `n` cuts."""
    faults = []
    for end in moments(found.journal, n, dice):
        for kept in (nothing, everything, part(dice)):
            faults += faults_after(found, end, kept, folder / "cut")
    return faults


def cut_and_restart(
    found: Recorded, n: int, dice: random.Random, folder: Path, proxy: str
) -> tuple[list[str], int]:
    """Faults once the work was started again after a cut and came to its end, and how often it asked for a repair."""
    before = [end for end in moments(found.journal, 20 * n, dice) if not _is_removing(found, end)]
    faults, n_repaired = [], 0
    for end in dice.sample(before, n):
        faults_after(found, end, dice.choice((nothing, part(dice))), folder / "cut")
        said, was_repaired = restart(Bench(folder / "cut", proxy, SOURCES), found.wanted)
        faults += [f"restarted after {end} operations: {fault}" for fault in said]
        n_repaired += was_repaired
        print(end, said or "no fault", "(repaired)" if was_repaired else "", file=sys.stderr, flush=True)
    return faults, n_repaired


def _is_removing(found: Recorded, end: int) -> bool:
    return any(mark.startswith("forget") for mark in marks(found.journal, end))


def main() -> int:
    """Run the campaign as told on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cuts", type=int, default=300)
    parser.add_argument("--restarts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if PROBLEM:
        parser.error(PROBLEM)
    began, dice = time.monotonic(), random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="wr-") as name, sample_sites.serve() as sites:
        folder = Path(name)
        found = record(folder, sites.proxy, SOURCES)
        faults = cut(found, given.cuts, dice, folder)
        later, n_repaired = cut_and_restart(found, given.restarts, dice, folder, sites.proxy)
    faults += later
    text = (
        f"{len(found.journal):,} operations recorded, {given.cuts} cuts with three disks each, and {given.restarts} "
        f"restarts to the end of the work, {n_repaired} of them after `workreports doctor --repair`. "
        f"Seed {given.seed}, {(time.monotonic() - began) / 60:.0f} minutes, faults: {len(faults)}, "
        f"reports lost: {sum('missing' in fault or 'gone' in fault for fault in faults)}."
    )
    print("\n".join([text, *faults]))
    figures.write("power cuts", "\n".join([text, *(f"- {fault}" for fault in faults)]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
