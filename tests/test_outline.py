"""Outlines as a reader would draw them."""

from __future__ import annotations

import time

import pytest

from archive.outline import outline


def drawn(text: str) -> list[tuple[int, str, str]]:
    return [(s.level, s.label, s.title) for s in outline(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "一、工作总结\n（一）经济。总量增长。\n1.工业\n（1）规上企业\n①新增\n二、工作打算\n",
            [
                (1, "一、", "工作总结"),
                (2, "（一）", "经济"),
                (3, "1.", "工业"),
                (4, "（1）", "规上企业"),
                (5, "①", "新增"),
                (1, "二、", "工作打算"),
            ],
        ),
        # run-in: the heading is the first sentence of its paragraph
        (
            "一、坚持创新，取得进展。我们做了工作。\n二、强化管理。成效明显。",
            [(1, "一、", "坚持创新，取得进展"), (1, "二、", "强化管理")],
        ),
        # a broken line is no heading: 四、五楼 counts floors
        ("一、建设\n争取明年完成\n四、五楼病区改造\n二、管理\n", [(1, "一、", "建设"), (1, "二、", "管理")]),
        # a heading that begins with a year
        (
            "一、二〇二一年工作回顾\n二、二〇二二年打算",
            [(1, "一、", "二〇二一年工作回顾"), (1, "二、", "二〇二二年打算")],
        ),
        # one item is lost, the list goes on
        ("一、甲\n三、丙\n四、丁", [(1, "一、", "甲"), (1, "三、", "丙"), (1, "四、", "丁")]),
        # numbers that do not follow are no headings
        ("一、甲\n九、某事\n二、乙", [(1, "一、", "甲"), (1, "二、", "乙")]),
        # the label alone on its line
        ("一、\n工作回顾\n二、\n工作打算", [(1, "一、", "工作回顾"), (1, "二、", "工作打算")]),
        # no line breaks left
        ("总的情况。一、抓生产。增产。二、抓生活。增收。", [(1, "一、", "抓生产"), (1, "二、", "抓生活")]),
        # 一是 at line starts is a list, inside a paragraph it is not
        (
            "一、甲\n一是抓早。做了。\n二是抓小。做了。",
            [(1, "一、", "甲"), (2, "一是", "抓早"), (2, "二是", "抓小")],
        ),
        ("一、甲\n一是抓早；二是抓小。", [(1, "一、", "甲")]),
        (
            "第一部分 回顾\n一、经济\n第二部分 打算",
            [(1, "第一部分", "回顾"), (2, "一、", "经济"), (1, "第二部分", "打算")],
        ),
        # figures at the start of a line
        ("1.5亿元投资到位\n2021年完成\n", []),
    ],
)
def test_drawn(text, expected):
    assert drawn(text) == expected


def test_sections_nest_and_cover():
    text = "引言\n一、甲\n（一）子\n正文\n二、乙\n正文"
    first, child, second = outline(text)
    assert (first.parent, child.parent, second.parent) == (None, first.ordinal, None)
    assert text[first.start : first.end] == "一、甲\n（一）子\n正文\n"
    assert text[child.start : child.end] == "（一）子\n正文\n"
    assert second.end == len(text)


def test_is_run_in():
    assert [s.is_run_in for s in outline("一、甲\n正文。\n二、乙。正文。")] == [False, True]


@pytest.mark.parametrize("unit", ["一、", "工", "\n", " ", "(一)", "。一、", "1."])
def test_time_is_linear(unit):
    started = time.monotonic()
    outline(unit * (300_000 // len(unit)))
    assert time.monotonic() - started < 15
