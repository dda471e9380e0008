"""What the text itself says of its kind and period, in title-like lines, headings and its first sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from archive.titles.normal import without_spaces
from archive.titles.periods import Period, calendar_year, period
from archive.titles.reading import Span, TitleReading, read_title, shifted
from archive.titles.times import Time, times

# Headings that tell the period stand near the top; a plan's heading may stand anywhere.
_TOP = 3000
_OPENING = 200
# The longest line that can still be a title or a heading of its own.
_LONGEST_HEADING = 60

_ORDINAL = re.compile(
    r"""\s*(?:第[一二三四五六七八九十]+(?:部分|章|节|篇)[、::]?|[((]?[一二三四五六七八九十]{1,3}[))、.．]+|[0-9]{1,2}[、.．](?!\d))?\s*""",
    re.VERBOSE,
)
_SENTENCE_END = re.compile(r"[。;；,，!！?？:：]\s*$")
_LINE = re.compile(r"[^\r\n]+")
_NAMES_KIND = re.compile(r"总结|小结|回顾|情况|报告|述职|工作|汇报")
_NAMES_PLAN = re.compile(r"计划|打算|思路|安排|谋划|要点|重点|设想|目标|任务|举措|措施")
# Where a sentence begins; a year there is the subject's time, not a date in passing.
_BEGINNING = re.compile(r"(?:^|[\r\n。:：])\s*")


def read_text(text: str) -> TitleReading:
    """Kind and periods from the text alone, spans counted in the text.

    >>> reading = read_text("前言:仅供参考。\\n一、2016年上半年工作总结\\n(一)稳步推进改革。")
    >>> sorted(reading.types), str(reading.covers.last)
    (['half'], '2016-06-30')
    """
    covered = next((r for r in _headings(text[:_TOP], _NAMES_KIND) if _is_dated(r)), None)
    planned = next((r for r in _headings(text, _NAMES_PLAN) if r.plans is not None and r.plans.first), None)
    covers = covered.covers if covered is not None else _opening(text)
    plans = planned.plans if planned is not None else _next_year(text, covers)
    types = dict(covered.types) if covered is not None else _undated_types(text, covers)
    if types and plans is not None:
        types.setdefault("plan", (plans.start, plans.end))
    return TitleReading(types, covers, plans)


def _undated_types(text: str, covers: Period | None) -> dict[str, Span]:
    """Kinds from a title-like line without a date, or from the words by which reports introduce themselves."""
    named = next((r for r in _headings(text[:_TOP], _NAMES_KIND) if r.types), None)
    if named is not None:
        return dict(named.types)
    head = text[:_TOP]
    for kind, words in _INTRODUCTIONS:
        match = words.search(head)
        if match is not None:
            scale = covers.scale if kind == "annual" and covers is not None else kind
            return {scale: match.span()}
    return {}


# How reports introduce themselves: to a congress, to those who judge an official, to a superior.
_INTRODUCTIONS = (
    (
        "gwr",
        re.compile(
            r"代表(?:市|县|区|镇|乡|省|州)?(?:自治区|自治县)?(?:人民)?政府[,，]?向(?:大会|本次大会|各位代表)"
        ),
    ),
    ("duty", re.compile(r"(?:现将|现就|下面).{0,40}述职(?:述[廉德学法])*(?:报告)?(?:如下)?")),
    ("annual", re.compile(r"(?:总结|汇报|报告)如下|工作(?:情况)?(?:总结|回顾)")),
)
_NEXT_YEAR = re.compile(
    r"""(?:^|[\r\n])[^\r\n]{0,8}(?:明年|来年|下一?年度?)[^\r\n。，,]{0,20}(?:计划|打算|思路|安排|要点|重点|目标|任务)""",
    re.VERBOSE,
)


def _next_year(text: str, covers: Period | None) -> Period | None:
    """The plan of a text headed 明年工作打算, once the year it reviews is known."""
    match = _NEXT_YEAR.search(text) if covers is not None and covers.last is not None else None
    if match is None or covers is None or covers.last is None:
        return None
    return calendar_year(covers.last.year + 1, match.start(), match.end())


def _headings(text: str, names: re.Pattern[str]) -> Iterator[TitleReading]:
    """Readings of the lines that look like a title or heading of a report."""
    for match in _LINE.finditer(text):
        if match.end() - match.start() > _LONGEST_HEADING + 20:
            continue
        line = match[0]
        if not names.search(line) or _SENTENCE_END.search(line):
            continue
        ordinal = _ORDINAL.match(line)
        skip = ordinal.end() if ordinal else 0
        reading = shifted(read_title(line[skip:]), match.start() + skip)
        if not {"other", "meeting"} & set(reading.types):
            yield reading


def _is_dated(reading: TitleReading) -> bool:
    return any(p is not None and p.first is not None for p in (reading.covers, reading.plans))


def _opening(text: str) -> Period | None:
    """The period of a first sentence that begins with it: 2021年,我局在区委的领导下…"""
    head = text[:_OPENING]
    for begin in _BEGINNING.finditer(head):
        plain, places = without_spaces(head[begin.end() : begin.end() + 24])
        found = list(times(plain))
        if not found or found[0].start > 0:
            continue
        leading = [found[0]] + ([found[1]] if len(found) > 1 and found[1].start == found[0].end else [])
        covers = period([t for t in leading if _is_period(t)], None)
        if covers is not None and covers.first is not None:
            start, end = places[covers.start] + begin.end(), places[covers.end - 1] + 1 + begin.end()
            return replace(covers, start=start, end=end)
    return None


def _is_period(time: Time) -> bool:
    return time.kind in ("years", "part")
