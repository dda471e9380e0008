"""An element tree to lines of text: a paragraph or heading a line, a table row a line "a | b"."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from crawlers.pages.elements import BLOCKS, Weight

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ACTS = BLOCKS | {"a", "br"}  # all other elements only hold text

# A row of a table of figures; a row of a layout table holds whole articles. Longest true row seen: 310.
MAX_ROW_CHARS = 600
MAX_CELL_LINES = 8

_SPACE = re.compile(r"[ \t\r\f\v\xa0\u2002\u2003\u2009\u200b\u3000\ufeff]+")
# A line break in the source between two Chinese characters is typesetting, not a space.
_SOURCE_BREAK = re.compile(r"\s*\n\s*")
_BREAK_IN_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) ?\n ?(?=[\u3000-\u9fff\uff00-\uffef])")


@dataclass(slots=True)
class Line:
    """One line of a page. `cells` is set for a row of a table; `n_linked` counts characters inside links."""

    text: str
    n_linked: int = 0
    is_heading: bool = False
    in_body: bool = False
    cells: tuple[str, ...] = ()

    @property
    def is_linked(self) -> bool:
        """Whether most of the line is link text."""
        return self.n_linked * 2 > len(self.text)


@dataclass(slots=True)
class _Row:
    cells: list[list[Line]] = field(default_factory=list)
    has_table: bool = False


def clean(text: str) -> str:
    """Collapse white space; a source line break between Chinese characters disappears.

    >>> clean("  2021年\\n\\t工作 总结\\u3000")
    '2021年工作 总结'
    """
    text = text.strip()
    if not text:  # as between most elements
        return ""
    text = _SPACE.sub(" ", text)
    if "\n" in text:
        text = _SOURCE_BREAK.sub("\n", text)
        text = _BREAK_IN_CHINESE.sub("", text).replace("\n", " ")
    return text.strip()


class _Writer:
    """Collects text into lines, and lines into cells and rows, while the tree is walked."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.in_body = 0
        self.in_link = 0
        self.heading = 0
        self._rows: list[_Row] = []
        self._parts: list[str] = []
        self._linked = 0

    def text(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            if self.in_link:
                self._linked += len(text.strip())

    def flush(self) -> None:
        if not self._parts:
            return
        text = clean("".join(self._parts))
        if text:
            self._out().append(Line(text, min(self._linked, len(text)), self.heading > 0, self.in_body > 0))
        self._parts, self._linked = [], 0

    def _out(self) -> list[Line]:
        for row in reversed(self._rows):
            if row.cells:
                return row.cells[-1]
        return self.lines

    def start_table(self) -> None:
        for row in self._rows:
            row.has_table = True

    def start_row(self) -> None:
        self._rows.append(_Row())

    def start_cell(self) -> None:
        if self._rows:
            self._rows[-1].cells.append([])

    def end_row(self) -> None:
        if not self._rows:
            return
        row = self._rows.pop()
        self._out().extend(_row_lines(row))


def _row_lines(row: _Row) -> list[Line]:
    """One line for a row of data; the lines themselves for a row that only lays out the page."""
    flat = [line for cell in row.cells for line in cell]
    filled = sum(bool(cell) for cell in row.cells)
    n_chars = sum(len(line.text) for line in flat)
    if row.has_table or filled == 0 or len(row.cells) == 1 or n_chars > MAX_ROW_CHARS:
        return flat
    if max(map(len, row.cells)) > MAX_CELL_LINES:
        return flat
    cells = tuple(" ".join(line.text for line in cell) for cell in row.cells)
    joined = " | ".join(cells).strip(" |") if filled > 1 else "".join(cells)
    in_body = any(line.in_body for line in flat)
    return [Line(joined, sum(line.n_linked for line in flat), False, in_body, cells)]


def read_lines(
    root: HtmlElement,
    shown: Mapping[HtmlElement, Weight],
    body: Container[HtmlElement] = (),
    is_chrome: Callable[[HtmlElement], bool] | None = None,
) -> list[Line]:
    """The lines of a tree in reading order; those below an element of `body` are marked `in_body`.

    Only elements in `shown` are read, and not what `is_chrome` names. Iterative, so that nesting cannot exhaust
    the stack.
    """
    writer = _Writer()
    skipped: HtmlElement | None = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        is_body = element in body
        weight = shown.get(element)
        if event == "start":
            if weight is None or (element is not root and is_chrome is not None and is_chrome(element)):
                walk.skip_subtree()
                skipped = element
                continue
            if tag in _ACTS or is_body:
                _open(writer, tag, is_body)
            writer.text(weight.text)
            continue
        if element is skipped:
            skipped = None
            if tag in BLOCKS:
                writer.flush()
        elif tag in _ACTS or is_body:
            _close(writer, tag, is_body)
        if element is not root:
            writer.text(weight.tail if weight is not None else element.tail)
    writer.flush()
    return writer.lines


def _open(writer: _Writer, tag: str, is_body: bool) -> None:
    if tag in BLOCKS or tag == "br" or is_body:
        writer.flush()
    if tag == "table":
        writer.start_table()
    elif tag == "tr":
        writer.start_row()
    elif tag in ("td", "th"):
        writer.start_cell()
    elif tag == "a":
        writer.in_link += 1
    elif tag in HEADINGS:
        writer.heading += 1
    writer.in_body += is_body


def _close(writer: _Writer, tag: str, is_body: bool) -> None:
    if tag in BLOCKS or is_body:
        writer.flush()
    writer.in_body -= is_body
    if tag == "tr":
        writer.end_row()
    elif tag == "a":
        writer.in_link -= 1
    elif tag in HEADINGS:
        writer.heading -= 1
