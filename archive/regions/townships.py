"""Townships, sub-districts and their like, and the counties they lie in. Origin and licence: ORIGIN.md."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

# Names of two characters (城镇, 新乡) are also words or cities; the list's longest name is that of a farm.
_SHORTEST, _LONGEST = 3, 14
_ENDING = re.compile(r"街道|[镇乡]|苏木|开发区|园区|管理区|[农林牧渔]场|团场")


@dataclass(frozen=True, slots=True)
class TownshipMention:
    """A township's name found at [start, end) and the current codes of the counties that have one of that name."""

    start: int
    end: int
    name: str
    counties: frozenset[str]


@cache
def counties_by_township() -> dict[str, frozenset[str]]:
    """Current county codes by township name."""
    packed = resources.files("archive.regions").joinpath("townships.tsv.gz").read_bytes()
    found: dict[str, set[str]] = {}
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        code, _, names = line.partition("\t")
        for name in names.split():
            found.setdefault(name, set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def _last_three() -> frozenset[str]:
    return frozenset(name[-_SHORTEST:] for name in counties_by_township())


def townships(text: str) -> Iterator[TownshipMention]:
    """Township names in a text, the longest that ends at each 镇, 乡, 街道 …

    >>> [m.name for m in townships("2023年冲蒌镇政府工作报告")]
    ['冲蒌镇']
    """
    known, ends = counties_by_township(), _last_three()
    for ending in _ENDING.finditer(text):
        if text[ending.end() - _SHORTEST : ending.end()] not in ends:
            continue
        for length in range(_LONGEST, _SHORTEST - 1, -1):
            start = ending.end() - length
            name = text[start : ending.end()] if start >= 0 else ""
            if name in known:
                yield TownshipMention(start, ending.end(), name, known[name])
                break
