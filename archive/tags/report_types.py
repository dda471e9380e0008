"""What kinds of report a document is: annual, half, quarter, month, multi, special, plan, gwr, duty …"""

from __future__ import annotations

from archive.models import Report, Tag
from archive.titles.report import Found, read_report


def report_types(report: Report) -> list[Tag]:
    """One tag per kind, from the title's naming words, or the text's where the title has none."""
    return [_tag(found) for found in read_report(report).types]


def _tag(found: Found) -> Tag:
    start, end = found.span or (None, None)
    return Tag(
        "report_types", found.value, found.confidence, f"{found.field} grammar", found.field, start, end
    )
