"""The region that a text is from, by the divisions and townships it names: votes, and silence where they are few."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from archive.regions.table import by_name, current, level_of
from archive.regions.townships import counties_by_township, townships

# A report names its own county beside its offices, and its townships in every section; more text adds no more.
_SCANNED = 20_000
_CLASS_WORD = re.compile(r"[县市区旗]|自治州")
_SHORTEST, _LONGEST = 3, 15
# 罗甸县人民医院, 天门市委: the county's own body.
_OWN_BODY = re.compile(
    r"""(?:人民|县?委|市?委|区?委|政府|医院|中医|第[一二三]|妇幼|疾控|[\u4e00-\u9fff]{2,8}局|城区|境内|全域|辖区)""",
    re.VERBOSE,
)
# 木引卫生院, 木引中学: how townships are called by their institutions.
_INSTITUTION = re.compile(r"(?:中心)?(?:卫生院|中学|小学|敬老院|派出所|司法所|社区卫生|水厂)")
# Two independent names at least, and twice what the next county has: below that the texts of a test set named the
# wrong county more often than not (a visit, a sister county, a village of the same name).
_LEAST_NAMES, _LEAST_LEAD = 2, 2.0
_LEAST_POINTS = 2.0


@dataclass(frozen=True, slots=True)
class Votes:
    """What a text's place names say: the winning code with its points, the runner-up, and one span as evidence."""

    code: str
    points: float
    next_points: float
    names: tuple[str, ...]
    start: int
    end: int


def votes_in(text: str) -> Votes | None:
    """The county that the text's names point to, or None."""
    head = text[:_SCANNED]
    points: dict[str, float] = defaultdict(float)
    names: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for name, codes, weight, span in [*_divisions(head), *_townships(head), *_institutions(head)]:
        for code in codes:
            if name not in names[code]:
                points[code] += weight / len(codes)
                names[code][name] = span
    return _winner(points, names)


def _winner(points: dict[str, float], names: dict[str, dict[str, tuple[int, int]]]) -> Votes | None:
    ranked = sorted(points.items(), key=lambda item: -item[1])[:2]
    if not ranked:
        return None
    code, most = ranked[0]
    following = ranked[1][1] if len(ranked) > 1 else 0.0
    distinct = {name.rstrip("…") for name in names[code]}
    if len(distinct) < _LEAST_NAMES or most < _LEAST_POINTS or most < _LEAST_LEAD * following:
        return None
    start, end = next(iter(names[code].values()))
    return Votes(code, most, following, tuple(sorted(distinct))[:8], start, end)


_Vote = tuple[str, frozenset[str], float, tuple[int, int]]


@cache
def _last_three() -> frozenset[str]:
    return frozenset(name[-_SHORTEST:] for name in by_name())


def _divisions(text: str) -> list[_Vote]:
    """Full names of counties: two points beside a body of their own, one elsewhere."""
    found: list[_Vote] = []
    for match in _CLASS_WORD.finditer(text):
        if text[match.end() - _SHORTEST : match.end()] not in _last_three():
            continue
        for length in range(_LONGEST, _SHORTEST - 1, -1):
            start = match.end() - length
            name = text[start : match.end()] if start >= 0 else ""
            if name in by_name():
                codes = frozenset(c for d in by_name()[name] if d.valid_to is None for c in current(d.code))
                counties = frozenset(c for c in codes if level_of(c) == "county")
                own = _OWN_BODY.match(text, match.end()) is not None
                if counties:
                    found.append((name + "…" * own, counties, 1.5 if own else 1.0, (start, match.end())))
                break
    return found


def _townships(text: str) -> list[_Vote]:
    return [(m.name, m.counties, 1.0, (m.start, m.end)) for m in townships(text) if len(m.counties) <= 3]


def _institutions(text: str) -> list[_Vote]:
    """Townships named by their institutions: 木引卫生院."""
    known = counties_by_township()
    found: list[_Vote] = []
    for match in _INSTITUTION.finditer(text):
        for length in (4, 3, 2):
            stem = text[max(0, match.start() - length) : match.start()]
            counties = known.get(stem + "镇", frozenset()) | known.get(stem + "乡", frozenset())
            if len(stem) == length and 0 < len(counties) <= 3:
                # A stem without its class word may be any village's, so it weighs half.
                found.append((stem, counties, 0.5, (match.start() - length, match.start())))
                break
    return found
