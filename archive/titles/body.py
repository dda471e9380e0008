"""What the text itself says of its kind and period, in title-like lines, headings and its first sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from archive.titles.normal import without_spaces
from archive.titles.periods import Period, period
from archive.titles.reading import TitleReading, read_title
from archive.titles.times import Time, times

# Headings that tell the period stand near the top; a plan's heading may stand anywhere.
_TOP = 3000
_OPENING = 200
# The longest line that can still be a title or a heading of its own.
_LONGEST_HEADING = 60

_ORDINAL = re.compile(
    r"\s*(?:第[一二三四五六七八九十]+(?:部分|章|节|篇)[、::]?|[((]?[一二三四五六七八九十]{1,3}[))、.．]+|[0-9]{1,2}[、.．](?!\d))?\s*"
)
_SENTENCE_END = re.compile(r"[。;；,，!！?？:：]\s*$")
_LINE = re.compile(r"[^\r\n]+")
_NAMES_KIND = re.compile(r"总结|小结|回顾|情况|报告|述职|工作|汇报")
_NAMES_PLAN = re.compile(r"计划|打算|思路|安排|谋划|要点|重点|设想|目标|任务|举措|措施")
_YEAR_OR_PART = re.compile(r"年|半年|季度|\d月")
# Where a sentence begins; a year there is the subject's time, not a date in passing.
_BEGINNING = re.compile(r"(?:^|[\r\n。:：])\s*")


def read_text(text: str) -> TitleReading:
    """Kind and periods from the text alone, spans counted in the text.

    >>> reading = read_text("前言:仅供参考。\\n一、2016年上半年工作总结\\n(一)稳步推进改革。")
    >>> sorted(reading.types), str(reading.covers.last)
    (['half'], '2016-06-30')
    """
    covered = next(_headings(text[:_TOP], _NAMES_KIND), None)
    planned = next((r for r in _headings(text, _NAMES_PLAN) if r.plans is not None and r.plans.first), None)
    covers = covered.covers if covered is not None else _opening(text)
    types = dict(covered.types) if covered is not None else {}
    return TitleReading(types, covers, planned.plans if planned is not None else None)


def _headings(text: str, names: re.Pattern[str]) -> Iterator[TitleReading]:
    """Readings of the lines that look like a title or heading and say when."""
    for match in _LINE.finditer(text):
        if match.end() - match.start() > _LONGEST_HEADING + 20:
            continue
        line = match[0]
        if not names.search(line) or not _YEAR_OR_PART.search(line) or _SENTENCE_END.search(line):
            continue
        ordinal = _ORDINAL.match(line)
        skip = ordinal.end() if ordinal else 0
        reading = _shifted(read_title(line[skip:]), match.start() + skip)
        if _is_dated(reading) and not {"other", "meeting"} & set(reading.types):
            yield reading


def _is_dated(reading: TitleReading) -> bool:
    return any(p is not None and p.first is not None for p in (reading.covers, reading.plans))


def _shifted(reading: TitleReading, by: int) -> TitleReading:
    def moved(value: Period | None) -> Period | None:
        return value and replace(value, start=value.start + by, end=value.end + by)

    types = {name: (start + by, end + by) for name, (start, end) in reading.types.items()}
    return replace(reading, types=types, covers=moved(reading.covers), plans=moved(reading.plans))


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
