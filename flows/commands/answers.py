"""How an answer is shown: a table for people, or CSV, JSON lines, Markdown for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.printable import printable
from archive.warehouse import Answer

Format = Literal["table", "csv", "json", "parquet", "markdown"]

# A spreadsheet takes a cell that begins with one of these for a formula (OWASP: CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def render(answer: Answer, form: Format) -> str:
    """The answer as text in one of the formats but `table`, ending in a line break."""
    makers: dict[str, Callable[[Answer], str]] = {"csv": as_csv, "json": as_json, "markdown": as_markdown}
    return makers[form](answer)


def as_csv(answer: Answer) -> str:
    """Comma separated, with a heading line.

    >>> as_csv(Answer(("title", "n"), ("VARCHAR", "INTEGER"), [("=1+1", -3)]))
    "title,n\\n'=1+1,-3\\n"
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([safe_cell(value) for value in row] for row in answer.rows)
    return text.getvalue()


def safe_cell(value: Any) -> Any:
    """The value as a CSV cell that no spreadsheet takes for a formula; numbers stay as they are.

    >>> safe_cell("@SUM(A1)"), safe_cell("总结"), safe_cell(-1.5), safe_cell(None), safe_cell(["-a", "b"])
    ("'@SUM(A1)", '总结', -1.5, '', '["-a", "b"]')
    """
    if value is None or isinstance(value, bool | int | float):
        return "" if value is None else value
    text = plain(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_json(answer: Answer) -> str:
    """One list of objects.

    >>> as_json(Answer(("day",), ("DATE",), [(date(2024, 1, 2),)]))
    '[{"day": "2024-01-02"}]\\n'
    """
    return json.dumps(answer.dicts(), ensure_ascii=False, default=plain) + "\n"


def as_markdown(answer: Answer) -> str:
    r"""A Markdown table.

    >>> print(as_markdown(Answer(("a", "b"), ("VARCHAR", "INTEGER"), [("x|y", 1)])), end="")
    | a | b |
    | --- | --- |
    | x\|y | 1 |
    """
    lines = [
        answer.columns,
        ["---"] * len(answer.columns),
        *([plain(cell) for cell in row] for row in answer.rows),
    ]
    cells = ([cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def plain(value: Any) -> str:
    """A value as a person writes it: no microseconds, no nulls, lists and maps as JSON.

    >>> plain(datetime(2024, 1, 2, 3, 4, 5, 6)), plain(None), plain(0.1 + 0.2), plain(True), plain(["总结"])
    ('2024-01-02 03:04:05', '', '0.3', 'true', '["总结"]')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return str(value)
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, float):
        return f"{value:.12g}"
    return json.dumps(value, ensure_ascii=False, default=plain)


# Columns narrower than this break every word: such a row is easier to read as a list.
NARROWEST = 9


def print_table(answer: Answer, console: Console) -> None:
    """A table that lines up with wide characters, or a list a row where the columns do not fit beside each other."""
    if console.width < NARROWEST * len(answer.columns):
        print_records(answer, console)
        return
    table = Table(show_edge=False, header_style="bold", pad_edge=False)
    for name, kind in zip(answer.columns, answer.types, strict=True):
        is_number = any(word in kind for word in ("INT", "DOUBLE", "FLOAT", "DECIMAL"))
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(_cell(value) for value in row))
    console.print(table)
    console.print(f"{len(answer.rows)} row{'' if len(answer.rows) == 1 else 's'}", style="dim")


def print_records(answer: Answer, console: Console) -> None:
    """Each row as a list of names and values."""
    for number, row in enumerate(answer.dicts(), start=1):
        console.rule(f"row {number}", align="left", style="dim")
        grid = Table.grid(padding=(0, 2))
        for name, value in row.items():
            grid.add_row(Text(name, "dim"), _cell(value))
        console.print(grid)
    console.print(f"{len(answer.rows)} row{'' if len(answer.rows) == 1 else 's'}", style="dim")


# A full text in a table's cell would fill screens; `show` and the other formats give all of it.
LONGEST_CELL = 200


def _cell(value: Any) -> Text:
    text = " ".join(plain(value).split())
    return Text(text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…")
