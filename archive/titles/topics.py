"""Whether a report is on one matter (党建, 平安建设) or on all that its author does.

`matters.tsv` lists the matters: `cross_cutting` ones touch the work of every office, so a report on one is not the
office's yearly report (unless the office exists for it: column `owner`), nor is one on an `action`; those `of_department` are the yearly work of
a department, and one matter of many in a township.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

# 卫生局, 教育工作委员会: the word names an office.
_BODY = r"(?:局|厅|委|办|处|站|所|院|中心|协会|联合会|联|学校|大队|支队|公司|集团|机关|部门|科|股|室|部|园|开发区|新区|管委会|系统)"
_OFFICE = re.compile(rf"工作(?:队|站|室|组|部|局|委员会)|(?!工作)[一-龥]{{0,8}}?{_BODY}")
# After an action (创建, 整治) only what follows at once: 创建三级医院 is no office.
_OFFICE_AT_ONCE = re.compile(_BODY)
_LOCAL = re.compile(r"[镇乡村]|街道|社区|苏木|办事处|(?:县|市|区|人民|镇|乡)政府|农场|开发区|高新区|园区")


@dataclass(frozen=True, slots=True)
class _Matters:
    """matters.tsv, read once. `owners`: the offices (a pattern) whose whole work a cross-cutting matter is."""

    cross_cutting: re.Pattern[str]  # with the actions
    actions: frozenset[str]
    of_departments: re.Pattern[str]
    owners: dict[str, re.Pattern[str]]


@cache
def _matters() -> _Matters:
    table = resources.files("archive.titles").joinpath("matters.tsv").read_text("utf-8")
    rows = list(csv.DictReader(table.splitlines(), delimiter="\t"))
    owners = {row["matter"]: re.compile(row["owner"]) for row in rows if row["owner"]}
    actions = frozenset(row["matter"] for row in rows if row["kind"] == "action")
    return _Matters(_any_of(rows, "cross_cutting", "action"), actions, _any_of(rows, "of_department"), owners)


def _any_of(rows: list[dict[str, str]], *kinds: str) -> re.Pattern[str]:
    found = [row["matter"] for row in rows if row["kind"] in kinds]
    # 人民政府 holds 民政 by accident.
    return re.compile("(?<!人)(?:" + "|".join(sorted(map(re.escape, found), key=len, reverse=True)) + ")")


def special_matter(title: str) -> tuple[int, int] | None:
    """Span of the one matter that a title without spaces is on; None where the report is on all of its author's work.

    >>> special_matter("县政府2022年党建工作总结")
    (8, 10)
    >>> special_matter("信访局2022年信访工作总结") is None
    True
    >>> special_matter("县卫生局2009年卫生工作总结") is None
    True
    """
    for match in _matters().cross_cutting.finditer(title):
        if not _names_office(title, match) and not _is_owned(title, match[0]):
            return match.span()
    if not _LOCAL.search(title):
        return None
    for match in _matters().of_departments.finditer(title):
        if not _names_office(title, match) and not _office_before(title, match):
            return match.span()
    return None


def _names_office(title: str, matter: re.Match[str]) -> bool:
    """True for 信访 in 信访局 and 教育 in 教育和体育局."""
    pattern = _OFFICE_AT_ONCE if matter[0] in _matters().actions else _OFFICE
    office = pattern.match(title, matter.end())
    return office is not None and not any(c.isdigit() for c in office[0])


def _is_owned(title: str, matter: str) -> bool:
    owner = _matters().owners.get(matter)
    return owner is not None and owner.search(title) is not None


def _office_before(title: str, matter: re.Match[str]) -> bool:
    """True for 卫生 in 镇卫生院2022年卫生工作总结: the author is an office of its own, not the township."""
    head = title[: matter.start()]
    return (
        re.search(
            r"(?:局|厅|委|院|中心|站|所|学校|小学|中学|幼儿园|公司)(?![一-龥]{0,4}(?:镇|乡|街道))", head
        )
        is not None
    )
