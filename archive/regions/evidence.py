"""Weighs what site code, index number, publisher, title, host and text say of a report's region; abstains when in doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from archive.models import Report
from archive.regions.body import votes_in
from archive.regions.hosts import regions_of_host
from archive.regions.numbers import region_of_index_no, region_of_site_code
from archive.regions.places import place_in
from archive.regions.table import NATIONAL, ancestors, is_within, level_of, name_of
from archive.titles.normal import simplified

Source = Literal["site code", "index number", "publisher", "title", "host", "text"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source says: current codes, several where it stays open. Spans count in the report's `field`."""

    source: Source
    codes: frozenset[str]
    confidence: float
    field: str
    start: int | None = None
    end: int | None = None
    detail: str = ""
    is_township: bool = False


# How often each source was right where it answered, on the project's tables of agencies, hosts and numbers; a pinyin
# host may have a homophone that no longer exists, and initials are guesses bound to a province.
_SITE, _USCC, _UNCHECKED, _PREFIX = 0.96, 0.95, 0.75, 0.9
_HOST = {"pinyin": 0.88, "usual label": 0.88, "initials": 0.75}
_TEXT = 0.7
# Nothing that another source contradicts may stay above this.
_CONTESTED = 0.6

# 县卫生健康局, 区教育局, 镇政府: an author below the city, unnamed.
_BELOW_CITY = re.compile(r"^(?:本|我|某|全)?(?:[县区旗镇乡]|街道|村|社区)")


def weigh(report: Report, year: int | None) -> tuple[Evidence | None, tuple[Evidence, ...]]:
    """The deciding evidence (one code, or None to abstain) and all that was found, narrowed by one another."""
    named = _narrowed([e for e in (_publisher(report, year), _title(report, year)) if e], ())
    pointing = [e for e in (_index(report), _site(report), _host(report)) if e]
    pointing = _narrowed(pointing, named)
    named = _narrowed(named, pointing)
    named = [_narrowed_by_text(e, report.text) for e in named]
    found = (*named, *pointing)
    best = _named_place(named)
    if best is None and not named:  # an open name (鼓楼区) is not overruled by the site that shows it
        best = _pointed_place(pointing, report)
    if best is None:
        best = _voted(report, found)
        return best, (*found, best) if best else found
    return _judged(best, found), found


def _publisher(report: Report, year: int | None) -> Evidence | None:
    field = "publisher" if report.publisher else "source_line"
    return _place("publisher", field, report.publisher or report.source_line or "", year)


def _title(report: Report, year: int | None) -> Evidence | None:
    return _place("title", "title", report.title if report.title_matches_text else "", year)


def _place(source: Source, field: str, value: str, year: int | None) -> Evidence | None:
    # An agency's name or a title is never longer; what is longer is a text in the wrong field.
    place = place_in(simplified(value[:200]), year)
    if place is None:
        return None
    return Evidence(
        source,
        place.codes,
        place.confidence,
        field,
        place.start,
        place.end,
        value[place.start : place.end],
        place.is_township,
    )


def _index(report: Report) -> Evidence | None:
    codes, kind = region_of_index_no(report.index_no or "")
    confidence = {"uscc": _USCC, "division prefix": _PREFIX}.get(kind, _UNCHECKED)
    return Evidence("index number", codes, confidence, "index_no", detail=kind) if codes else None


def _site(report: Report) -> Evidence | None:
    codes = region_of_site_code(report.site_id_code or "")
    return Evidence("site code", codes, _SITE, "site_id_code") if codes else None


def _host(report: Report) -> Evidence | None:
    codes, spelling = regions_of_host(report.url)
    return Evidence("host", codes, _HOST.get(spelling, 0.85), "url", detail=spelling) if codes else None


def _narrowed(open_ones: Sequence[Evidence], others: Sequence[Evidence]) -> list[Evidence]:
    """Each evidence with only those of its codes that the certain ones among all agree with, where any do."""
    certain = [e for e in (*open_ones, *others) if len(e.codes) == 1]
    narrowed: list[Evidence] = []
    for evidence in open_ones:
        codes = evidence.codes
        for other in certain:
            agreeing = frozenset(c for c in codes if _agree(c, *other.codes))
            codes = agreeing or codes
        narrowed.append(_with_codes(evidence, codes))
    return narrowed


def _with_codes(evidence: Evidence, codes: frozenset[str]) -> Evidence:
    if codes == evidence.codes:
        return evidence
    confidence = 0.85 if len(codes) == 1 else evidence.confidence
    return replace(evidence, codes=codes, confidence=confidence)


def _agree(a: str, b: str) -> bool:
    return is_within(a, b) or is_within(b, a)


def _narrowed_by_text(evidence: Evidence, text: str) -> Evidence:
    """Of several 鼓楼区, the one whose city the text names."""
    if len(evidence.codes) == 1 or not text:
        return evidence
    head = text[:5000]
    named = frozenset(c for c in evidence.codes if any(name in head for name in _cities_above(c)))
    if len(named) != 1:
        return evidence
    return replace(evidence, codes=named, confidence=_TEXT)


def _cities_above(code: str) -> list[str]:
    return [name for a in ancestors(code) if (name := name_of(a)) is not None]


def _named_place(named: Sequence[Evidence]) -> Evidence | None:
    """The deeper of publisher and title where one lies in the other; the title where they disagree."""
    certain = [e for e in named if len(e.codes) == 1]
    if len(certain) < 2:
        return certain[0] if certain else None
    publisher, title = certain
    (p,), (t,) = publisher.codes, title.codes
    if is_within(p, t):
        return title if p == t and title.is_township else publisher
    return title if is_within(t, p) else replace(title, confidence=min(title.confidence, _CONTESTED))


def _pointed_place(pointing: Sequence[Evidence], report: Report) -> Evidence | None:
    """The region of the office or site, unless the author is known to be a smaller, unnamed one below it."""
    certain = [e for e in pointing if len(e.codes) == 1]
    if not certain:
        return None
    best = max(certain, key=lambda e: e.confidence)
    (code,) = best.codes
    author = simplified(report.publisher or report.title)
    is_below = _BELOW_CITY.match(author) is not None
    return None if is_below and level_of(code) in ("national", "province", "city") else best


def _voted(report: Report, found: Sequence[Evidence]) -> Evidence | None:
    """The county that the text's own place names give, if all other evidence leaves room for it."""
    votes = votes_in(report.text) if report.text else None
    if votes is None or not all(any(_agree(votes.code, c) for c in e.codes) for e in found):
        return None
    detail = f"{votes.points:g} points against {votes.next_points:g}: {' '.join(votes.names)}"
    return Evidence("text", frozenset({votes.code}), _TEXT, "text", votes.start, votes.end, detail)


def _judged(best: Evidence, found: Sequence[Evidence]) -> Evidence:
    """More sure where another source agrees, less where one contradicts."""
    (code,) = best.codes
    others = [e for e in found if e.source != best.source and NATIONAL not in e.codes]
    if any(not any(_agree(code, c) for c in e.codes) for e in others):
        return replace(best, confidence=min(best.confidence, _CONTESTED))
    if any(len(e.codes) == 1 for e in others):
        return replace(best, confidence=max(best.confidence, 0.97))
    return best
