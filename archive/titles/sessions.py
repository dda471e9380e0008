"""The year of reports that are delivered to a session: government work reports, and those of courts and committees."""

from __future__ import annotations

import re

from archive.titles.periods import Period, calendar_year
from archive.titles.times import Time, times

_AUTUMN = 10  # sessions from October on close the running year; earlier ones the year before

# Courts, procuratorates and standing committees report to the session at which the government does.
_TO_A_SESSION = re.compile(r"(?:法院|检察院|常委会|常务委员会|政协[^、]{0,12})工作报告")


def delivered(text: str, covers: Period | None, plans: Period | None) -> tuple[Period | None, Period | None]:
    """Period and plan of a government work report: delivered in year Y it covers Y-1 and plans Y.

    With a plan of its own (2018年政府工作报告和2019年工作计划) the year is the one covered; a session in the autumn
    closes its own year. `covers` and `plans` are what the title's words gave.
    """
    session = _session(text)
    if covers is None and session is not None and session.first_year:
        covers = calendar_year(session.first_year + _is_autumn(session), session.start, session.end)
    if covers is None or covers.first is None or covers.scale != "annual" or plans is not None:
        return covers, plans
    year = covers.first.year
    if session is not None and session.start != covers.start and session.first_year == year:
        year += _is_autumn(session)
    span = (covers.start, covers.end)
    return calendar_year(year - 1, *span), calendar_year(year, *span)


def year_before_session(text: str) -> Period | None:
    """The year that a court's or committee's report covers, where the title gives only the day of the session."""
    return delivered(text, None, None)[0] if _TO_A_SESSION.search(text) else None


def _session(text: str) -> Time | None:
    return next((t for t in times(text) if t.kind == "date" and _is_session(text, t)), None)


def _is_session(text: str, day: Time) -> bool:
    """True for the day of a session, after the title's words or written out; not for an upload's number."""
    return day.start > text.find("报告") or "年" in text[day.start : day.end]


def _is_autumn(session: Time) -> bool:
    return (session.first_month or 1) >= _AUTUMN
