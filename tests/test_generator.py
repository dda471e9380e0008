"""The archives that benchmarks measure are such as the loader makes."""

from __future__ import annotations

from pathlib import Path

import duckdb

from archive.warehouse import Home, open_writer
from tests.archives import empty_home
from tests.benchmarks.archive_generator import batch, generate, run

BASE, N = 8, 20
# What is drawn from the whole reading, from the clock, or from how often was published.
NOT_COMPARED = {"archive_facts", "ledger", "schema_migrations", "search_runs", "crawl_runs"}


def rows(home: Home) -> dict[str, list[str]]:
    with duckdb.connect(str(home.work_file), read_only=True) as con:
        tables = [
            t for (t,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()
        ]
        con.execute("SET TimeZone = 'UTC'")
        found = {}
        for table in sorted(set(tables) - NOT_COMPARED):
            leave = "EXCLUDE (reading_digest)" if table == "report_heads" else ""
            found[table] = sorted(
                repr(row) for row in con.execute(f"SELECT * {leave} FROM {table}").fetchall()
            )
        return found


def test_copied_reports_are_as_the_loader_would_have_made_them(tmp_path: Path) -> None:
    loaded, copied = empty_home(tmp_path / "loaded"), empty_home(tmp_path / "copied")
    with open_writer(loaded) as writer:
        writer.load(batch(0, BASE, BASE))
        writer.load(batch(BASE, N - BASE, BASE))
        writer.save_run(run(0))
    generate(copied, N, BASE)
    expected, made = rows(loaded), rows(copied)
    assert {t for t in expected if expected[t]} >= {"report_heads", "search_postings", "tags", "fingerprints"}
    for table in expected:
        assert made[table] == expected[table], table
