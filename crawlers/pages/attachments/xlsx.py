"""XLSX to text: each sheet's rows as lines `a | b`, values as computed when the file was saved."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl

from crawlers.pages.attachments.content import Content, row, whole
from crawlers.pages.attachments.packages import check

MAX_ROWS = 20_000  # of all sheets; a report's annex has tens of rows
MAX_COLUMNS = 200


def read_xlsx(body: bytes) -> Content:
    """The text of all sheets that are shown. Formulas are not computed: their saved values are read.

    Raises:
        PackageError, or whatever openpyxl raises: a broken or refused file.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        check(package)
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
    lines: list[str] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # a sheet may claim a million rows that it does not have
        for values in sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True):
            lines.append(row([_shown(value) for value in values]).rstrip("| "))
            if len(lines) >= MAX_ROWS:
                return Content("xlsx", whole("xlsx", lines).text, f"too_large: only {MAX_ROWS} rows read")
    return whole("xlsx", lines)


def _shown(value: object) -> str:
    """A cell as a reader would see it.

    >>> [_shown(value) for value in (None, 3.0, 0.1 + 0.2, date(2022, 1, 5), "县")]
    ['', '3', '0.3', '2022-01-05', '县']
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"  # binary noise sits behind the tenth digit
    if isinstance(value, datetime):
        return (
            value.date().isoformat() if value.hour == value.minute == 0 else value.isoformat(" ", "minutes")
        )
    return value.isoformat() if isinstance(value, date) else str(value)
