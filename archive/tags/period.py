"""The period a report covers, and the year, half or quarter it plans."""

from __future__ import annotations

from archive.models import Report, Tag
from archive.titles.periods import Period
from archive.titles.report import Field, read_report

# A title's year is right unless the page was re-dated, which is another tag's business; a heading or first sentence
# of the text may belong to a part of it.
_CONFIDENCE: dict[Field, float] = {"title": 0.95, "text": 0.75}


def period(report: Report) -> list[Tag]:
    """Tags period_start, period_end (ISO dates), period_source (title | text) and plan_year (2022, 2022H2, 2022Q2)."""
    reading = read_report(report)
    return [*_covered(reading.covers, reading.covers_field), *_planned(reading.plans, reading.plans_field)]


def _covered(covers: Period | None, field: Field) -> list[Tag]:
    if covers is None or covers.first is None or covers.last is None:
        return []
    values = {
        "period_start": covers.first.isoformat(),
        "period_end": covers.last.isoformat(),
        "period_source": field,
    }
    return [_tag(name, value, covers, field) for name, value in values.items()]


def _planned(plans: Period | None, field: Field) -> list[Tag]:
    if plans is None or plans.label is None:
        return []
    return [_tag("plan_year", plans.label, plans, field)]


def _tag(name: str, value: str, source: Period, field: Field) -> Tag:
    return Tag(name, value, _CONFIDENCE[field], f"{field} grammar", field, source.start, source.end)
