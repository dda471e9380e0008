"""Kinds, periods and plans of reports, from titles in the manner of the field and from texts."""

from __future__ import annotations

import calendar
import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Report
from archive.tag_file import tag_values
from archive.tags.period import period
from archive.tags.report_types import report_types
from archive.titles.reading import read_title

_TABLE = Path(__file__).parent / "data" / "tags_a" / "titles.tsv"


def _rows() -> list[dict[str, str]]:
    lines = [line for line in _TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", restval=""))


def _dates(written: str) -> tuple[str, str] | None:
    """First and last day of a period as the table writes it: 2021, 2021H1, 2021Q3, 2016..2020, 2021-01..2021-11."""
    if not written:
        return None
    first, _, last = written.partition("..")
    year, month = (int(part) for part in _months(last or first)[1].split("-"))
    return f"{_months(first)[0]}-01", f"{year}-{month:02}-{calendar.monthrange(year, month)[1]:02}"


def _months(written: str) -> tuple[str, str]:
    year, rest = written[:4], written[4:]
    if rest.startswith("-"):
        return written, written
    halves = {"": (1, 12), "H1": (1, 6), "H2": (7, 12)}
    first, last = halves[rest] if rest in halves else (int(rest[1]) * 3 - 2, int(rest[1]) * 3)
    return f"{year}-{first:02}", f"{year}-{last:02}"


def _tags(report: Report) -> dict[str, object]:
    return tag_values([*report_types(report), *period(report)])


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["title"])
def test_title(row: dict[str, str]) -> None:
    tags = _tags(Report(title=row["title"]))
    covered = (tags["period_start"], tags["period_end"]) if "period_start" in tags else None
    assert set(tags.get("report_types", [])) == set(row["types"].split(","))  # type: ignore[call-overload]
    assert covered == _dates(row["covers"])
    assert tags.get("plan_year") == (row["plans"] or None)


def test_the_table_is_as_large_as_promised() -> None:
    assert len({row["title"] for row in _rows()}) >= 300


def test_spans_point_at_the_words() -> None:
    title = "云溪县２０２１年 上半年工作总结及下半年工作计划"
    reading = read_title(title)
    start, end = reading.types["plan"]
    assert title[start:end] == "工作计划"
    assert reading.covers is not None
    assert title[reading.covers.start : reading.covers.end] == "２０２１年 上半年"


TEXTS = [
    # title, text, kinds, period, source
    (
        "乡镇工作总结",
        "前言:仅供参考。\n一、2016年上半年工作总结\n(一)稳步推进。",
        {"half"},
        "2016-01-01",
        "text",
    ),
    (
        "",
        "2019年,我局在县委的领导下,各项工作取得进展,现总结如下:\n一、主要工作",
        {"annual"},
        "2019-01-01",
        "text",
    ),
    ("", "云溪县教育局2020年工作总结\n今年以来,我局……", {"annual"}, "2020-01-01", "text"),
    ("工作总结", "20XX年,我局在区委的领导下取得成绩。", {"annual"}, None, None),
    ("2021年工作总结", "一、2016年上半年工作总结\n内容", {"annual"}, "2021-01-01", "title"),
    ("述职报告", "2018年,我在组织的关心下……\n现将一年来的工作述职如下", {"duty"}, "2018-01-01", "text"),
]


@pytest.mark.parametrize(("title", "text", "kinds", "start", "source"), TEXTS)
def test_text_speaks_where_the_title_is_silent(
    title: str, text: str, kinds: set[str], start: str | None, source: str | None
) -> None:
    tags = _tags(Report(title=title, text=text))
    assert set(tags["report_types"]) == kinds  # type: ignore[call-overload]
    assert tags.get("period_start") == start
    assert tags.get("period_source") == source


def test_a_title_that_does_not_describe_the_text_is_not_read() -> None:
    text = "一、2016年上半年工作总结\n(一)稳步推进。"
    tags = _tags(Report(title="2021年工作总结", text=text, title_matches_text=False))
    assert tags["period_start"] == "2016-01-01"


def test_next_year_in_a_heading_is_the_year_after_the_review() -> None:
    text = "2019年,我局认真履职。\n二、明年工作打算\n继续努力。"
    tags = _tags(Report(title="教育局工作总结及工作计划", text=text))
    assert tags["plan_year"] == "2020"


@given(st.text(max_size=200))
def test_any_title_is_read_without_exception(title: str) -> None:
    reading = read_title(title)
    for start, end in reading.types.values():
        assert 0 <= start < end <= len(title)


HOSTILE = [
    "",
    "年" * 100_000,
    "2" * 100_000,
    "工作总结" * 20_000,
    "《" * 50_000,
    "\x00\x01\x02",
    "Annual report 2021",
]


@pytest.mark.timeout(10)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:8] or "empty")
def test_hostile_input_ends(text: str) -> None:
    assert isinstance(_tags(Report(title=text, text=text)), dict)
