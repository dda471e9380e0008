"""Indicators: whole rows over passages in the manner of the field, and the forms that have their own rule."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.indicators import indicators
from archive.models import Indicator, Report

PASSAGES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data/tags_b/passages.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def read(text: str) -> tuple[Indicator, ...]:
    return indicators(Report(text=text))


def rows(text: str) -> list[tuple[float, str, str, str | None]]:
    return [(i.value, i.unit, i.name, i.comparison) for i in read(text)]


def test_whole_rows_of_passages():
    """At least 97 % of all rows, with exact names; the few others have a longer name than the gold."""
    n_right = n_found = n_gold = 0
    for passage in PASSAGES:
        found = rows(passage["text"])
        gold = [(f["value"], f["unit"], f["name"], f["comp"]) for f in passage["facts"]]
        n_found, n_gold = n_found + len(found), n_gold + len(gold)
        n_right += sum(row in found for row in gold)
    assert len(PASSAGES) >= 100
    assert n_gold >= 280
    assert 2 * n_right / (n_found + n_gold) >= 0.97


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 分别: names and figures in the same order, a shared tail given to each
        (
            "高血压、糖尿病患者管理率分别为34.7%、21.7%",
            [(34.7, "%", "高血压患者管理率", None), (21.7, "%", "糖尿病患者管理率", None)],
        ),
        # the figures of growth go to the two facts before them
        (
            "进口3亿元，出口5亿元，分别增长2%和4%。",
            [
                (3e8, "元", "进口", None),
                (5e8, "元", "出口", None),
                (2, "%", "进口", "增长"),
                (4, "%", "出口", "增长"),
            ],
        ),
        # 由A提高到B
        (
            "参合率由89％进一步上升到94％。",
            [(89, "%", "参合率", "from"), (94, "%", "参合率", "上升到")],
        ),
        (
            "分园由12家、8家整合为5家、3家",
            [
                (12, "家", "分园", "from"),
                (8, "家", "分园", "from"),
                (5, "家", "分园", "整合为"),
                (3, "家", "分园", "整合为"),
            ],
        ),
        # measured by a target
        (
            "婴儿死亡率2.69‰，均低于省定14/10万和7‰的控制指标。",
            [
                (2.69, "‰", "婴儿死亡率", "低于"),
                (14, "/10万", "控制指标", "target"),
                (7, "‰", "控制指标", "target"),
            ],
        ),
        # the thing counted stands after the figure
        ("组织191个家庭医生团队", [(191, "个", "家庭医生团队", None)]),
        ("县政府办等10个部门", [(10, "个", "部门", None)]),
        # Chinese numerals
        (
            "新建两所学校，培训二十五人，百分之六十的村",
            [(2, "所", "学校", None), (25, "人", "培训", None), (60, "%", "村", None)],
        ),
        # full width
        ("参训率达到９８％", [(98, "%", "参训率", None)]),
        # a figure that lost its subject to the clause before
        ("旅游收入18亿元，比上年增长一倍", [(1.8e9, "元", "旅游收入", None), (1, "倍", "旅游收入", "增长")]),
    ],
)
def test_forms(text, expected):
    assert rows(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2021年3月5日，第三次会议召开。",
        "落实“323”攻坚行动，拨打12345热线，实现“三个代表”。",
        "三次产业结构调整为8.3∶41.4∶50.3。",
        "20XX年增长xx%，投入××万元，共发放x万余份。",
        "G107国道、H7N9、5G网络建设顺利。",
        "《2021年20项重点工作》印发。",
        "一批、十分重要、百家争鸣、千方百计。",
    ],
)
def test_what_is_no_indicator(text):
    assert rows(text) == []


def test_none_from_damaged_text():
    assert rows("全年投资5亿元。") != []
    assert rows("111月完成投资5亿元。") == []


def test_range_has_both_ends():
    (fact,) = read("增速为5%-5.5%。")
    assert (fact.value, fact.value_high) == (5, 5.5)


def test_modality_from_section_and_clause():
    text = "一、工作总结\n完成投资5亿元。预计旅游收入8亿元。\n二、明年计划\n新建学校3所。\n力争收入增长5%。"
    assert [i.modality for i in read(text)] == ["actual", "estimate", "target", "target"]
    assert [i.section for i in read(text)] == [0, 0, 1, 1]


def test_span_shows_the_figure():
    text = "全县投入资金1200余万元，改造学校12所。"
    assert [text[i.start : i.end] for i in read(text)] == ["1200余万元", "12所"]


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="全县完成投资增长1239.,%％亿万元个、，。和分别由到从0-（）《》x第年月 \n", max_size=120)
)
def test_any_text_is_read(text):
    for fact in read(text):
        assert fact.name
        assert 0 <= fact.start < fact.end <= len(text)


@pytest.mark.parametrize("unit", ["工", "1", "x", "十", "增长5%、", "，", "《", " ", "1:"])
def test_time_is_linear(unit):
    """A hundred thousand characters in seconds: a quadratic reading would take minutes."""
    text = unit * (100_000 // len(unit))
    started = time.monotonic()
    read(text)
    assert time.monotonic() - started < 15


def test_seed_passages_score():
    corpus = os.environ.get("WORKREPORTS_CORPUS")
    if not corpus:
        pytest.skip("WORKREPORTS_CORPUS names no folder of benchmarks")
    from tests.benchmarks.indicators import score

    gold = Path(corpus) / "bench/tags/indicators_seeds.jsonl"
    result = score([json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()])
    assert result["whole"]["f1"] >= 0.93
