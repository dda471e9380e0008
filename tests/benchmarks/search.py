"""Times the archive's questions, interleaved with LIKE and SQLite FTS5: `python -m tests.benchmarks.search HOME [--fts]`.

HOME holds an archive made by archive_generator.py. FTS5's trigram tokenizer answers words of three characters and more
only, so the words compared have three or four.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from archive.warehouse import Archive, Home, ask
from archive.warehouse.questions import report_page, search

ROUNDS = 7
TWO_WORDS = ("床位数 接种率", "参合率 公路里程", "财政收入 新增就业", "脱贫人口 绿化面积")

LIKE = "SELECT report_id FROM reports WHERE text LIKE ? AND text LIKE ?"
RANKED = "SELECT report_id, snippet(texts, 2, '【', '】', '…', 30) FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 10"


def median_ms(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median of each call's time over interleaved rounds, after one round that warms up."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for round_no in range(ROUNDS + 1):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            if round_no:
                times[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def fts5(archive: Archive, path: Path) -> sqlite3.Connection:
    """The same texts in SQLite FTS5 with trigrams, made once."""
    is_new = not path.exists()
    con = sqlite3.connect(path)
    if is_new:
        con.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(report_id UNINDEXED, title, text, tokenize = 'trigram')"
        )
        con.executemany(
            "INSERT INTO texts VALUES (?, ?, ?)",
            archive.rows("SELECT report_id, title, text FROM reports").rows,
        )
        con.commit()
    return con


def search_calls(archive: Archive, sqlite: sqlite3.Connection | None) -> dict[str, Callable[[], object]]:
    """The same two words asked three ways."""
    calls: dict[str, Callable[[], object]] = {}
    for words in TWO_WORDS:
        first, second = words.split()
        calls[f"search {words}"] = lambda words=words: search(archive, words, {}, 10)  # type: ignore[misc]
        calls[f"LIKE {words}"] = lambda a=first, b=second: archive.rows(LIKE, [f"%{a}%", f"%{b}%"])  # type: ignore[misc]
        if sqlite:
            match = f'"{first}" AND "{second}"'
            calls[f"FTS5 {words}"] = lambda match=match, con=sqlite: con.execute(RANKED, [match]).fetchall()  # type: ignore[misc]
    return calls


def other_calls(archive: Archive) -> dict[str, Callable[[], object]]:
    """Point look-ups and the heavy views."""
    ((name,),) = archive.rows(
        "SELECT report_id FROM report_heads ORDER BY report_id LIMIT 1 OFFSET 1000"
    ).rows
    return {
        "text of a report": lambda: archive.rows("SELECT text FROM reports WHERE report_id = ?", [name]),
        "tags of a report": lambda: archive.rows("SELECT * FROM tags WHERE report_id = ?", [name]),
        "all of a report": lambda: report_page(archive, name),
        "coverage": lambda: archive.rows("SELECT state, count(*) FROM coverage GROUP BY state"),
        "indicator_series": lambda: archive.rows(
            "SELECT year, avg(value) FROM indicator_series('床位数') GROUP BY year"
        ),
    }


def main() -> None:
    """Print a table of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--fts", action="store_true", help="compare with SQLite FTS5 (made on the first run)")
    options = parser.parse_args()
    home = Home(options.home.resolve())
    began = time.perf_counter()
    with ask(home) as archive:
        print(f"open {(time.perf_counter() - began) * 1000:8.1f} ms; {archive.one('FROM archive_info')}")
        sqlite = fts5(archive, home.path / "fts5.sqlite") if options.fts else None
        for name, took in (
            median_ms(search_calls(archive, sqlite)) | median_ms(other_calls(archive))
        ).items():
            print(f"{name:32} {took:8.1f} ms")
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
