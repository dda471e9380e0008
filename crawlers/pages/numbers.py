"""Index numbers (索引号) and document numbers (文号): what counts as one, and where a text states its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

_YEAR = r"[〔\[［【（(﹝{]\s*(?:19|20)\s*\d\s*\d\s*[〕\]］】）)﹞}]"
# 湖卫健发〔2023〕1号, 道人社[2017]16号, 豫政办〔2016〕第50号, 某检（环境）函〔2019〕80号
_PREFIX = r"[\u4e00-\u9fa5A-Za-z]{1,20}(?:[（(][\u4e00-\u9fa5]{1,8}[）)][\u4e00-\u9fa5]{0,6})?"
_BRACKETED = re.compile(rf"{_PREFIX}\s*{_YEAR}\s*第?\s*\d{{1,5}}\s*号")
_NUMBERED = re.compile(
    r"[\u4e00-\u9fa5]{2,30}(?:公告|令|通告)\s*(?:\d{4}\s*年)?\s*第?\s*[\d一二三四五六七八九十百〇]{1,6}\s*号"
)
_ISSUE = re.compile(r"(?:\d{4}\s*年\s*)?第\s*[\d一二三四五六七八九十百〇]{1,6}\s*号")
_INDEX = re.compile(r"[A-Za-z0-9\u4e00-\u9fa5][\w\u4e00-\u9fa5/\-—－.:〔〕\[\]()（）]{4,60}")
# Numbers of decisions against one party (处罚决定书) name the decision, not the paper that shows it.
_DECISION = re.compile(r"罚|处字|决字|许准|告字|裁字")

# GB/T 9704: the number stands above the title, below the name of the office; both may take two lines.
HEAD_LINES = 6
_TITLE_LINE = re.compile(r"^关于|(?:通知|报告|意见|决定|方案|办法|规定|函|请示|批复|纪要|总结|要点|计划)$")


def as_index_no(value: str) -> str | None:
    """The value of an 索引号 field if it can be one: some digits, no spaces, no sentence.

    >>> as_index_no("MB1A08302/2022-05179"), as_index_no("无")
    ('MB1A08302/2022-05179', None)
    """
    value = re.sub(r"\s+", "", value)
    return value if _INDEX.fullmatch(value) and sum(map(str.isdigit, value)) >= 3 else None


def as_doc_no(value: str) -> str | None:
    """The value of a 文号 field if it can be one; systems also write their own keys there.

    >>> as_doc_no("湖卫健发〔2023〕1号"), as_doc_no("某检（环境）函〔2019〕80号"), as_doc_no("200808_PF0010306")
    ('湖卫健发〔2023〕1号', '某检（环境）函〔2019〕80号', None)
    """
    value = re.sub(r"\s+", "", value)
    match = _BRACKETED.search(value) or _NUMBERED.search(value)
    if match is None or _DECISION.search(match.group()):
        return None
    return match.group()


def doc_no_in_head(lines: Sequence[str]) -> str | None:
    """The number that a document states of itself in a line of its own near its top.

    >>> doc_no_in_head(["某县人民政府办公室文件", "某政办〔2016〕50号", "关于印发工作要点的通知"])
    '某政办〔2016〕50号'
    >>> doc_no_in_head(["民生部公告", "第482号"])
    '民生部公告第482号'
    """
    before = ""
    for line in lines[:HEAD_LINES]:
        squeezed = re.sub(r"\s+", "", line)
        whole = _BRACKETED.fullmatch(squeezed.strip("（）()")) or _NUMBERED.fullmatch(squeezed)
        if whole:
            return None if _DECISION.search(squeezed) else whole.group()
        if _ISSUE.fullmatch(squeezed) and re.fullmatch(r"[\u4e00-\u9fa5]{2,25}(?:公告|令|通告)", before):
            return before + squeezed
        if _TITLE_LINE.search(squeezed):
            return None
        before = squeezed
    return None
