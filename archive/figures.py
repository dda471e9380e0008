"""The figures of a text by the words they stand in: what tells a copy from the same words with other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from archive.alignment import Prepared
from archive.text import simplify

# A figure's place is named by 5 Han characters before it and 2 after: 增长率为同比 7.1 个百.
BEFORE, AFTER = 5, 2
_FIGURE = re.compile(
    r"""(?=\d)  # most places are passed over by one look
        (?<![\dxX×*_□■○●〇]) (?<![\dxX×*_□■○●〇][.,])  # □□.6% and 1,xxx: half a figure is none
        \d++ (?:,\d{3})*+ (?:\.\d++)?+
        (?![.,]?[xX×*_□■○●〇])""",
    re.VERBOSE,
)
# A figure that touches a line's end may be one half of it (PDF lines are cut anywhere) or the number of an item.
_EDGE = "0123456789.,、 \t\r\u3000"
# Copies are re-dated as a rule, so a year says nothing about whose text it is.
_YEAR = re.compile(r"(?:19|20)\d\d")

Figures = Mapping[bytes, frozenset[float]]


class Agreement(NamedTuple):
    """Places that two texts have in common: how many show the same figure, how many another."""

    n_agree: int
    n_conflict: int


def figures(text: Prepared) -> Figures:
    """Place -> the values that stand there: several where one page holds the same words twice."""
    found = list(_figures(simplify(text.text)))
    starts = np.array([start for start, _ in found], dtype=np.intp)
    before = np.searchsorted(text.places, starts)
    values: dict[bytes, set[float]] = {}
    for (_, value), index in zip(found, before.tolist(), strict=True):
        if BEFORE <= index <= len(text.han) - AFTER:
            place = text.han[index - BEFORE : index + AFTER].tobytes()
            values.setdefault(place, set()).add(value)
    return {place: frozenset(seen) for place, seen in values.items()}


def agreement(a: Figures, b: Figures) -> Agreement:
    """Compare the figures of the places that both texts have."""
    shared = a.keys() & b.keys()
    agree = sum(not a[place].isdisjoint(b[place]) for place in shared)
    return Agreement(agree, len(shared) - agree)


def _figures(text: str) -> Iterator[tuple[int, float]]:
    """Where a figure stands and its value; years and figures at the ends of lines are left out."""
    at = 0
    for line in text.split("\n"):
        begin, end = at + len(line) - len(line.lstrip(_EDGE)), at + len(line.rstrip(_EDGE))
        for match in _FIGURE.finditer(text, begin, end):
            if not _YEAR.fullmatch(match.group()):
                yield match.start(), float(match.group().replace(",", ""))
        at += len(line) + 1
