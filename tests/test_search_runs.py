"""The postings of a search: runs that merge as they grow, and the upgrade of an archive that has none."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from archive.warehouse import Home, ask, open_writer
from archive.warehouse.questions import search
from archive.warehouse.runs import n_to_merge
from tests.archives import batch, empty_home, reading

UNSORTED = """SELECT count(*) FROM (
    SELECT bigram, version_id, lag((bigram, version_id)) OVER (ORDER BY rowid) AS prior
    FROM search_postings WHERE version_id BETWEEN ? AND ?
) WHERE prior > (bigram, version_id)"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return empty_home(tmp_path)


def url(number: int) -> str:
    return f"http://a.example/{number}.html"


def runs(home: Home) -> list[tuple[int, int]]:
    with duckdb.connect(str(home.work_file), read_only=True) as con:
        found = con.execute("FROM search_runs ORDER BY 1").fetchall()
        assert [con.execute(UNSORTED, run).fetchall() for run in found] == [[(0,)]] * len(found)
        (held,) = con.execute("SELECT count(DISTINCT version_id) FROM search_postings").fetchall()[0]
        assert con.execute(
            "SELECT count(*) FROM (SELECT DISTINCT bigram, version_id FROM search_postings)"
        ).fetchall() == (con.execute("SELECT count(*) FROM search_postings").fetchall()), (
            "no posting is lost or doubled by merging"
        )
        assert held == con.execute("SELECT count(*) FROM report_heads").fetchall()[0][0]
    return found


def test_runs_merge_as_they_grow_and_every_report_is_found(home: Home) -> None:
    seen = []
    for number in range(6):
        with open_writer(home) as writer:
            writer.load(batch(f"k{number}", reading(url(number), f"村卫生室第{number}号\n公共卫生")))
            writer.publish()
        seen.append(runs(home))
    assert seen == [
        [(1, 1)],
        [(1, 2)],
        [(1, 2), (3, 3)],
        [(1, 4)],
        [(1, 4), (5, 5)],
        [(1, 4), (5, 6)],
    ]
    with ask(home) as archive:
        assert len(search(archive, "公共卫生 村卫生室", {}).rows) == 6


def test_merging_leaves_out_what_is_of_no_current_version(home: Home) -> None:
    with open_writer(home) as writer:
        writer.load(batch("k1", reading(url(1), "医疗卫生")))
        writer.load(batch("k2", reading(url(1), "文化旅游", digest="d2")))
        writer.publish()
    assert runs(home) == [(1, 2)]


def test_a_day_of_small_loads_never_moves_the_long_runs() -> None:
    assert n_to_merge([131_072, 131_000, 40_000, 1_000, 400, 10]) == 0
    assert n_to_merge([131_072, 131_000, 40_000, 300, 100, 10, 300]) == 4


def test_an_archive_without_runs_is_upgraded_with_its_postings_sorted(home: Home) -> None:
    with open_writer(home) as writer:
        writer.load(batch("k1", *(reading(url(n), f"村卫生室第{n}号\n公共卫生") for n in range(5))))
        writer.load(batch("k2", reading(url(0), "文化旅游", digest="d2")))
    with duckdb.connect(str(home.work_file)) as con:
        con.execute("CREATE TABLE postings AS FROM search_postings ORDER BY hash(bigram, version_id)")
        con.execute(
            "DELETE FROM search_postings; INSERT INTO search_postings FROM postings; DROP TABLE postings"
        )
        con.execute("CREATE TABLE pieces AS FROM search_texts; DROP TABLE search_texts")
        con.execute("ALTER TABLE pieces RENAME TO search_texts")
        con.execute("DROP TABLE search_runs; DELETE FROM schema_migrations WHERE number = 20")
        con.execute("INSERT INTO archive_facts VALUES ('sorted_postings', '7')")
    with open_writer(home) as writer:
        writer.publish()
    assert runs(home) == [(2, 6)]
    with ask(home) as archive:
        assert len(search(archive, "村卫生室 公共卫生", {}).rows) == 4
        assert len(search(archive, "文化旅游", {}).rows) == 1
        assert archive.rows("FROM archive_facts WHERE name = 'sorted_postings'").rows == []
