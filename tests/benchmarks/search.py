"""Times the archive's questions, interleaved with LIKE and SQLite FTS5: `python -m tests.benchmarks.search HOME [--fts FILE]`.

HOME holds an archive made by archive_generator.py, or is its file. FTS5's trigram tokenizer indexes words of three characters
and more only: with a shorter word it goes through the texts that hold the longer one, or through all of them, and ranks by how
often the words stand there. Half of the questions have such a word, as of the two-word questions of
tests/data/search/questions.tsv. All give the best 20 with a snippet; LIKE has no rank. Processor time is shown beside the time
that passed: it hardly moves when the machine is shared, but counts both cores of a query that uses both.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.warehouse import Archive, Home, ask
from archive.warehouse.questions import report_page, search

# Common and rare words, as archive_texts.py ranks them; the share of texts is that of the rarer word.
THREE_AND_MORE = (
    "公共卫生 安全生产",  # 16 %
    "脱贫攻坚 食品安全",  # 10 %
    "合作医疗 传染病",  # 7 %
    "固定资产投资 招商引资",  # 6 %
    "义务教育 参合率",  # 3 %
    "家庭医生 放管服",  # 2 %
    "床位数 接种率",  # 2 %
    "城乡居民医保 公共卫生",  # 1 %
    "医共体 河长制",  # 1 %
    "公路里程 林长制",  # 0.3 %
)
WITH_TWO = (
    *("工作 建设", "管理 疫苗", "信访 禁毒", "疫苗 信访"),
    *("疫苗 接种率", "信访 安全生产", "禁毒 公共卫生", "疫苗 传染病", "管理 床位数", "禁毒 家庭医生"),
)

LIKE = "SELECT report_id, title, substr(text, instr(text, ?), 90) FROM reports WHERE text LIKE ? AND text LIKE ? LIMIT 20"
FTS5 = "SELECT report_id, title, snippet(texts, 2, '【', '】', '…', 30) FROM texts WHERE texts MATCH ? {} ORDER BY rank LIMIT 20"
# Without the empty text FTS5 looks for the word in its index and finds nothing.
HOLDS, OFTEN = "title || text LIKE '%{}%'", "length(text) - length(replace(text, '{}', ''))"

Calls = dict[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Took:
    """Medians of one call, in milliseconds."""

    passed: float
    worked: float


def medians(calls: Calls, rounds: int) -> dict[str, Took]:
    """Each call's medians over interleaved rounds, after one round that warms up."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for round_no in range(rounds + 1):
        for name, call in calls.items():
            began, worked = time.perf_counter(), time.process_time()
            call()
            if round_no:
                times[name].append((time.perf_counter() - began, time.process_time() - worked))
    return {
        name: Took(*(statistics.median(value) * 1000 for value in zip(*values, strict=True)))
        for name, values in times.items()
    }


def fts5(archive: Archive, path: Path) -> sqlite3.Connection:
    """The same texts in SQLite FTS5 with trigrams, made once and optimized."""
    is_new = not path.exists()
    con = sqlite3.connect(path)
    if is_new:
        con.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(report_id UNINDEXED, title, text, tokenize = 'trigram')"
        )
        (last,) = archive.rows("SELECT max(version_id) FROM report_heads").rows[0]
        for first in range(0, last + 1, 10_000):
            chosen = f"SELECT report_id, title, text FROM reports WHERE version_id BETWEEN {first} AND {first + 9_999}"
            con.executemany("INSERT INTO texts VALUES (?, ?, ?)", archive.rows(chosen).rows)
        con.execute("INSERT INTO texts(texts) VALUES ('optimize')")
        con.commit()
    return con


def fts5_query(*words: str) -> tuple[str, list[str]]:
    """The question to FTS5 and its arguments."""
    long, short = ([w for w in words if (len(w) > 2) is is_long] for is_long in (True, False))
    if long:
        return FTS5.format("".join(f" AND {HOLDS.format(w)}" for w in short)), [
            " AND ".join(f'"{w}"' for w in long)
        ]
    held, often = (
        joint.join(each.format(w) for w in short) for joint, each in ((" AND ", HOLDS), (" + ", OFTEN))
    )
    snippet = f"substr(text, instr(text, '{words[0]}'), 90)"
    return f"SELECT report_id, title, {snippet} FROM texts WHERE {held} ORDER BY {often} DESC LIMIT 20", []


