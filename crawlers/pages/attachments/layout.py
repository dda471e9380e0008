"""Lines with places on a page, as PDF and OFD hold them, joined to the paragraphs they were broken from."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# — 3 —, - 3 -, 3, 第3页, 第 3 页 共 9 页, 3/9
_PAGE_NUMBER = re.compile(
    r"[-—–－·\s]*\d{1,4}[-—–－·\s]*|第\s*\d{1,4}\s*页[,，/\s]*(?:共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}"
)
# What a numbered paragraph begins with. It counts only after the end of a sentence: "完成\n3.5亿元" is no heading.
_LABEL = re.compile(
    r"[一二三四五六七八九十]{1,3}[、是]"
    r"|[（(][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,2}[.．、](?!\d)"
    r"|第[一二三四五六七八九十]{1,3}[章节部]"
)
_UNBREAKABLE = re.compile(r"[\x21-\x7e]+")
_SENTENCE_ENDS = tuple("。！？；：;:")
# Readers of PDF put a space where the font changes, which in Chinese type it does at every figure.
_FONT_SPACE = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\x21-\x7e])|(?<=[\x21-\x7e]) (?=[\u3000-\u9fff\uff00-\uffef])"
)

_HEAD_PAGES = 3  # pages that must share a first or last line before it is a running head
_ROOM = 0.6  # character sizes of room that a line may leave beside what could not be broken
_LATIN_WIDTH = 0.55  # of a character's size: digits and Latin letters in Chinese type
_INDENT = 1.0  # character sizes: a line that begins this far from the left edge begins one (the rule is two)
_ONE_IN = 12  # a left or right edge is where at least one line in this many begins or ends
_WIDE_GAP = 1.25  # usual distances between lines: a wider one stands between paragraphs


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """One line of a page; all measures in one unit, `top` grows downwards. `is_row`: of a table, stands alone."""

    text: str
    left: float
    right: float
    top: float
    size: float  # height of its characters
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the text of a document begins and ends, and how far apart its lines are."""

    left: float
    right: float
    leading: float


def paragraphs(pages: Sequence[Sequence[PlacedLine]]) -> list[str]:
    """The paragraphs of all pages: page numbers and running heads gone, broken lines joined, also over the end of a page."""
    heads = _running_heads([page for page in pages if page])
    lines = [line for page in pages for line in _text_lines(page, heads)]
    frame = _frame([line for line in lines if not line.is_row])
    joined: list[str] = []
    last: PlacedLine | None = None
    for line in lines:
        text = line.text if line.is_row else without_font_spaces(line.text)
        if last and not _begins(line, last, frame):
            joined[-1] = _join(joined[-1], text)
        else:
            joined.append(text)
        last = line
    return joined


def _running_heads(pages: Sequence[Sequence[PlacedLine]]) -> set[str]:
    """What stands first or last on most pages: the name of the office or of the document, printed on each."""
    edges = Counter(text for page in pages for text in {_ordered(page)[0].text, _ordered(page)[-1].text})
    return {text for text, n in edges.items() if n >= _HEAD_PAGES and n > len(pages) / 2}


def _ordered(page: Sequence[PlacedLine]) -> list[PlacedLine]:
    return sorted(page, key=lambda line: line.top)


def _text_lines(page: Sequence[PlacedLine], heads: set[str]) -> Iterator[PlacedLine]:
    in_order = _ordered(page)
    for i, line in enumerate(in_order):
        is_edge = i in (0, len(in_order) - 1) and not line.is_row
        if not (is_edge and (line.text in heads or _PAGE_NUMBER.fullmatch(line.text.strip()))):
            yield line


def _frame(lines: Sequence[PlacedLine]) -> _Frame:
    """The outermost left and right that enough lines share, and the distance that a quarter of them keep within."""
    if not lines:
        return _Frame(0.0, 0.0, 0.0)
    lefts, rights = sorted(line.left for line in lines), sorted(line.right for line in lines)
    at = len(lines) // _ONE_IN
    gaps = sorted(b.top - a.top for a, b in itertools.pairwise(lines) if b.top > a.top)
    return _Frame(lefts[at], rights[-1 - at], gaps[len(gaps) // 4] if gaps else 0.0)


def _begins(line: PlacedLine, last: PlacedLine, frame: _Frame) -> bool:
    if line.is_row or last.is_row:
        return True
    return (
        line.left > frame.left + _INDENT * line.size
        or frame.right - last.right > _room_needed(line)
        or line.top - last.top
        > _WIDE_GAP * frame.leading
        > 0  # never over the end of a page: top falls there
        or abs(line.size - last.size) > 0.2 * last.size
        or (last.text.endswith(_SENTENCE_ENDS) and _LABEL.match(line.text) is not None)
    )


def _room_needed(line: PlacedLine) -> float:
    """A line that leaves more room than the next one's first word needs was ended by its writer, not by the page."""
    word = _UNBREAKABLE.match(line.text.lstrip())
    width = len(word[0]) * _LATIN_WIDTH if word else 1.0
    return (width + _ROOM) * line.size


def without_font_spaces(text: str) -> str:
    """The text without the spaces between Chinese characters and figures.

    >>> without_font_spaces("关于 2021 年工作 总结")
    '关于2021年工作 总结'
    """
    return _FONT_SPACE.sub("", text.strip())


def _join(before: str, after: str) -> str:
    """Two pieces of a broken line; between Latin words stands a space.

    >>> _join("全年完成投资", "3.5亿元"), _join("work", "report")
    ('全年完成投资3.5亿元', 'work report')
    """
    is_latin = before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii()
    return f"{before} {after}" if is_latin else before + after
