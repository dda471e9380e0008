"""Turns expressions of time into the period a review covers and the year, half or quarter a plan is for."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from archive.titles.times import Time


@dataclass(frozen=True, slots=True)
class Period:
    """What one naming word looks back at or ahead to. Without `first` it is known in kind only (20XX年上半年)."""

    first: date | None
    last: date | None
    scale: str  # annual, half, quarter, month, multi: the kind of report that covers it
    start: int
    end: int

    @property
    def label(self) -> str | None:
        """The period as `plan_year` writes it: 2022, 2022H2, 2022Q2, 2022-04, 2021-2025."""
        if self.first is None or self.last is None:
            return None
        year = self.first.year
        if self.scale == "multi":
            return f"{year}-{self.last.year}"
        if self.scale == "half" and self.first.month in (1, 7):
            return f"{year}H{1 if self.first.month == 1 else 2}"
        if self.scale == "quarter" and self.last.month - self.first.month == 2:
            return f"{year}Q{self.last.month // 3}"
        return f"{year}-{self.first.month:02}" if self.scale == "month" else str(year)


def calendar_year(year: int, start: int, end: int) -> Period:
    """The whole of one year, named at [start, end)."""
    return Period(date(year, 1, 1), date(year, 12, 31), "annual", start, end)


def _day(year: int, month: int, is_last: bool) -> date:
    year, month = (year + 1, month - 12) if month > 12 else (year, month)
    return date(year, month, calendar.monthrange(year, month)[1] if is_last else 1)


def _scale(n_months: int) -> str:
    # 1-11月 is what a yearly report written in November covers, but it says months, so it is filed as such.
    return {12: "annual", 6: "half", 5: "half", 3: "quarter", 9: "quarter"}.get(n_months, "month")


def period(times: Sequence[Time], inherited: int | None) -> Period | None:
    """The period that several expressions give together (2021年 + 上半年). `inherited`: the year last named before.

    A masked year (20XX年) hides an inherited one: the period is then known in kind only.
    """
    used = [t for t in times if t.kind != "date"]
    if not used:
        return None
    start, end = used[0].start, used[-1].end
    years = [t for t in used if t.kind == "years"]
    parts = [t for t in used if t.kind == "part"]
    several = any(t.kind == "span" for t in used)
    year = _year(years, used, inherited, bool(parts))
    if parts and not several:
        return _part_of(year, years, parts, (start, end))
    if years:
        return _whole_years(years, several, (start, end))
    if several:
        return Period(None, None, "multi", start, end)
    if year is None:
        return Period(None, None, "annual", start, end)
    return calendar_year(year, start, end)


def _year(years: list[Time], used: list[Time], inherited: int | None, has_parts: bool) -> int | None:
    if years:
        return years[-1].last_year if not years[-1].is_academic else years[0].first_year
    if any(t.kind == "masked" for t in used) or inherited is None:
        return None
    if any(t.kind == "next" for t in used):
        return inherited + 1
    return inherited if has_parts else None


def _part_of(year: int | None, years: list[Time], parts: list[Time], span: tuple[int, int]) -> Period:
    first = min(t.first_month or 1 for t in parts)
    last = max(t.last_month or 12 for t in parts)
    is_term = any(t.is_academic for t in parts)
    scale = "half" if is_term else _scale(last - first + 1)
    if year is None:
        return Period(None, None, scale, *span)
    if is_term and first < 9 and years and years[0].first_year != years[0].last_year:
        year += 1  # 2021-2022学年第二学期 is in the second year
    return Period(_day(year, first, False), _day(year, last, True), scale, *span)


def _whole_years(years: list[Time], several: bool, span: tuple[int, int]) -> Period:
    first = min(t.first_year or 0 for t in years)
    last = max(t.last_year or 0 for t in years)
    start_month, end_month = years[0].first_month or 1, years[-1].last_month or 12
    if any(t.is_academic for t in years):  # a school year runs from September to August
        last = first + 1 if last == first else last
        start_month, end_month = 9, 8
    n_months = (last - first) * 12 + end_month - start_month + 1
    scale = "annual" if 10 <= n_months <= 13 else "multi" if n_months > 13 or several else _scale(n_months)
    if several and first == last:
        return Period(None, None, "multi", *span)  # 2022年…近三年: which three is not said
    return Period(_day(first, start_month, False), _day(last, end_month, True), scale, *span)
