"""The crash campaign: kill -9 at random moments of every stage, then a comparison with a run that was never killed.

    python -m tests.benchmarks.crash_campaign [--kills 200] [--seed 1] [--keep FOLDER]

Prints Markdown and writes it into docs/reliability.md. Exit status 1 if a fault was found.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crawlers import sample_sites
from tests.benchmarks import figures
from tests.crashes import STAGES, Bench, Round, faults_of, one_round, run_to_end, state_of

# A government's site with attachments and a sharing site that copies it: relations between the two must survive.
SOURCES = ("sample_yunhe_wjw", "sample_wendangge")


def campaign(folder: Path, kills: int, seed: int) -> Iterator[Round]:
    """Rounds of one kill in each stage, each round on an archive of its own, until there were enough kills."""
    dice = random.Random(seed)
    with sample_sites.serve() as sites:
        undisturbed = Bench(folder / "undisturbed", sites.proxy, SOURCES)
        usual = run_to_end(undisturbed)
        run_to_end(
            undisturbed
        )  # a restarted worker looks at every source again; so must the one it is compared with
        wanted = state_of(undisturbed.home)
        assert not (found := faults_of(undisturbed, wanted)), found
        done = number = 0
        while done < kills:
            bench = Bench(folder / str(number), sites.proxy, SOURCES)
            result = one_round(bench, _aims(dice), usual, wanted, dice)
            done, number = done + len(result.kills), number + 1
            if not result.faults:
                shutil.rmtree(bench.folder)
            yield result


def _aims(dice: random.Random) -> list[str]:
    """Every stage once; the schema is made first, since there is nothing to migrate in an archive that has one."""
    first, *others = STAGES
    return [first, *dice.sample(others, len(others))]


def show(rounds: list[Round], seed: int, seconds: float) -> str:
    """The figures as a Markdown table, kills by the stage that they fell in."""
    kills = Counter(stage for each in rounds for stage in each.kills)
    faults = [fault for each in rounds for fault in each.faults]
    rows = [f"| {stage} | {kills[stage]} |" for stage in STAGES]
    total = f"| **all** | **{kills.total()}** |"
    head = ["| killed in | kills |", "| --- | ---: |"]
    end = f"\nSeed {seed}: {len(rounds)} archives compared in {seconds / 60:.0f} minutes, faults: {len(faults)}."
    return "\n".join([*head, *rows, total, end, *(f"- {fault}" for fault in faults)])


def main() -> int:
    """Run the campaign as told on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="work here and keep the archives that had a fault")
    given = parser.parse_args()
    began = time.monotonic()
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        for each in campaign(given.keep or Path(folder), given.kills, given.seed):
            rounds.append(each)
            print(f"{', '.join(each.kills)}: {each.faults or 'no fault'}", file=sys.stderr, flush=True)
    text = show(rounds, given.seed, time.monotonic() - began)
    print(text)
    figures.write("crash campaign", text)
    return 1 if any(each.faults for each in rounds) else 0


if __name__ == "__main__":
    sys.exit(main())
