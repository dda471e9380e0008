"""Loading reports with all that is derived from them, beside DuckDB's own `executemany` of the same rows.

    python -m tests.benchmarks.load [--reports 100000] [--peer-reports 200]

Ours also keeps what is searched and compared (postings, pieces, fingerprints, packed texts); the peer only inserts the
rows of the six plain tables, in one transaction, and is so slow that it gets fewer reports: both are shown by report.
Turn and turn about, batch by batch, each with a file of its own, in one process; CPU seconds of all threads.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from archive.models import Batch, Reading
from archive.warehouse import Home, open_writer
from archive.warehouse.bulk import utc
from archive.warehouse.rows import derived_rows, head_row, id_of, version_row
from tests.benchmarks.archive_generator import batch

BATCH = 1_000


def rows(readings: tuple[Reading, ...], first: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of the plain tables, table by table."""
    yield "report_heads", [head_row(reading) for reading in readings]
    own = ({"version_id": first + i, "version": 1} for i in range(len(readings)))
    yield (
        "report_versions",
        [{**version_row(reading), **more} for reading, more in zip(readings, own, strict=True)],
    )
    derived = [derived_rows(id_of(r), r.tagged, r.rules_version) for r in readings]
    for table in ("tags", "sections", "indicators", "citations"):
        yield table, [row for each in derived for row in each[table]]


def executemany(con: duckdb.DuckDBPyConnection, readings: tuple[Reading, ...], first: int) -> None:
    """The peer."""
    con.execute("BEGIN")
    for table, found in rows(readings, first):
        names = list(found[0])
        marks = ", ".join("?" * len(names))
        values = [[utc(v) if hasattr(v, "tzinfo") else list(v) if isinstance(v, tuple) else v for v in row.values()] for row in found]  # fmt: skip
        con.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values)
    con.execute("COMMIT")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--peer-reports", type=int, default=200)
    options = parser.parse_args()
    ours = theirs = 0.0
    n_batches = -(-options.reports // BATCH)
    share = -(-options.peer_reports // n_batches)
    n_theirs = 0
    with tempfile.TemporaryDirectory() as folder:
        with open_writer(Home(Path(folder) / "peer")):
            pass
        with (
            duckdb.connect(str(Home(Path(folder) / "peer").work_file)) as con,
            open_writer(Home(Path(folder))) as writer,
        ):
            for start in range(0, options.reports, BATCH):
                made = batch(start, min(BATCH, options.reports - start))
                began = time.process_time()
                writer.load(Batch(made.key, readings=made.readings))
                ours += time.process_time() - began
                if n_theirs < options.peer_reports:
                    began = time.process_time()
                    executemany(con, made.readings[:share], start)
                    theirs += time.process_time() - began
                    n_theirs += share
    mine, peer = ours / options.reports * 1000, theirs / n_theirs * 1000
    print(f"ours: {mine:.2f} CPU ms a report ({options.reports:,} reports)")
    print(f"executemany: {peer:.2f} CPU ms a report ({n_theirs:,} reports)")
    print(
        f"executemany / ours: {peer / mine:.1f}; peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
