"""From pieces of evidence to the interval of years in which a text can have been written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.calendar.evidence import Cue

FIRST, LAST = 1990, 2027
# How much worse than the best year a year may be and still be possible; set on dated reports so that 98 % of their
# years lie within.
_TOLERANCE = 1.2
# Cues of one text lean on each other: only the strongest few count against a year, so that no heap of old phrases
# outweighs one new one.
_STRONGEST = 3
_MOST_FADED = 2.5  # no phrase is ever quite gone
# A cue of the year before its event is often an announcement or a slip of one year.
_ONE_YEAR_EARLY = 0.7


@dataclass(frozen=True, slots=True)
class Interval:
    """Possible years lo..hi, the weight against every year, and the cues that set the two ends."""

    lo: int
    hi: int
    against: dict[int, float]
    lo_cue: Cue | None
    hi_cue: Cue | None

    @property
    def width(self) -> int:
        """Number of possible years."""
        return self.hi - self.lo + 1

    def of_two_years(self) -> tuple[int, int]:
        """The bounds for a text that reviews one year and plans the next: at least two years, the likelier neighbour."""
        if self.lo < self.hi:
            return self.lo, self.hi
        before, after = (self.against.get(year, 99.0) for year in (self.lo - 1, self.hi + 1))
        return (self.lo - 1, self.hi) if before <= after else (self.lo, self.hi + 1)


def interval(cues: Sequence[Cue], absences: Iterable[tuple[str, int, int, float]] = ()) -> Interval:
    """The years that the evidence leaves possible; all years where there is no evidence."""
    missing = list(absences)
    against = {year: _against(year, cues, missing) for year in range(FIRST, LAST + 1)}
    best = min(against.values())
    possible = [year for year, weight in against.items() if weight <= best + _TOLERANCE]
    lo, hi = min(possible), max(possible)
    return Interval(lo, hi, against, _decides(cues, lo - 1), _decides(cues, hi + 1))


def _against(year: int, cues: Sequence[Cue], absences: Sequence[tuple[str, int, int, float]]) -> float:
    early = sorted((_early(cue, year) for cue in cues if year < cue.lo), reverse=True)[:_STRONGEST]
    late = sorted((_late(cue, year) for cue in cues if year > cue.hi), reverse=True)[:_STRONGEST]
    missing = sum(weight for _, first, last, weight in absences if first <= year <= last)
    return sum(early) + sum(late) + missing


def _early(cue: Cue, year: int) -> float:
    if year >= cue.lo:
        return 0.0
    return cue.certain * (_ONE_YEAR_EARLY if cue.lo - year == 1 else 1.0)


def _late(cue: Cue, year: int) -> float:
    return min(_MOST_FADED, max(0, year - cue.hi) * cue.fades)


def _decides(cues: Sequence[Cue], year: int) -> Cue | None:
    """The cue that weighs most against a year."""
    weighed = [(max(_early(cue, year), _late(cue, year)), -index) for index, cue in enumerate(cues)]
    if not weighed or max(weighed)[0] <= 0:
        return None
    return cues[-max(weighed)[1]]
