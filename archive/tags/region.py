"""The division of China that a report comes from, as coded today and as coded in its year."""

from __future__ import annotations

from archive.models import Report, Tag
from archive.regions.evidence import Evidence, weigh
from archive.regions.table import code_in_year, level_of, name_of, path_of
from archive.titles.report import read_report


def region(report: Report) -> list[Tag]:
    """Tags region (six digits of GB/T 2260, 000000 for the centre), region_level, region_path and region_code_asof.

    Where the evidence leaves it open there is no region; region_candidates then lists the codes in question.
    """
    year = _year(report)
    best, found = weigh(report, year)
    if best is None:
        return _candidates(found)
    (code,) = best.codes
    detail = "; ".join(f"{e.source}: {' '.join(sorted(e.codes))} {e.detail}".rstrip() for e in found)
    level = "township" if best.is_township else level_of(code)
    values = {"region": code, "region_level": level, "region_path": path_of(code)}
    if year is not None:
        values["region_code_asof"] = code_in_year(name_of(code) or "", code, year)
    return [_tag(name, value, best, detail) for name, value in values.items()]


def _year(report: Report) -> int | None:
    """The year in which the report was current: of its plan, its period, or its dates."""
    reading = read_report(report)
    for period in (reading.plans, reading.covers):
        if period is not None and period.last is not None:
            return period.last.year
    day = report.written_on or report.published_on
    return day.year if day else None


def _candidates(found: tuple[Evidence, ...]) -> list[Tag]:
    codes = sorted({code for e in found for code in e.codes})
    if not codes:
        return []
    detail = "; ".join(f"{code} {path_of(code)}" for code in codes)
    return [Tag("region_candidates", " ".join(codes), 0.3, "open", found[0].field, detail=detail)]


def _tag(name: str, value: str, best: Evidence, detail: str) -> Tag:
    return Tag(name, value, round(best.confidence, 2), best.source, best.field, best.start, best.end, detail)
