"""Masks, damage and truncation."""

from __future__ import annotations

import pytest

from archive.models import Report, Truncation
from archive.tags.damage import damage
from archive.tags.is_truncated import is_truncated
from archive.tags.masks import find_masks, masks


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("20XX年完成投资", ["20XX"]),
        ("20××年", ["20XX"]),
        ("xx县投入xxx万元", ["x", "x"]),
        ("为×××名群众", ["×"]),
        ("制定《__区规划》", ["__"]),
        ("在□□搞试点", ["□□"]),
        ("某县某某镇", ["某", "某"]),
        ("**县人民政府", ["**"]),
        ("收入增长 %，达到％", ["增长 %", "增长 %"]),
        ("工作顺利，年以来成绩明显", ["年"]),
    ],
)
def test_masks_found(text, kinds):
    assert sorted(m.kind for m in find_masks(text)) == sorted(kinds)


@pytest.mark.parametrize(
    "text",
    [
        "A/B轮融资",
        "X光机、X射线、x染色体、XX型车",
        "3×4、200×300平方米",
        "深入实施“数据要素×”行动",
        "某些地方、某种程度、某区域、某市场",
        "不断增长，逐步达到",
        "年度工作总结，年底完成",
        "姓名：__________________",
        "2006 年，收入增长5%",
        "二○○九年",
        "YYYY-MM-DD max box",
    ],
)
def test_normal_text_has_no_masks(text):
    assert find_masks(text) == []


def test_masked_ratio_counts_figures_only():
    tags = {t.name: t.value for t in masks(Report(text="xx县建成xx所学校、xx个站点，投入5万元。"))}
    assert tags["masked_ratio"] == round(2 / 3, 4)
    assert masks(Report(text="建成3所学校"))[0].value == 0
    assert masks(Report()) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("111月完成投资", ["lost_dash"]),
        ("11月完成，18月龄儿童，1—11月", []),
        ("現(xiàn)在，經(jīng)濟(jì)發(fā)展", ["pinyin_gloss"]),
        ("坚持科学开展观，推进可持续开展", ["spun"]),
        ("开展活动，发展经济", []),
        ("合格率96.00，优良率88.50，完成率91.25。", ["lost_percent"]),
        ("合格率96%，优良率88%，平均积分98.68", []),
        ("\x00\x01\x02\x03\x04乱码", ["binary"]),
    ],
)
def test_damage(text, kinds):
    assert [t.value for t in damage(Report(text=text))] == kinds


SENTENCE = "全县各级各部门坚持目标导向，认真落实各项政策措施，取得明显成效。"


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ("", False),
        ("\n某某县卫生健康局\n2021年1月5日", False),
        ("\n解锁后支持完整在线阅读", True),
        ("\n全文共2234字，当前显示319字", True),
        ("\n此处隐藏545个字", True),
        ("\n（未完待续）", True),
        ("\n部分预览", True),
        ("三是落实救治政策。截止目前，落实“先诊疗后付费”122", True),
        ("\n全文共2234字", False),
    ],
)
def test_is_truncated(ending, expected):
    tag = is_truncated(Report(text=SENTENCE * 3 + ending))[0]
    assert (tag.name, tag.value) == ("is_truncated", expected)


def test_sizes():
    tags = {t.name: t.value for t in is_truncated(Report(text="全文共2000字，当前显示500字"))}
    assert tags == {"is_truncated": True, "shown_ratio": 0.25, "shown_size": 500, "total_size": 2000}
    page = Report(text=SENTENCE, truncation=Truncation("剩余7页", 3, 10, "pages"))
    assert {t.name: t.value for t in is_truncated(page)}["shown_ratio"] == 0.3
