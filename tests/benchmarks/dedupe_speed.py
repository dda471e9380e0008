"""Fingerprints from raw text against the field's MinHash libraries, interleaved in one process.

    pip install rensa datasketch numpy        # in an environment of its own
    PYTHONPATH=. python tests/benchmarks/dedupe_speed.py [TEXTS.jsonl]

Each library gets the same documents (rows with a `text`, or composed ones) as character 5-grams, 128 permutations, one
thread, by its fastest call. Figures are the smallest CPU time of five interleaved rounds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from datasketch import MinHash  # type: ignore[import-not-found]
from rensa import RMinHash  # type: ignore[import-not-found]

from archive.fingerprints import fingerprint
from tests.composed import report

N_TEXTS, ROUNDS, GRAM, PERMUTATIONS = 240, 5, 5, 128


def grams(text: str) -> list[str]:
    """Runs of five characters."""
    return [text[i : i + GRAM] for i in range(len(text) - GRAM + 1)]


def ours(texts: list[str]) -> None:
    """Folding, shingles, sample."""
    for text in texts:
        fingerprint(text)


def rensa(texts: list[str]) -> None:
    """RMinHash."""
    for text in texts:
        RMinHash(num_perm=PERMUTATIONS, seed=1).update(grams(text))


def datasketch(texts: list[str]) -> None:
    """MinHash by batches, its fastest way in."""
    for text in texts:
        MinHash(num_perm=PERMUTATIONS).update_batch([gram.encode() for gram in grams(text)])


def seconds(run: Callable[[list[str]], None], texts: list[str]) -> float:
    """CPU seconds of one run."""
    started = time.process_time()
    run(texts)
    return time.process_time() - started


def main() -> None:
    """Print documents per second and how many times as fast ours is."""
    if len(sys.argv) > 1:
        rows = Path(sys.argv[1]).read_text("utf-8").splitlines()
        texts = [text for row in rows if 1_000 < len(text := json.loads(row)["text"]) < 8_000][:N_TEXTS]
    else:
        texts = [report(seed, 52) for seed in range(N_TEXTS)]
    runs = (ours, rensa, datasketch)
    best = {
        run: min(times)
        for run, *times in zip(runs, *([seconds(r, texts) for r in runs] for _ in range(ROUNDS)), strict=True)
    }
    for run, taken in best.items():
        print(
            f"{run.__name__}: {len(texts) / taken:,.0f} documents/s; ours is {taken / best[ours]:.1f} times as fast"
        )


if __name__ == "__main__":
    main()
