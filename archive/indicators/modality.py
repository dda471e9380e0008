"""Whether a figure is reached, aimed at or expected, from its clause and from the section that it stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from archive.models import Section

Modality = Literal["actual", "target", "estimate"]

_PLAN_TITLE = re.compile(r"计划|打算|思路|安排|目标|明年|下一步|下半年|要点|主要任务|重点任务|规划|预期")
_REVIEW_TITLE = re.compile(r"回顾|总结|完成情况|落实情况|执行情况|成效|成绩|上半年|开展情况|进展情况")
_AIM = re.compile(
    r"力争|确保(?!了)|(?<![一-鿿”])计划(?=[一-鿿\d])(?!生育|单列)|拟|争取(?!到|上级|资金|项目)|预期(?=目标|增长|达到|为|实现)|明年|将(?!军)"
)
# 预期目标是：A增长5%，B增长3%…: what follows is aimed at, to the end of the sentence.
_GOALS = re.compile(r"目标(?:是|为|任务是|任务为)?[：:]|目标(?:是|为)")
_EXPECT = re.compile(r"预计|预测|估计|有望")
_CLAUSE_REACH = 40  # an aim holds for the figures of its clause, not of the whole sentence


def target_sections(title: str, sections: Sequence[Section]) -> list[Modality]:
    """The modality of each section by its own title, else its parent's, else the report's title."""
    whole: Modality = "target" if _PLAN_TITLE.search(title) and not _REVIEW_TITLE.search(title) else "actual"
    found: list[Modality] = []
    for section in sections:
        above = whole if section.parent is None else found[section.parent]
        if _REVIEW_TITLE.search(section.title):
            found.append("actual")
        elif _PLAN_TITLE.search(section.title):
            found.append("target")
        else:
            found.append(above)
    return found


def modality_at(before: str, section: int | None, by_section: Sequence[Modality]) -> Modality:
    """The modality of a figure from the words before it in its sentence, else from its section."""
    clause = before[-_CLAUSE_REACH:]
    if _GOALS.search(before):
        return "target"
    if _EXPECT.search(clause):
        return "estimate"
    if _AIM.search(clause):
        return "target"
    return by_section[section] if section is not None else "actual"
