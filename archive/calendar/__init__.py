"""The political calendar: what reports could mention, and from when to when; tables with a reference for every row.

`terms.tsv` holds terms (campaigns, institutions, laws, epidemics), `meetings.tsv` congresses and plenums, `plans.tsv`
five-year plans, `series.tsv` what is counted year by year (第33个爱国卫生月, 建党100周年, 医院管理年第三年).

Bounds are report years: the year that a yearly report reviews, or in which a plan is made. The bounds come from the
events named in `reference` and were checked against dated reports of 1993-2026.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Term:
    """A term with the report years in which it is used.

    `certain` weighs against each year before `earliest` (9: it did not exist), `fades` against each year after
    `latest` (1: hardly used any more; 0: still in use).
    """

    cue: str
    words: tuple[str, ...]
    pattern: re.Pattern[str] | None
    earliest: int
    latest: int
    certain: float
    fades: float
    reference: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A party congress (`plenum` 0) or a plenum, with the year and month in which it was held."""

    congress: int
    plenum: int
    year: int
    month: int
    reference: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A five-year plan; `drafted` is the year in which reports begin to prepare it."""

    name: str
    drafted: int
    first: int
    last: int
    reference: str


@dataclass(frozen=True, slots=True)
class Series:
    """Something counted by the year: `kind` nth | anniversary | rise | nth_year, and the year that the count starts from."""

    kind: str
    words: tuple[str, ...]
    first: int
    reference: str


def _rows(name: str) -> list[list[str]]:
    """The rows of a table without comments and header; a row with the wrong number of fields is a ValueError."""
    lines = (files(__package__) / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    for row in rows:
        if len(row) != len(rows[0]):
            raise ValueError(f"{name}: {row[0]} has {len(row)} fields, the header {len(rows[0])}")
    return rows[1:]


@cache
def terms() -> tuple[Term, ...]:
    """All terms, in the order of the table."""
    return tuple(
        Term(
            cue,
            tuple(words.split("|")),
            re.compile(pattern) if pattern else None,
            int(earliest),
            int(latest),
            float(certain),
            float(fades),
            reference,
        )
        for cue, words, pattern, earliest, latest, certain, fades, reference in _rows("terms.tsv")
    )


@cache
def meetings() -> tuple[Meeting, ...]:
    """Congresses and plenums in the order in which they were held."""
    return tuple(
        Meeting(int(congress), int(plenum), int(held[:4]), int(held[5:]), reference)
        for congress, plenum, held, reference in _rows("meetings.tsv")
    )


@cache
def plans() -> tuple[Plan, ...]:
    """The five-year plans, oldest first."""
    return tuple(
        Plan(name, int(drafted), int(first), int(last), reference)
        for name, drafted, first, last, reference in _rows("plans.tsv")
    )


@cache
def series() -> tuple[Series, ...]:
    """Everything that is counted by the year."""
    return tuple(
        Series(kind, tuple(words.split("|")), int(first), reference)
        for kind, words, first, reference in _rows("series.tsv")
    )
