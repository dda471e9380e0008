"""What a batch of 1,000 new reports costs against a small and a large archive of stored fingerprints.

    python tests/benchmarks/dedupe_growth.py [--sizes 10000 1000000] [--folder DIR]

The archive holds composed reports of about 2,500 Han characters, each with its characters exchanged so that it is
unrelated to every other, and four sentences of boilerplate that all share. A batch holds 600 new reports, 300
re-publications (re-dated, figures masked) of archived ones and 100 previews. Each batch runs in a process of its own
with one thread and memory_limit 500 MB, from raw text to families; CPU seconds and peak memory are that process's.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from archive.text import code_points
from archive.warehouse.dedupe import add_fingerprints, deduplicate, rows_of
from archive.warehouse.dedupe_file import create_tables

sys.path.insert(0, str(Path(__file__).parent.parent))
from composed import BOILERPLATE, masked, redated, report

N_BASES, N_SENTENCES, BATCH = 200, 52, 1_000
N_COPIES, N_PREVIEWS = 300, 100
CONFIG = {"threads": "1", "memory_limit": "500MB", "storage_compatibility_version": "v1.5.0"}


class Base(NamedTuple):
    """A composed report whose letters can be exchanged."""

    codes: NDArray[np.uint32]
    letters: NDArray[np.intp]  # for each code the number of its letter, -1 for what stays
    n_letters: int


@cache
def base(number: int) -> Base:
    """One of the composed reports, made once."""
    codes = code_points(report(number, N_SENTENCES))
    is_han = (codes >= 0x4E00) & (codes < 0xA000)
    found, numbers = np.unique(codes[is_han], return_inverse=True)
    letters = np.full(len(codes), -1)
    letters[is_han] = numbers
    return Base(codes, letters, len(found))


def archived(number: int) -> str:
    """The text of archived report `number`: a composed one with other characters in place of its own."""
    codes, letters, n_letters = base(number % N_BASES)
    others = np.random.default_rng(number).integers(0x4E00, 0x9000, n_letters, dtype=np.uint32)
    body = str(np.where(letters < 0, codes, others[letters]).astype("<u4").tobytes(), "utf-32-le")
    return "".join([BOILERPLATE[0], "2021年，", body, *BOILERPLATE[1:]])


def batch(size: int) -> dict[str, str]:
    """A day's new reports against an archive of that size."""
    rng = random.Random(size)
    known = rng.sample(range(size), N_COPIES + N_PREVIEWS)
    texts = {f"copy{n}": masked(redated(archived(n)), keep=0.3) for n in known[:N_COPIES]}
    texts |= {f"preview{n}": archived(n)[: rng.randrange(500, 1200)] for n in known[N_COPIES:]}
    first = 10_000_000 + size
    return texts | {str(n): archived(n) for n in range(first, first + BATCH - len(texts))}


def build(path: Path, size: int) -> None:
    """Bring the archive to `size` reports; boilerplate is learned from the first 10,000."""
    with duckdb.connect(str(path), config=CONFIG) as con:
        n_now = 0
        if con.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]:
            create_tables(con)
        else:
            n_now = con.execute("SELECT count(*) FROM compared_texts").fetchall()[0][0]
        for start in range(n_now, size, 5_000):
            texts = {str(n): archived(n) for n in range(start, min(size, start + 5_000))}
            add_fingerprints(con, rows_of(texts))
            print(f"\r{start + len(texts):,} archived", end="", file=sys.stderr, flush=True)
        if n_now == 0:
            deduplicate(con)
        con.execute(_SETTLED)
        con.execute("CHECKPOINT")


# What the archive would say of reports that were all compared: each stands alone.
_SETTLED = """
    DELETE FROM unsettled;
    DELETE FROM families;
    DELETE FROM report_heads;
    INSERT INTO families SELECT report_id, report_id, 'only copy 唯一', '' FROM compared_texts;
    INSERT INTO report_heads (report_id, url, published_on, first_seen_at, is_truncated)
        SELECT report_id, 'http://a.example/' || report_id, DATE '2021-01-05', TIMESTAMP '2021-01-06', false
        FROM compared_texts
"""


def step(path: str, size: int) -> None:
    """One batch, rolled back at the end; prints its figures."""
    texts = batch(size)
    with duckdb.connect(path, config=CONFIG) as con:
        con.execute("BEGIN")
        started = time.process_time()
        add_fingerprints(con, rows_of(texts))
        added = time.process_time() - started
        summary = deduplicate(con, list(texts))
        cpu = time.process_time() - started
        found = con.execute(
            """SELECT count(*) FROM duplicates
            WHERE (a IN (SELECT unnest($ids)) OR b IN (SELECT unnest($ids))) AND relation IN ('same', 'contains', 'part_of')""",
            {"ids": list(texts)},
        ).fetchall()[0][0]
        con.execute("ROLLBACK")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"archived": size, "cpu_s": round(cpu, 2), "of_which_stored_s": round(added, 2)}
    figures |= {"candidates": summary.n_candidates, "related": found, "expected": N_COPIES + N_PREVIEWS}
    print(json.dumps(figures | {"peak_mb": round(memory)}))


def fingerprint_megabytes(path: Path) -> float:
    """Bytes that table fingerprints takes on disk."""
    with duckdb.connect(str(path), read_only=True) as con:
        blocks = con.execute(
            "SELECT count(DISTINCT block_id) FROM pragma_storage_info('fingerprints') WHERE block_id >= 0"
        ).fetchall()[0][0]
        return float(np.round(blocks * 262_144 / 1e6, 1))


def main() -> Iterator[str]:
    """Run the sizes in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--step", nargs=2, metavar=("FILE", "SIZE"))
    options = parser.parse_args()
    if options.step:
        step(options.step[0], int(options.step[1]))
        return
    with tempfile.TemporaryDirectory() as temporary:
        path = (options.folder or Path(temporary)) / "growth.duckdb"
        for size in options.sizes:
            build(path, size)
            for _ in range(2):
                run = [sys.executable, __file__, "--step", str(path), str(size)]
                yield subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip()
            yield f"fingerprints of {size:,}: {fingerprint_megabytes(path)} MB"


if __name__ == "__main__":
    for line in main():
        print(line, flush=True)
