"""The years in which a text can have been written, from what it mentions, and whether that fits the year it claims."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from archive.calendar.evidence import OPEN, Cue, absences, evidence
from archive.calendar.interval import FIRST, LAST, Interval, interval
from archive.models import Report, Tag

Verdict = Literal["ok", "conflict", "unknown"]

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\s?年|[—\-－～~至、.]\s?(?:19|20)\d\d|上半年|下半年|度)")
_OPENING = 120  # a text without a year in its title claims the one it opens with
_SHOWN = 12  # cues kept as evidence, those that bound the interval first
# The least weight against the claimed year, beyond that against the best, for a conflict; set so that of dated
# reports fewer than one in two hundred is called re-dated.
_CONFLICT = 3.2
# Beyond this many years a claim needs no single hard cue: everything in the text is from another time.
_FAR = 2
_HARD = 6.0  # a cue that did not exist before its first year


def true_year(report: Report) -> list[Tag]:
    """`true_year_lo`, `true_year_hi`, `redated` (ok | conflict | unknown) and the cues (`true_year_cue`: what, when).

    The years are report years: the year that the text reviews or, for plans, in which it was made; a report on a
    year is often finished in the next. Explicit years only narrow what the cues leave open, and on sharing sites
    not even that, for there they are the first thing to be changed.
    """
    cues = evidence(report.text)
    if not cues:
        return []
    found = interval(cues, absences(report.text))
    claimed = claimed_years(report)
    verdict = redated(found, cues, claimed)
    lo, hi, method = _narrowed(report, found, verdict)
    confidence = 0.95 if hi - lo <= 2 else 0.8
    return [
        _bound("true_year_lo", lo, found.lo_cue, method, confidence),
        _bound("true_year_hi", hi, found.hi_cue, method, confidence),
        Tag(
            "redated",
            verdict,
            0.9,
            "claim against cues",
            detail=f"claims {claimed}, cues {found.lo}-{found.hi}",
        ),
        *(_cue_tag(cue) for cue in _telling(cues, found)),
    ]


def claimed_years(report: Report) -> list[int]:
    """The years that the title claims, else the first year of the text's opening.

    >>> claimed_years(Report(title="某局2021年工作总结及2022年打算"))
    [2021, 2022]
    """
    in_title = [int(y) for y in _YEAR.findall(report.title)]
    if in_title:
        return in_title
    opening = _YEAR.search(report.text[:_OPENING])
    return [int(opening[1])] if opening else []


def redated(found: Interval, cues: list[Cue], claimed: list[int]) -> Verdict:
    """Whether the claimed years can be true. A report on a year may be written one year later, a plan one earlier."""
    years = [y for claim in claimed for y in (claim - 1, claim, claim + 1) if FIRST <= y <= LAST]
    if not years:
        return "unknown"
    if any(found.lo <= year <= found.hi for year in years):
        return "ok"
    beyond = min(found.against[year] for year in years) - min(found.against.values())
    gap = max(min(claimed) - found.hi, found.lo - max(claimed))
    is_hard = any(cue.certain >= _HARD and cue.lo > max(claimed) + 1 for cue in cues)
    if beyond >= _CONFLICT and (is_hard or gap >= _FAR):
        return "conflict"
    return "unknown"


# A speech to a people's congress, or a review that goes on to the coming year: written in the year after the one reviewed.
_TWO_YEARS = re.compile(r"各位代表|明年(?!初)|下一?年度?(?:的)?工作(?:计划|思路|打算|安排|要点)|来年")


def _covers_two_years(report: Report) -> bool:
    return len(set(_YEAR.findall(report.title))) > 1 or bool(_TWO_YEARS.search(report.text))


def _narrowed(report: Report, found: Interval, verdict: Verdict) -> tuple[int, int, str]:
    """The interval, narrowed by the date of publication and by years in the text that lie within it."""
    lo, hi = found.of_two_years() if _covers_two_years(report) else (found.lo, found.hi)
    method = "cues"
    if report.published_on and lo <= report.published_on.year < hi:
        hi, method = report.published_on.year, "cues, published_on"
    if verdict == "conflict" or report.source_kind == "sharing":
        return lo, hi, method
    counted = Counter(y for y in map(int, _YEAR.findall(report.text)) if lo <= y <= hi)
    years = _current_years(counted)
    return (min(years), max(years), f"{method}, years in text") if years else (lo, hi, method)


def _current_years(counted: Counter[int]) -> list[int]:
    """The year that a text speaks of most, and the next where it is the year of its plans."""
    if not counted or counted.most_common(1)[0][1] < 2:
        return []
    year, n = counted.most_common(1)[0]
    # One mention of the year after is a term of a project, a quarter of the mentions is a plan.
    return [y for y in (year - 1, year, year + 1) if y == year or counted[y] >= max(2, n / 4)]


def _bound(name: str, year: int, cue: Cue | None, method: str, confidence: float) -> Tag:
    if cue is None:
        return Tag(name, year, confidence, method)
    return Tag(name, year, confidence, method, start=cue.start, end=cue.end, detail=cue.name)


def _telling(cues: list[Cue], found: Interval) -> list[Cue]:
    """The cues that bound the interval most closely."""
    closest = sorted(cues, key=lambda c: min(abs(c.lo - found.lo), abs(c.hi - found.hi)))
    return closest[:_SHOWN]


def _cue_tag(cue: Cue) -> Tag:
    until = "" if cue.hi >= OPEN else cue.hi
    confidence = round(min(0.95, 0.5 + cue.certain / 20), 2)
    return Tag(
        "true_year_cue",
        cue.name,
        confidence,
        "calendar",
        start=cue.start,
        end=cue.end,
        detail=f"{cue.lo}-{until}",
    )
