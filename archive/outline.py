"""The outline of a report: its numbered headings as a tree, from 第一部分 down to 一是."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from archive.models import Section
from archive.numerals import ordinal_number

# The schemes of numbering in the order of GB/T 9704 (一、 （一） 1. （1）), with what offices put above and below them.
_CHINESE = "[一二三四五六七八九十]{1,4}"
_SCHEMES = (
    ("part", rf"第{_CHINESE}部分|第{_CHINESE}[章编篇]"),
    ("chapter_section", rf"第{_CHINESE}节"),
    ("一、", rf"{_CHINESE}[ 　]?(?:[、．]|\.(?!\d))"),
    ("（一）", rf"[（(][ 　]?{_CHINESE}[ 　]?[）)][、.．]?|[㈠-㈩]"),
    ("1.", r"[0-9０-９]{1,2}[ 　]?(?:[、．]|\.(?![0-9０-９]))"),
    ("（1）", r"[（(][ 　]?[0-9０-９]{1,2}[ 　]?[）)][、.．]?|[0-9]{1,2}[)）]|[⑴-⒇]"),
    ("①", r"[①-⑳]"),
    ("一是", rf"{_CHINESE}是(?=[^否])|第{_CHINESE}[，,、]"),
)
_ANY_LABEL = "|".join(f"(?P<s{rank}>{pattern})" for rank, (_, pattern) in enumerate(_SCHEMES))
_AT_LINE_START = re.compile(rf"^[ \t　\xa0]{{0,40}}(?:{_ANY_LABEL})", re.MULTILINE)
# A text that lost its line breaks shows its headings after the end of a sentence or after two blanks.
_INLINE = re.compile(rf"(?:(?<=[。；：:！？;])[ 　]{{0,4}}|(?<=[ 　]{{2}}))(?:{_ANY_LABEL})")
_ITEM = len(_SCHEMES) - 1

_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
# Longest first sentence that still reads as a heading; beyond it only its first clause is shown as the title.
_TITLE_LENGTH = 60
# A line that ends with one of these goes on in the next; many real paragraphs merely lack their full stop.
_GOES_ON = "，,、的和与及在对向将把从由"
# No first sentence is longer; looking further would cost a text without line breaks too much.
_LONGEST_LINE = 400
# Authors skip a number now and then; more than this and the label belongs to something else.
_MAX_GAP = 2


class _Heading(NamedTuple):
    rank: int
    number: int
    label: str
    title: str
    is_run_in: bool
    start: int


class _Placed(NamedTuple):
    """A heading with its level and the ordinal of the section above."""

    heading: _Heading
    level: int
    parent: int | None


@dataclass(slots=True)
class _Open:
    """A heading that is still open while the headings after it are read."""

    rank: int
    number: int
    index: int


@lru_cache(maxsize=4)  # a report's own outline is asked for by several rules
def outline(text: str) -> tuple[Section, ...]:
    """The sections of a text in reading order; `end` is where the next heading of the same or a higher level begins.

    >>> [(s.level, s.label, s.title) for s in outline("一、回顾\\n（一）经济。总量增长。\\n（二）民生\\n二、打算")]
    [(1, '一、', '回顾'), (2, '（一）', '经济'), (2, '（二）', '民生'), (1, '二、', '打算')]
    """
    headings = _headings(text, _AT_LINE_START) or _headings(text, _INLINE)
    return _closed(_tree(_without_lone_items(headings)), len(text))


def _headings(text: str, pattern: re.Pattern[str]) -> list[_Heading]:
    return [
        heading
        for match in pattern.finditer(text)
        if not _continues_sentence(text, match) and (heading := _heading(text, match)) is not None
    ]


def _heading(text: str, match: re.Match[str]) -> _Heading | None:
    label = match.group(match.lastgroup or 0)
    number = ordinal_number(label)
    title, is_run_in = _title(text, match.end())
    if number is None or not title:
        return None
    rank = int((match.lastgroup or "s0")[1:])
    return _Heading(
        rank, number, label.replace(" ", "").replace("　", ""), title, is_run_in, match.end() - len(label)
    )


def _title(text: str, start: int) -> tuple[str, bool]:
    """The heading after its label, and whether the paragraph runs on after it."""
    line_end = _line_end(text, start)
    if not text[start:line_end].strip():  # the label stands alone: its heading is the next line
        start = line_end + 1
        line_end = _line_end(text, start)
    stop = _SENTENCE_END.search(text, start, line_end)
    end = stop.start() if stop else line_end
    title = text[start:end].strip(" \t　\xa0")
    is_run_in = bool(stop and text[stop.end() : line_end].strip())
    if len(title) > _TITLE_LENGTH:
        title, is_run_in = re.split("[，,：:]", title, maxsplit=1)[0][:_TITLE_LENGTH], True
    return title.rstrip("：:，,、。 　"), is_run_in


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start, start + _LONGEST_LINE)
    return min(len(text), start + _LONGEST_LINE) if end < 0 else end


def _continues_sentence(text: str, match: re.Match[str]) -> bool:
    """Whether what looks like a label is the middle of a sentence: 争取明年完成⏎四、五楼病区的改造."""
    label = match.group().strip()
    following = text[match.end() : match.end() + 2]
    number = ordinal_number(label)
    # 四、五楼 counts floors; 一、二〇二一年 is a heading that begins with a year.
    if (
        label.endswith("、")
        and number is not None
        and following
        and ordinal_number(following[0]) == number + 1
        and following[1:] not in ("〇", "○", "0", "零", "O", "是", "、")
    ):
        return True
    before = text[max(0, match.start() - 100) : match.start()].rstrip()
    return bool(before) and match.re is _AT_LINE_START and before[-1] in _GOES_ON


def _without_lone_items(headings: list[_Heading]) -> list[_Heading]:
    """一是 at the start of a line whose 二是 stands inside that paragraph lists points of a sentence, not sections."""
    kept = []
    for index, heading in enumerate(headings):
        if heading.rank == _ITEM and heading.number == 1:
            following = headings[index + 1] if index + 1 < len(headings) else None
            if following is None or following.rank != _ITEM or following.number != 2:
                continue
        kept.append(heading)
    return kept


def _tree(headings: list[_Heading]) -> list[_Placed]:
    """Headings whose numbers make a sequence, each under the last open heading of a higher scheme."""
    sections: list[_Placed] = []
    stack: list[_Open] = []
    last: dict[int, int] = {}
    for heading in headings:
        is_open = any(level.rank == heading.rank for level in stack)
        if not _follows(heading, last.get(heading.rank), is_open):
            continue
        while stack and stack[-1].rank >= heading.rank:
            stack.pop()
        parent = stack[-1].index if stack else None
        stack.append(_Open(heading.rank, heading.number, len(sections)))
        last[heading.rank] = heading.number
        sections.append(_Placed(heading, len(stack), parent))
    return sections


def _follows(heading: _Heading, last: int | None, is_open: bool) -> bool:
    """Whether a number begins a list, or continues the list of its scheme: the open one, or one numbered throughout."""
    if heading.number == 1:
        return True
    if last is None:
        return not is_open and heading.number == 2
    # The same number twice is a slip of the author, and a gap a lost line.
    return 0 <= heading.number - last <= (_MAX_GAP if is_open else 1)


def _closed(sections: list[_Placed], length: int) -> tuple[Section, ...]:
    """The sections with their ends: from the back, each level remembers where its next heading begins."""
    begins: dict[int, int] = {}
    closed: list[Section] = []
    for ordinal in range(len(sections) - 1, -1, -1):
        (_, _, label, title, is_run_in, start), level, parent = sections[ordinal]
        end = min((begin for other, begin in begins.items() if other <= level), default=length)
        begins = {other: begin for other, begin in begins.items() if other < level}
        begins[level] = start
        closed.append(Section(ordinal, level, label, title, is_run_in, parent, start, end))
    return tuple(reversed(closed))
