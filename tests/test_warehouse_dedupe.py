"""Duplicates inside the archive: the same rows however the reports came, and no explosion."""

from __future__ import annotations

import random
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.dedupe_file import dedupe_rows
from archive.warehouse.dedupe import add_fingerprints, deduplicate, forget, rows_of
from archive.warehouse.dedupe_file import create_tables
from tests.composed import BOILERPLATE, masked, other_figures, redated, report, with_chrome

Rows = list[tuple[object, ...]]


def collection(n_reports: int = 16) -> dict[str, str]:
    """Reports with copies, previews, editions and a compilation, and boilerplate in all."""
    texts: dict[str, str] = {}
    for n in range(n_reports):
        text = "".join(BOILERPLATE) + report(n, 24)
        texts[f"{n:02}-original"] = text
        texts[f"{n:02}-copy"] = with_chrome(redated(masked(text)), 0.1)
        if n % 3 == 0:
            texts[f"{n:02}-preview"] = text[:700] + "\n部分预览已结束，点击下载"
            texts[f"{n:02}-edition"] = other_figures(text)
            texts[f"{n:02}-again"] = text.replace("\n", "")
    texts["compilation"] = "\n篇\n".join(texts[f"{n:02}-original"] for n in range(3))
    return texts


TEXTS = collection()


def opened(texts: dict[str, str]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(":memory:", config={"threads": "2"})
    create_tables(con)
    for name in texts:
        url, preview = (
            ("http://www.a.gov.cn/" if "original" in name else "http://b.example/"),
            "preview" in name,
        )
        con.execute(
            "INSERT INTO report_heads (report_id, url, is_truncated) VALUES (?, ?, ?)",
            [name, url + name, preview],
        )
    return con


def stored(con: duckdb.DuckDBPyConnection) -> tuple[Rows, Rows]:
    return (
        con.execute("SELECT * FROM duplicates ORDER BY a, b").fetchall(),
        con.execute("SELECT * FROM families ORDER BY report_id").fetchall(),
    )


def in_batches(texts: dict[str, str], batches: list[list[str]]) -> duckdb.DuckDBPyConnection:
    con = opened(texts)
    for names in batches:
        add_fingerprints(con, rows_of({name: texts[name] for name in names}))
        deduplicate(con, names)
    return con


@pytest.fixture(scope="module")
def whole() -> Iterator[duckdb.DuckDBPyConnection]:
    con = opened(TEXTS)
    add_fingerprints(con, rows_of(TEXTS))
    deduplicate(con)
    yield con
    con.close()


def test_what_a_reader_would_say(whole: duckdb.DuckDBPyConnection) -> None:
    relations = {(a, b): relation for a, b, relation, *_ in stored(whole)[0]}
    families = {name: (canonical, reason) for name, canonical, reason, _ in stored(whole)[1]}
    assert relations["03-copy", "03-original"] == "same"
    assert relations["03-original", "03-preview"] == "contains"
    assert relations["03-edition", "03-original"] == "edition"
    assert relations["01-original", "compilation"] == "part_of"
    assert not any(a[:2] != b[:2] for (a, b), kind in relations.items() if kind == "same")
    assert families["03-copy"] == families["03-again"] == families["03-preview"]
    assert families["03-copy"] == ("03-original", "official site 官方网站")
    assert families["03-edition"][0] == "03-edition"
    assert families["compilation"][0] == "compilation"
    assert len(families) == len(TEXTS)


def test_boilerplate_is_learned_and_counts_for_nothing(whole: duckdb.DuckDBPyConnection) -> None:
    assert whole.execute("SELECT count(*) > 3 AND min(n_groups) > 12 FROM boilerplate").fetchall() == [
        (True,)
    ]
    strangers = whole.execute(
        "SELECT count(*) FROM duplicates WHERE a[:2] <> b[:2] AND a[:1] <> 'c' AND b[:1] <> 'c'"
    ).fetchall()
    assert strangers == [(0,)]


@given(st.randoms(use_true_random=False), st.integers(1, 9))
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_order_and_batches_do_not_matter(
    whole: duckdb.DuckDBPyConnection, rng: random.Random, n_batches: int
) -> None:
    names = sorted(TEXTS)
    rng.shuffle(names)
    batches = [names[start::n_batches] for start in range(n_batches)]
    with in_batches(TEXTS, batches) as con:
        assert stored(con) == stored(whole)


def test_the_whole_archive_at_once_changes_nothing() -> None:
    names = sorted(TEXTS, key=lambda name: name[::-1])
    with in_batches(TEXTS, [names[:20], names[20:21], names[21:]]) as con:
        before = stored(con)
        deduplicate(con)
        assert stored(con) == before


def test_a_changed_text_leaves_its_family_and_a_forgotten_one_the_archive() -> None:
    texts = {"a": report(1), "b": redated(report(1)), "c": report(1) + "\n完。"}
    with in_batches(texts, [["a", "b", "c"]]) as con:
        assert len({row[1] for row in stored(con)[1]}) == 1
        add_fingerprints(con, rows_of({"b": report(2)}))
        deduplicate(con, ["b"])
        assert {row[0]: row[1] for row in stored(con)[1]} == {"a": "a", "b": "b", "c": "a"}
        forget(con, ["a"])
        deduplicate(con, [])
        assert stored(con)[0] == []
        assert {row[0]: row[1] for row in stored(con)[1]} == {"b": "b", "c": "c"}


def test_the_same_text_again_changes_nothing() -> None:
    with in_batches({"a": report(1)}, [["a"]]) as con:
        before = con.execute("FROM compared_texts").fetchall()
        add_fingerprints(con, rows_of({"a": report(1)}))
        assert con.execute("FROM compared_texts").fetchall() == before


def test_many_copies_and_one_shared_page_stay_linear() -> None:
    page = "".join(BOILERPLATE) * 3
    texts = {f"page{n:03}": page + report(1000 + n, 1) for n in range(100)}
    copies = {f"copy{n:03}": redated(report(1), n % 7) + f"\n第{n}次转载。" for n in range(100)}
    con = opened({})
    add_fingerprints(con, rows_of(texts | copies))
    summary = deduplicate(con)
    assert summary.n_candidates < 20 * len(texts | copies)
    canonical = con.execute(
        "SELECT DISTINCT canonical_id FROM families WHERE report_id LIKE 'copy%'"
    ).fetchall()
    assert len(canonical) == 1


def test_a_file_of_texts() -> None:
    rows = [
        {"id": 1, "text": masked(report(1)), "url": "http://b.example/1.html", "published_on": "2021年"},
        {
            "id": 2,
            "text": report(1),
            "url": "http://a.gov.cn/1.html",
            "published_on": "2022-03-01",
            "title": "总结",
        },
        {"id": 3, "text": None},
        {"id": 4, "text": "短"},
        {"id": "5", "text": "短"},
    ]
    found = list(dedupe_rows(rows))
    assert [(row["a"], row["b"], row["relation"]) for row in found if "relation" in row] == [
        ("1", "2", "same"),
        ("4", "5", "same"),
    ]
    assert {row["id"]: row["canonical"] for row in found if "id" in row} == {
        "1": "2",
        "2": "2",
        "3": "3",
        "4": "4",
        "5": "4",
    }


def test_an_empty_file() -> None:
    assert list(dedupe_rows([])) == []
