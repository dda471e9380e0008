"""The figures of a text by the words they stand in: what tells a copy from the same words with other numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from archive.alignment import Prepared
from archive.text import simplify

# A figure's place is named by 5 Han characters before it and 2 after: 增长率为同比 7.1 个百.
BEFORE, AFTER = 5, 2
_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
# Copies are re-dated as a rule, so a year says nothing about whose text it is.
_YEAR = re.compile(r"(?:19|20)\d\d")

Figures = Mapping[bytes, frozenset[float]]


class Agreement(NamedTuple):
    """Places that two texts have in common: how many show the same figure, how many another."""

    n_agree: int
    n_conflict: int


def figures(text: Prepared) -> Figures:
    """Place -> the values that stand there: several where one page holds the same words twice."""
    found = [m for m in _FIGURE.finditer(simplify(text.text)) if not _YEAR.fullmatch(m.group())]
    starts = np.array([m.start() for m in found], dtype=np.intp)
    before = np.searchsorted(text.places, starts)
    values: dict[bytes, set[float]] = {}
    for match, index in zip(found, before.tolist(), strict=True):
        if BEFORE <= index <= len(text.han) - AFTER:
            place = text.han[index - BEFORE : index + AFTER].tobytes()
            values.setdefault(place, set()).add(float(match.group().replace(",", "")))
    return {place: frozenset(found) for place, found in values.items()}


def agreement(a: Figures, b: Figures) -> Agreement:
    """Compare the figures of the places that both texts have."""
    shared = a.keys() & b.keys()
    agree = sum(not a[place].isdisjoint(b[place]) for place in shared)
    return Agreement(agree, len(shared) - agree)
