"""Finds the lexicon's terms in a text in one pass."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib import resources

from archive.text import Beginnings


@cache
def themes() -> dict[str, str]:
    """Theme by term."""
    text = resources.files("archive.terms").joinpath("terms.tsv").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {row["term"]: row["theme"] for row in csv.DictReader(lines, delimiter="\t")}


@cache
def _by_first_two() -> dict[str, tuple[str, ...]]:
    """Terms by their first two characters, longest first."""
    groups: dict[str, list[str]] = {}
    for term in sorted(themes(), key=len, reverse=True):
        groups.setdefault(term[:2], []).append(term)
    return {head: tuple(group) for head, group in groups.items()}


@cache
def _beginnings() -> Beginnings:
    return Beginnings(themes())


def terms_in(text: str) -> Iterator[tuple[int, str]]:
    """(start, term) of every occurrence, the longest term at each place, not overlapping.

    >>> list(terms_in("深入推进脱贫攻坚与乡村振兴"))
    [(4, '脱贫攻坚'), (9, '乡村振兴')]
    """
    groups, end = _by_first_two(), 0
    for start in _beginnings().places(text):
        if start < end:
            continue
        term = next((t for t in groups[text[start : start + 2]] if text.startswith(t, start)), None)
        if term is not None:
            yield start, term
            end = start + len(term)
