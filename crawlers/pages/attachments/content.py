"""What a file's reader gives back: its text, or a note that says why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TEXT_CHARS = 5_000_000  # a year's report of a province has 40,000; more is a data dump, not a report

# Bullets and boxes of Symbol and Wingdings, which no other font shows.
_SYMBOL_FONT = re.compile("[\uf000-\uf0ff]")


@dataclass(frozen=True, slots=True)
class Content:
    """The text of one file. `text` is None where it could not be read; `note` then begins with one of

    needs_ocr, encrypted, unreadable, too_large. A note beside a text says what of the file is not in it.
    """

    format: str
    text: str | None = None
    note: str = ""


def whole(file_format: str, lines: list[str]) -> Content:
    """The content of a file that was read to its end: its lines, white space collapsed, without the empty ones."""
    pieces = (_SYMBOL_FONT.sub("", line).split() for part in lines for line in part.split("\n"))
    text = "\n".join(" ".join(words) for words in pieces if words)
    if not text:
        return Content(file_format, None, "unreadable: the file holds no text")
    if len(text) > MAX_TEXT_CHARS:
        return Content(
            file_format, text[:MAX_TEXT_CHARS], f"too_large: only {MAX_TEXT_CHARS} characters kept"
        )
    return Content(file_format, text)


def row(cells: list[str]) -> str:
    """A row of a table as one line: a | b | c. Empty when all cells are.

    >>> row(["指标", " 2021年\\n", ""])
    '指标 | 2021年 |'
    """
    texts = [" ".join(cell.split()) for cell in cells]
    return " | ".join(texts).strip() if any(texts) else ""
