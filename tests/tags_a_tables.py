"""Reads the tables of tests/data/tags_a."""

from __future__ import annotations

import calendar
import csv
from pathlib import Path

_FOLDER = Path(__file__).parent / "data" / "tags_a"


def table(name: str) -> list[dict[str, str]]:
    """Rows of one table; lines that begin with # are headings for the reader."""
    lines = (_FOLDER / name).read_text("utf-8").splitlines()
    return list(csv.DictReader([line for line in lines if line and not line.startswith("#")], delimiter="\t", restval=""))


def dates(period: str) -> tuple[str, str] | None:
    """First and last day of a period as the tables write it: 2021, 2021H1, 2021Q3, 2016..2020, 2021-01..2021-11."""
    if not period:
        return None
    first, _, last = period.partition("..")
    start, end = _months(first), _months(last or first)
    year, month = (int(part) for part in end[1].split("-"))
    return f"{start[0]}-01", f"{end[1]}-{calendar.monthrange(year, month)[1]:02}"


def _months(period: str) -> tuple[str, str]:
    year, rest = period[:4], period[4:]
    if rest.startswith("-"):
        return period, period
    first, last = {"": (1, 12), "H1": (1, 6), "H2": (7, 12)}.get(rest) or (int(rest[1]) * 3 - 2, int(rest[1]) * 3)
    return f"{year}-{first:02}", f"{year}-{last:02}"
