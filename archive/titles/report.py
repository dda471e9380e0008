"""Reads a report's kind and periods from its title first, then from its text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from archive.models import Report
from archive.titles.body import read_text
from archive.titles.periods import Period
from archive.titles.reading import Span, TitleReading, read_title

Field = Literal["title", "text"]


@dataclass(frozen=True, slots=True)
class Found:
    """A value with the field and span that say so."""

    value: str
    field: Field
    span: Span | None
    confidence: float


@dataclass(frozen=True, slots=True)
class ReportReading:
    """Kinds, period covered and period planned of a report; `*_field` tells where each was found."""

    types: tuple[Found, ...] = ()
    covers: Period | None = None
    covers_field: Field = "title"
    plans: Period | None = None
    plans_field: Field = "title"


# Measured on the project's tables of titles: dated titles are read as a person reads them in 99 of 100 cases; a title
# without any time, or a heading of the text, leaves more open.
_BY_TITLE, _BY_UNDATED_TITLE, _BY_TEXT = 0.95, 0.8, 0.75
_SCALES = ("half", "quarter", "month", "multi")


def read_report(report: Report) -> ReportReading:
    """What title and text say together. The text speaks where the title is silent or does not describe the text."""
    return _read(report.title if report.title_matches_text else "", report.text)


@lru_cache(maxsize=4)
def _read(title: str, text: str) -> ReportReading:
    by_title = read_title(title)
    is_complete = _is_dated(by_title.covers) or not _looks_back(by_title)
    needs_plan = "plan" in by_title.types and not _is_dated(by_title.plans)
    if not text or (by_title.types and is_complete and not needs_plan):
        return _of_one(by_title, "title")
    by_text = read_text(text)
    if not by_title.types:
        return _of_one(by_text, "text")
    return _joined(by_title, by_text)


def _is_dated(value: Period | None) -> bool:
    return value is not None and value.first is not None


def _looks_back(reading: TitleReading) -> bool:
    return bool(set(reading.types) - {"plan", "other", "meeting"})


def _of_one(reading: TitleReading, field: Field) -> ReportReading:
    confidence = _BY_TEXT if field == "text" else _BY_TITLE if _has_time(reading) else _BY_UNDATED_TITLE
    types = tuple(Found(name, field, span, confidence) for name, span in reading.types.items())
    return ReportReading(types, reading.covers, field, reading.plans, field)


def _has_time(reading: TitleReading) -> bool:
    return reading.covers is not None or reading.plans is not None


def _joined(by_title: TitleReading, by_text: TitleReading) -> ReportReading:
    """The title's kinds, with period and plan from the text where the title names none."""
    own = _of_one(by_title, "title")
    takes_period = _looks_back(by_title) and not _is_dated(own.covers) and _is_dated(by_text.covers)
    takes_plan = "plan" in by_title.types and not _is_dated(own.plans) and _is_dated(by_text.plans)
    types = _rescaled(own.types, by_text) if takes_period and by_title.covers is None else own.types
    return ReportReading(
        types,
        by_text.covers if takes_period else own.covers,
        "text" if takes_period else "title",
        by_text.plans if takes_plan else own.plans,
        "text" if takes_plan else "title",
    )


def _rescaled(types: tuple[Found, ...], by_text: TitleReading) -> tuple[Found, ...]:
    """An undated 工作总结 whose text is headed 上半年工作总结 is a half-year report."""
    scale = next((name for name in _SCALES if name in by_text.types), None)
    if scale is None:
        return types
    found = Found(scale, "text", by_text.types[scale], _BY_TEXT)
    return tuple(found if t.value == "annual" else t for t in types)
