"""The views and macros: each answers its question on a small archive, and each explains itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archive.models import Batch, ListedRow, Tag, Tagged, report_id
from archive.warehouse import Archive, Home, QuestionError, ask, open_writer
from archive.warehouse.dictionary import dictionary
from archive.warehouse.questions import find_report, search
from archive.warehouse.views import VIEWS
from tests.archives import (
    COPY,
    GOV,
    HEALTH,
    HEALTH_2021,
    HEALTH_PLAN,
    NOON,
    PREVIEW,
    batch,
    empty_home,
    reading,
    real_reading,
    small_archive,
)

HEALTH_ID, PLAN_ID, COPY_ID = map(report_id, (HEALTH_2021, HEALTH_PLAN, COPY))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return small_archive(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def archive(home: Home) -> Iterator[Archive]:
    with ask(home) as opened:
        yield opened


def test_every_table_view_macro_and_column_is_explained_in_both_languages(archive: Archive) -> None:
    said = archive.rows(
        """SELECT 'table ' || table_name, comment FROM duckdb_tables() WHERE NOT internal
        UNION ALL SELECT 'view ' || view_name, comment FROM duckdb_views() WHERE NOT internal
        UNION ALL SELECT 'macro ' || function_name, comment FROM duckdb_functions()
            WHERE NOT internal AND function_type IN ('macro', 'table_macro')
        UNION ALL SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal"""
    ).rows
    assert len(said) > 300
    assert [name for name, comment in said if " · " not in (comment or "")] == []


def test_every_file_of_views_begins_with_its_question() -> None:
    first_lines = {path.name: path.read_text("utf-8").partition("\n")[0] for path in VIEWS.glob("*.sql")}
    assert len(first_lines) > 20
    assert [
        name
        for name, line in first_lines.items()
        if not ((line.startswith("-- ") and "?" in line and " | " in line) or "：" in line)
    ] == []


def test_the_dictionary_is_the_one_in_the_docs(archive: Archive) -> None:
    kept = (Path(__file__).parent.parent / "docs" / "dictionary.md").read_text("utf-8")
    assert kept == dictionary(archive), "run: python -m archive.warehouse.dictionary FILE docs/dictionary.md"


def test_redated_names_the_masked_copy_and_its_original(archive: Archive) -> None:
    row = archive.one("FROM redated")
    assert row is not None
    assert (row["copy_id"], row["original_id"]) == (COPY_ID, HEALTH_ID)
    assert (row["copy_year"], row["original_year"], row["is_other_year"], row["figures_masked"]) == (
        2025,
        2021,
        True,
        True,
    )
    assert row["copy_url"] == COPY and row["relation"] == "same"


def test_canonical_reports_leave_the_copy_out(archive: Archive) -> None:
    rows = dict(archive.rows("SELECT report_id, n_members FROM canonical_reports").rows)
    assert COPY_ID not in rows and rows[HEALTH_ID] == 2
    assert {r for (r,) in archive.rows("SELECT report_id FROM reports_wide WHERE NOT is_canonical").rows} == {
        COPY_ID
    }
    family = archive.rows("SELECT report_id, is_canonical FROM family(?)", [COPY_ID]).rows
    assert family == [(HEALTH_ID, True), (COPY_ID, False)]


def test_a_plan_meets_the_report_on_its_year(archive: Archive) -> None:
    rows = archive.rows(
        "SELECT indicator, planned, reported, fulfilled_ratio, outcome FROM plan_vs_report WHERE plan_id = ? ORDER BY indicator",
        [PLAN_ID],
    ).rows
    assert ("新型农村合作医疗参合率", 97.0, 98.0, 1.0103, "met") in rows
    assert ("接种疫苗", 30000.0, 32000.0, 1.0667, "met") in rows
    assert len({row[0] for row in rows}) == len(rows), "a target meets one figure"


def test_a_target_meets_the_figure_of_its_own_name(tmp_path: Path) -> None:
    plan = "2021年，力争新增学位900个，力争改造学校8所，公办园占比达到60%，大班额占比控制在5%以内。"
    done = "一年来，新建项目学校55所，全县公办园占比达到57%，大班额占比4.2%，新增学位950个，惠及学生3万人。"
    home = empty_home(tmp_path)
    readings = [
        real_reading(f"{GOV}/{n}.html", title, text * 3, publisher="云河县教育局", published_on=day)
        for n, title, text, day in (
            (1, "云河县教育局2021年工作计划", plan, date(2021, 1, 9)),
            (2, "云河县教育局2021年工作总结", done, date(2022, 1, 9)),
        )
    ]
    with open_writer(home) as writer:
        writer.load(batch("k", *readings))
        writer.publish()
    with ask(home) as archive:
        rows = archive.rows("SELECT indicator, reported, outcome FROM plan_vs_report").rows
    said = {name: (reported, outcome) for name, reported, outcome in rows}
    assert said["新增学位"] == (950.0, "met")
    assert said["公办园占比"] == (57.0, "missed")
    assert said["大班额占比"] == (4.2, "met"), "以内 is an upper limit"
    assert said["改造学校"][1] == "not reported", "55 学校 is another figure"


def test_coverage_says_what_is_held_and_why_a_cell_is_empty(archive: Archive) -> None:
    cells = {
        (kind, year): state
        for kind, year, state in archive.rows(
            "SELECT report_type, year, state FROM coverage WHERE region = '429006' AND sector = 'health'"
        ).rows
    }
    assert cells["annual", 2021] == cells["plan", 2022] == "held"
    assert cells["annual", 2019] == "blocked"
    assert cells["annual", 2018] == "listed, not fetched"
    assert cells["annual", 2024] == "not listed"


def test_coverage_of_an_agency_without_a_region_and_the_reason_that_can_be_mended_first(
    tmp_path: Path,
) -> None:
    home = empty_home(tmp_path)
    report = real_reading(
        f"{GOV}/1.html", "石桥区教育局2021年工作总结", "一年来，新增学位950个。", publisher="石桥区教育局", published_on=date(2022, 1, 9)
    )  # fmt: skip
    rows = [
        ListedRow("run1", "yunhe", f"{GOV}/", f"{GOV}/{n}.html", title, None, 1, decision, "", NOON)
        for n, title, decision in (
            (2, "石桥区教育局2020年工作总结", "filtered"),
            (3, "石桥区教育局2019年工作总结", "filtered"),
            (4, "石桥区教育局2019年工作总结（修订）", "budget"),
            (5, "关于报送2018年工作总结的通知", "filtered"),
        )
    ]
    with open_writer(home) as writer:
        writer.load(Batch("k", captures=(report.capture,), readings=(report,), listed=tuple(rows)))
        writer.publish()
    with ask(home) as archive:
        cells = archive.rows(
            "SELECT year, state FROM coverage WHERE publisher = '石桥区教育局' AND region = '' ORDER BY year"
        ).rows
    assert cells[:4] == [
        (2019, "listed, not fetched"),
        (2020, "out of scope"),
        (2021, "held"),
        (2022, "not listed"),
    ]


def test_rejected_and_blocked_rows_are_named(archive: Archive) -> None:
    reasons = dict(archive.rows("SELECT title, reason FROM cell_reasons").rows)
    assert reasons["关于召开会议的通知"] == "rejected: notice"
    assert reasons["天门市卫生健康委2019年工作总结"] == "blocked"


def test_gaps_in_a_series_of_index_numbers(archive: Archive) -> None:
    rows = archive.rows("SELECT series, first_missing, last_missing FROM series_gaps ORDER BY 2").rows
    assert rows == [("011234560/2022-", 3, 3), ("011234560/2022-", 7, 11)]


def test_an_agency_that_stopped_publishing(archive: Archive) -> None:
    rows = archive.rows("SELECT publisher, last_year, n_years_silent FROM stopped_agencies").rows
    assert rows == [("天门市人民政府", 2020, 5)]


def test_citations_are_found_whatever_their_brackets_and_linked(archive: Archive) -> None:
    for written in ("云卫发〔2021〕12号", "云卫发[2021]12号", "云卫发（2021） 12号"):
        assert {r for (r,) in archive.rows("SELECT report_id FROM cited_by(?)", [written]).rows} == {
            HEALTH_ID,
            COPY_ID,
        }
    assert (HEALTH_ID, PLAN_ID) in archive.rows("SELECT citing_id, cited_id FROM citation_links").rows


def test_series_of_a_figure_by_region(archive: Archive) -> None:
    series = "SELECT year, value, modality FROM indicator_series('参合率', ?) WHERE unit = '%' ORDER BY value"
    expected = [(2021, 97.0, "target"), (2021, 98.0, "actual"), (2021, 99.0, "target")]
    assert archive.rows(series, ["429006"]).rows == expected
    assert archive.rows(series, ["420000"]).rows == expected, "a province's code finds its counties"
    assert archive.rows(series, ["430000"]).rows == []


def test_evidence_quotes_the_text(archive: Archive) -> None:
    quotes = archive.rows(
        "SELECT name, value, quote FROM evidence(?) WHERE quote IS NOT NULL", [HEALTH_ID]
    ).rows
    assert ("plan_year", "2022", "2022年") in quotes
    spans = archive.rows(
        "SELECT i.value, substr(r.text, span_start + 1, span_end - span_start) FROM indicators i JOIN reports r USING (report_id) "
        "WHERE report_id = ? AND i.name = '每千人口床位数'", [HEALTH_ID],
    ).rows  # fmt: skip
    assert [(value, quote[:3]) for value, quote in spans] == [(4.5, "4.5")]


def test_shared_passages_and_similar_reports(archive: Archive) -> None:
    passages = archive.rows("SELECT other_id, relation, passage FROM shared_passages(?)", [HEALTH_ID]).rows
    assert passages[0][:2] == (COPY_ID, "same")
    assert all(passage in HEALTH for _, _, passage in passages)
    turned = archive.rows("SELECT other_id FROM shared_passages(?)", [COPY_ID]).rows
    assert turned[0] == (HEALTH_ID,)
    assert archive.rows('SELECT report_id FROM "similar"(?)', [HEALTH_ID]).rows[0] == (COPY_ID,)


def test_time_travel(archive: Archive) -> None:
    assert archive.rows("SELECT count(*) FROM as_of('2026-11-01')").rows == [(0,)]
    assert archive.rows("SELECT count(*) FROM as_of('2026-11-03')").rows == [(10,)]
    assert archive.rows("SELECT count(*), min(change) FROM new_since('2026-11-01')").rows == [(10, "new")]
    assert archive.rows("SELECT count(*) FROM new_since('2026-11-03')").rows == [(0,)]


def test_source_health_and_archive_info(archive: Archive) -> None:
    row = archive.one(
        "SELECT n_reports, state, end_reached, n_runs_30_days FROM source_health WHERE source = 'yunhe'"
    )
    assert row == {"n_reports": 8, "state": "done", "end_reached": True, "n_runs_30_days": 1}
    info = archive.one("FROM archive_info")
    assert (
        info is not None
        and (info["n_reports"], info["n_copies"]) == (10, 1)
        and info["published_at"] is not None
    )


# ------------------------------------------------------------------------------------------- search


def found(archive: Archive, words: str, **filters: object) -> list[str]:
    return [row[0] for row in search(archive, words, filters).rows]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("新型农村合作医疗", {HEALTH_ID, PLAN_ID, COPY_ID}),
        ("新型農村合作醫療", {HEALTH_ID, PLAN_ID, COPY_ID}),  # traditional finds simplified
        ("参合率 传染病", {HEALTH_ID, COPY_ID}),  # both words
        ('"基层卫生人才不足"', {HEALTH_ID, COPY_ID}),
        ("传染病 OR 总体思路", {HEALTH_ID, COPY_ID, PLAN_ID}),
        ("参合率 NOT 传染病", {PLAN_ID}),
        ("参合率 -总体思路", {HEALTH_ID, COPY_ID}),
        ("参合率 NOT 床位", set()),
        ("２０２２年 卫发", {HEALTH_ID}),  # full-width digits
        ("云卫发〔2021〕12号", {HEALTH_ID, COPY_ID}),  # Chinese punctuation
        ("“疾病预防控制”", {HEALTH_ID, COPY_ID}),
        ("没有这样的词", set()),
        ("参 传染病", {HEALTH_ID, COPY_ID}),  # one character only checks
        ("", set()),
        ("NOT 参合率", set()),
    ],
)
def test_words_phrases_and_operators(archive: Archive, words: str, expected: set[str]) -> None:
    assert set(found(archive, words)) == expected


@pytest.mark.parametrize("words", ["参", "';--", "[(*+?\\", "参 OR 率"])
def test_words_without_a_pair_of_characters_are_said_to_need_grep(archive: Archive, words: str) -> None:
    with pytest.raises(QuestionError, match="two characters or more; grep"):
        found(archive, words)


def test_a_mark_within_a_word_hides_no_report_behind_many_that_hold_its_halves(tmp_path: Path) -> None:
    home, figures = empty_home(tmp_path), [f"完成率98%，比上年6个点，{i}；" * 9 for i in range(60)]
    with open_writer(home) as writer:
        named = {f"http://a.example/{i}": text for i, text in enumerate([*figures, "完成率98.6%。"])}
        writer.load(batch("marks", *(reading(url, text, title="总结") for url, text in named.items())))
        writer.publish()
    with ask(home) as archive:
        rows = search(archive, "完成率98.6%", {}).dicts()
    assert [row["url"] for row in rows] == ["http://a.example/60"]


def test_a_hit_in_the_title_ranks_first_and_the_snippet_marks_the_hit(archive: Archive) -> None:
    rows = search(archive, "工作打算", {}).dicts()
    assert {row["report_id"] for row in rows[:2]} == {HEALTH_ID, COPY_ID}
    snippet = search(archive, "合作醫療", {"source": "yunhe"}).dicts()[0]["snippet"]
    assert "【合作医疗】" in snippet and len(snippet) < 120


def test_search_filters(archive: Archive) -> None:
    assert found(archive, "参合率", year=2021, type="plan", region="429006") == found(
        archive, "参合率", source="yunhe"
    )
    assert found(archive, "参合率", year=2025) == [COPY_ID]
    assert found(archive, "参合率", sector="education") == []


def test_words_that_only_look_like_neighbours_are_not_found(archive: Archive) -> None:
    # 合作医 and 作医疗 stand in the text, 医疗合作 does not, though all its pairs but one do
    assert found(archive, "医疗合作") == []


def test_grep_and_passages(archive: Archive) -> None:
    hits = archive.rows(r"SELECT report_id, hit FROM grep('参合率达到\d+%') ORDER BY hit").rows
    assert (HEALTH_ID, "参合率达到98%") in hits
    rows = archive.rows(
        "SELECT before, after, span_start, span_end FROM passages('参合率', 6) WHERE report_id = ?",
        [HEALTH_ID],
    ).rows
    assert [(b, a) for b, a, _, _ in rows] == [("农村合作医疗", "达到98%，"), ("农村合作医疗", "达到99%，")]
    assert all(HEALTH[start:end] == "参合率" for _, _, start, end in rows)


def test_find_report_by_id_beginning_or_url(archive: Archive) -> None:
    assert find_report(archive, COPY) == find_report(archive, COPY_ID[:6]) == COPY_ID
    with pytest.raises(QuestionError, match="no report is called"):
        find_report(archive, "zzz")
    with pytest.raises(QuestionError, match="may be any of"):
        find_report(archive, "")
    assert find_report(archive, PREVIEW) == report_id(PREVIEW)


def test_a_limit_holds_where_nothing_was_read_from_the_reports(tmp_path: Path) -> None:
    # DuckDB 2.0.0 ignores LIMIT above a LEFT JOIN whose filtered right side is empty
    home = empty_home(tmp_path)
    found = [
        replace(
            reading(f"{GOV}/{number}.html", publisher="云河县卫生局"),
            tagged=Tagged(
                (
                    Tag("report_types", "annual", 0.9, "title"),
                    Tag("period_end", f"{2020 + number}-12-31", 0.9, "title"),
                    Tag("plan_year", str(2021 + number), 0.9, "title"),
                )
            ),
        )
        for number in range(4)
    ]
    with open_writer(home) as writer:
        writer.load(batch("k1", *found))
        writer.publish()
    with ask(home) as opened:
        views = [
            name
            for (name,) in opened.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal").rows
            if opened.rows(f"SELECT count(*) FROM {name}").rows[0][0] > 1
        ]
        assert {"plan_vs_report", "reports_wide", "canonical_reports", "coverage"} <= set(views)
        assert {name: len(opened.rows(f"FROM {name} LIMIT 1").rows) for name in views} == dict.fromkeys(
            views, 1
        )
        ordered = "SELECT plan_id, report_id FROM plan_vs_report ORDER BY plan_year LIMIT 1"
        assert len(opened.rows(ordered).rows) == 1