def search_calls(archive: Archive, sqlite: sqlite3.Connection | None) -> Calls:
    """The same two words asked three ways."""
    calls: Calls = {}
    for words in THREE_AND_MORE + WITH_TWO:
        a, b = words.split()
        calls[f"search {words}"] = lambda words=words: search(archive, words, {}).rows  # type: ignore[misc]
        calls[f"LIKE {words}"] = lambda a=a, b=b: archive.rows(LIKE, [a, f"%{a}%", f"%{b}%"])  # type: ignore[misc]
        if sqlite:
            calls[f"FTS5 {words}"] = lambda a=a, b=b, con=sqlite: con.execute(*fts5_query(a, b)).fetchall()  # type: ignore[misc]
    return calls


def other_calls(archive: Archive) -> Calls:
    """Point look-ups and the heavy views."""
    ((name,),) = archive.rows(
        "SELECT report_id FROM report_heads ORDER BY version_id LIMIT 1 OFFSET (SELECT count(*) // 2 FROM report_heads)"
    ).rows
    ((region,),) = archive.rows("SELECT region FROM report_heads WHERE report_id = ?", [name]).rows
    series = "SELECT year, avg(value) FROM indicator_series('床位数'{}) GROUP BY year"
    return {
        "text of a report": lambda: archive.rows("SELECT text FROM text_of(?)", [name]),
        "row of a report": lambda: archive.rows("SELECT * FROM reports_wide WHERE report_id = ?", [name]),
        "tags of a report": lambda: archive.rows("SELECT * FROM tags WHERE report_id = ?", [name]),
        "all of a report": lambda: report_page(archive, name),
        "coverage": lambda: archive.rows("SELECT state, count(*) FROM coverage GROUP BY state"),
        "coverage of a sector": lambda: archive.rows("SELECT * FROM coverage WHERE sector = 'health' LIMIT 1000"),
        "indicator_series": lambda: archive.rows(series.format("")),
        "indicator_series of a region": lambda: archive.rows(series.format(f", '{region}'")),
        "search in a region": lambda: search(archive, "公共卫生 安全生产", {"region": region}),
    }  # fmt: skip


def show(took: dict[str, Took]) -> None:
    """A line for each call, and the ratios of the three ways to search."""
    for name, t in took.items():
        print(f"{name:32} {t.passed:9.1f} ms, processor {t.worked:9.1f} ms")
    every = THREE_AND_MORE + WITH_TWO
    for other, questions in (("LIKE", every), ("FTS5", every), ("FTS5", THREE_AND_MORE)):
        pairs = [(took[f"search {w}"], took[f"{other} {w}"]) for w in questions if f"{other} {w}" in took]
        if pairs:
            passed = [(a.passed, b.passed) for a, b in pairs]
            print(f"medians over {len(pairs)} questions: search {_median(passed, 0):.1f} ms, {other} {_median(passed, 1):.1f} ms; "
                  f"{other} / search {_ratio(passed):.2f}, in processor time {_ratio([(a.worked, b.worked) for a, b in pairs]):.2f}"
            )  # fmt: skip


def _median(pairs: list[tuple[float, float]], place: int) -> float:
    return statistics.median(pair[place] for pair in pairs)


def _ratio(pairs: list[tuple[float, float]]) -> float:
    return _median(pairs, 1) / _median(pairs, 0)


def main() -> None:
    """Print tables of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument(
        "--fts", type=Path, help="compare with SQLite FTS5 in this file (made on the first run)"
    )
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    place = options.home.resolve() if options.home.is_file() else Home(options.home.resolve())
    began, worked = time.perf_counter(), time.process_time()
    with ask(place) as archive:
        print(
            f"open {(time.perf_counter() - began) * 1000:.0f} ms, processor {(time.process_time() - worked) * 1000:.0f} ms"
        )
        print(archive.one("FROM archive_info"))
        show(medians(other_calls(archive), options.rounds))
        for words in THREE_AND_MORE + WITH_TWO:
            search(archive, words, {})
        print(
            f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, without the others"
        )
        sqlite = fts5(archive, options.fts) if options.fts else None
        show(medians(search_calls(archive, sqlite), options.rounds))


if __name__ == "__main__":
    main()
