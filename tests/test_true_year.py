"""The political calendar and the years that it gives to texts."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path
from statistics import median

import pytest

from archive.calendar import meetings, plans, series, terms
from archive.models import Report
from archive.tags.true_year import claimed_years, true_year

DATED = [
    (int(line.split("\t")[0]), line.split("\t")[1])
    for line in (Path(__file__).parent / "data/tags_b/dated.tsv").read_text(encoding="utf-8").splitlines()
]


def years(text: str, title: str = "工作总结", **fields: object) -> tuple[int, int, str]:
    tags = {t.name: t.value for t in true_year(Report(title=title, text=text, **fields))}
    return tags["true_year_lo"], tags["true_year_hi"], tags["redated"]


@pytest.mark.parametrize(("year", "text"), DATED)
def test_contains_the_year(year, text):
    lo, hi, _ = years(text)
    assert lo <= year <= hi


def test_intervals_are_narrow():
    """Passages of one or two sentences: a report's whole text gives more."""
    assert len(DATED) >= 60
    assert median(hi - lo + 1 for lo, hi, _ in (years(text) for _, text in DATED)) <= 3


def test_true_claims_are_never_conflicts():
    for year, text in DATED:
        for claim in (year, year + 1):  # reports are often written, and dated, in the next year
            assert years(text, f"某局{claim}年工作总结")[2] != "conflict", text


def test_far_claims_are_conflicts():
    """A claim ten years too early is seen in every text, ten years too late in nearly all that name no living term."""
    early = [years(text, f"某局{year - 10}年工作总结")[2] for year, text in DATED]
    late = [years(text, f"某局{year + 10}年工作总结")[2] for year, text in DATED if year <= 2017]
    assert early.count("conflict") >= 0.95 * len(early)
    assert late.count("conflict") >= 0.6 * len(late)


def test_copy_sold_as_new():
    text = "贯彻科学发展观，今年是实施医院管理年的第三年，落实十二项民生工程，区卫生局党委加强“十一五”特色专科建设。"
    lo, hi, verdict = years(text, "区卫生局2021年工作总结")
    assert 2006 <= lo <= hi <= 2009
    assert verdict == "conflict"


def test_years_in_text_narrow_but_not_on_sharing_sites():
    text = "贯彻党的十九大精神，县卫生健康局在2020年完成任务，2020年投入增加，新冠疫情防控有力。"
    assert years(text)[:2] == (2020, 2020)
    shared = years(text, source_kind="sharing")
    assert shared[1] > shared[0]


def test_published_on_bounds_from_above():
    text = "新冠肺炎疫情防控有力，县卫生健康局推进医共体建设。"
    assert years(text, published_on=date(2021, 1, 20))[1] == 2021


def test_no_cues_no_tags():
    assert true_year(Report(title="2021年总结", text="做了许多工作。")) == []
    assert true_year(Report()) == []


def test_claimed_years():
    assert claimed_years(Report(title="2021年总结及2022年计划")) == [2021, 2022]
    assert claimed_years(Report(title="工作总结", text="2019年，我局…")) == [2019]
    assert claimed_years(Report(title="工作总结", text="我局…")) == []


def test_spans_show_the_cue():
    text = "开展第33个爱国卫生月活动。"
    cue = next(t for t in true_year(Report(text=text)) if t.name == "true_year_cue")
    assert text[cue.start : cue.end] == "第33个爱国卫生月"
    assert cue.detail == "2021-2021"


def test_terms_have_bounds_and_reference():
    assert len({t.cue for t in terms()}) == len(terms()) >= 200
    for term in terms():
        assert term.earliest <= term.latest, term
        assert term.words and all(term.words), term
        assert re.search(r"\d{4}", term.reference) or "地方" in term.reference, term
        assert 0 <= term.certain <= 9, term


def test_tables_agree_with_each_other():
    held = [(m.year, m.month) for m in meetings()]
    assert held == sorted(held)
    assert all(str(m.year) in m.reference for m in meetings())
    assert all(p.last == p.first + 4 and p.drafted == p.first - 1 for p in plans())
    assert all(s.kind in ("nth", "anniversary", "rise", "nth_year") for s in series())
    # the rows that give the number of 2021 give it right
    for counted in series():
        if match := re.search(r"2021年为第(\d+)", counted.reference):
            assert counted.first + int(match[1]) - 1 == 2021, counted


@pytest.mark.parametrize("unit", ["工", "第", "十", "五", "周年", "20大", " ", "work ", "國務院"])
def test_time_is_linear(unit):
    started = time.monotonic()
    true_year(Report(text=unit * (500_000 // len(unit))))
    assert time.monotonic() - started < 15
