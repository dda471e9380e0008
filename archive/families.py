"""Families of copies and which copy stands for each: pure functions over the stored relations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from archive.models import FamilyMember

# Masked figures up to this share are an anonymised name or two and no reason to prefer another copy.
MASKED_STEP = 0.1
# Copies whose words agree with other copies to within this share of the best are equally undamaged.
DAMAGE_STEP = 0.05
# A copy that lacks this share of what another has is a lesser copy.
COMPLETE_STEP = 0.1


class Same(NamedTuple):
    """Two reports found to be the same."""

    a: str
    b: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Copy:
    """What is known of a report for choosing among copies.

    completeness: how much of the other copies it holds; soundness: how much of it stands in another copy word for
    word, which swapped words and misread characters lower (both 0-1).
    """

    report_id: str
    is_official: bool = False
    is_truncated: bool = False
    is_part: bool = False
    masked_ratio: float = 0.0
    published_on: date | None = None
    first_seen_at: datetime | None = None
    completeness: float = 1.0
    soundness: float = 1.0


@dataclass
class _Cluster:
    members: set[str]
    barred: set[str] = field(default_factory=set)


def is_official(url: str, source_kind: str | None) -> bool:
    """Whether a report stands on a government's own site: its source says so, or the host's registered name does.

    >>> is_official("http://www.a.gov.cn/1.html", None), is_official("http://www.gov.cn.a.example/1.html", None)
    (True, False)
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # not a URL: says nothing
        host = ""
    return source_kind == "government" or f".{host}".endswith(".gov.cn")


def clusters(
    members: Iterable[str], same: Iterable[Same], editions: Iterable[tuple[str, str]]
) -> list[frozenset[str]]:
    """Families: members joined by `same`, the most alike first, but never across an edition.

    Depends on the set of relations alone, not on their order. Linear in their number but for the editions of the
    clusters joined.

    >>> sorted(map(sorted, clusters("abc", [Same("a", "b", 0.9), Same("b", "c", 0.8)], [("a", "c")])))
    [['a', 'b'], ['c']]
    """
    of = {name: _Cluster({name}) for name in members}
    for a, b in editions:
        if a in of and b in of:
            of[a].barred.add(b)
            of[b].barred.add(a)
    for edge in sorted(same, key=lambda edge: (-edge.similarity, edge.a, edge.b)):
        _join(of, edge.a, edge.b)
    return list({id(cluster): frozenset(cluster.members) for cluster in of.values()}.values())


def _join(of: dict[str, _Cluster], a: str, b: str) -> None:
    small, large = sorted((of[a], of[b]), key=lambda cluster: len(cluster.members))
    if small is large or not large.barred.isdisjoint(small.members):
        return
    large.members |= small.members
    large.barred |= small.barred
    for name in small.members:
        of[name] = large


def attach(
    families: Sequence[frozenset[str]], wholes: Mapping[str, str], editions: Iterable[tuple[str, str]]
) -> list[frozenset[str]]:
    """Let a family of previews join that of the whole text. `wholes`: preview -> the report it is a part of.

    Only a family of which every member is a preview moves: containment alone never joins, because a compilation
    contains many reports.
    """
    home = {name: family for family in families for name in family}
    barred = {frozenset(pair) for pair in editions}
    joined: dict[frozenset[str], set[str]] = {family: set(family) for family in families}
    for family in families:
        target = _whole_of(family, wholes, home)
        if target and not any(frozenset((a, b)) in barred for a in family for b in target):
            joined[target] |= joined.pop(family)
    return [frozenset(members) for members in joined.values()]


def _whole_of(
    family: frozenset[str], wholes: Mapping[str, str], home: Mapping[str, frozenset[str]]
) -> frozenset[str] | None:
    if not all(name in wholes for name in family):
        return None
    target = home.get(wholes[min(family)])
    is_whole = target is not None and target is not family and not all(name in wholes for name in target)
    return target if is_whole else None


class _Merit(NamedTuple):
    """What makes a copy the better one, in order; smaller is better."""

    unofficial: bool
    part: bool
    masked: float
    incomplete: float
    damaged: float
    published_on: date
    first_seen_at: datetime
    report_id: str


REASONS = {
    "unofficial": "official site 官方网站",
    "part": "whole text 全文",
    "masked": "figures not masked 数字未打码",
    "incomplete": "most complete 内容最全",
    "damaged": "wording undamaged 文字无改动",
    "published_on": "published first 最早发布",
    "first_seen_at": "seen first 最早收录",
    "report_id": "first by name 编号最小",
}
# Only these are something that a member has and its canonical report lacks.
_ADDS = ("unofficial", "part", "masked", "incomplete", "damaged", "published_on")


def members(family: Iterable[Copy]) -> list[FamilyMember]:
    """Every copy of a family with its canonical report, why that one, and what the copy adds to it."""
    copies = {copy.report_id: copy for copy in family}
    merits = sorted(_merits(list(copies.values())))
    best = merits[0]
    reason = _reason(best, merits[1]) if len(merits) > 1 else "only copy 唯一"
    return [FamilyMember(m.report_id, best.report_id, reason, _adds(m, best)) for m in merits]


def _merits(copies: list[Copy]) -> list[_Merit]:
    fullest = max(copy.completeness for copy in copies)
    soundest = max(copy.soundness for copy in copies)
    return [
        _Merit(
            not copy.is_official,
            copy.is_truncated or copy.is_part,
            copy.masked_ratio // MASKED_STEP,
            (fullest - copy.completeness) // COMPLETE_STEP,
            (soundest - copy.soundness) // DAMAGE_STEP,
            copy.published_on or date.max,
            copy.first_seen_at or datetime.max,
            copy.report_id,
        )
        for copy in copies
    ]


def _reason(best: _Merit, next_best: _Merit) -> str:
    return next(why for why, a, b in zip(REASONS.values(), best, next_best, strict=True) if a != b)


def _adds(member: _Merit, canonical: _Merit) -> str:
    better = [name for name in _ADDS if getattr(member, name) < getattr(canonical, name)]
    return "; ".join(REASONS[name] for name in better)
