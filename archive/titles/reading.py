"""Reads a title: tokens of time and naming words in order, each word taking the time expressions before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from archive.titles import words as naming
from archive.titles.normal import without_spaces
from archive.titles.periods import Period, period
from archive.titles.sessions import delivered, year_before_session
from archive.titles.times import Time, times
from archive.titles.topics import special_matter
from archive.titles.words import Word

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TitleReading:
    """What a title says. Spans count in the title as given; `types` maps a report type to the words that say it."""

    types: dict[str, Span] = field(default_factory=dict)
    covers: Period | None = None
    plans: Period | None = None
    has_masked_year: bool = False


@dataclass(slots=True)
class _Clause:
    """One naming word with the time expressions that belong to it."""

    word: Word
    times: list[Time]
    inherited: int | None


@lru_cache(maxsize=64)
def read_title(title: str) -> TitleReading:
    """The kinds, the period covered and the period planned that a title names.

    >>> reading = read_title("审批服务局2026年上半年工作总结及下半年工作谋划")
    >>> sorted(reading.types), str(reading.covers.last), reading.plans.label
    (['half', 'plan'], '2026-06-30', '2026H2')
    """
    text, places = without_spaces(_without_tail(title)[:300])
    if not text:
        return TitleReading()
    return _in_original(_read(text), places)


def _without_tail(title: str) -> str:
    """The title without the site's name that pages append: …工作总结_某某网, … - 某市人民政府."""
    return re.split(r"[_|｜]| [-—–]+ ?(?=[^-—–]{2,20}$)", title)[0] or title


def _in_original(reading: TitleReading, places: list[int]) -> TitleReading:
    def back(start: int, end: int) -> Span:
        return places[start], places[max(start, end - 1)] + 1

    def moved(value: Period | None) -> Period | None:
        if value is None:
            return None
        start, end = back(value.start, value.end)
        return replace(value, start=start, end=end)

    types = {name: back(*span) for name, span in reading.types.items()}
    return replace(reading, types=types, covers=moved(reading.covers), plans=moved(reading.plans))


def _read(text: str) -> TitleReading:
    inner = naming.carried(text)
    if inner is not None and inner[1] > inner[0]:
        return shifted(_read(text[inner[0] : inner[1]]), inner[0])
    head = (
        re.sub(r"^.{0,30}《(?=.*(?:总结|报告|计划|要点|思路))|》$", lambda m: "·" * len(m[0]), text)
        if text.endswith("》")
        else text
    )
    several = naming.compilation(head)
    if several is None and naming.has_other_head(head):
        return TitleReading({"other": (0, len(text))}, _judged(text))
    met = naming.meeting(head)
    if met is not None:
        return TitleReading({"meeting": met.span()}, _reviewed_at_meeting(text))
    if several is None and naming.is_about_a_report(head):
        return TitleReading({"other": (0, len(text))})
    reading = _reports(head)
    if several is not None:
        return replace(reading, types={**reading.types, "compilation": several.span()})
    return reading if reading.types else TitleReading({"other": (0, len(text))}, reading.covers)


def shifted(reading: TitleReading, by: int) -> TitleReading:
    """The reading of a part, with its spans counted in the whole: `by` characters further on."""

    def moved(value: Period | None) -> Period | None:
        return value and replace(value, start=value.start + by, end=value.end + by)

    types = {name: (start + by, end + by) for name, (start, end) in reading.types.items()}
    return replace(reading, types=types, covers=moved(reading.covers), plans=moved(reading.plans))


def _reviewed_at_meeting(text: str) -> Period | None:
    """A meeting that closes a year covers it (2015年度工作总结暨表彰大会); one that discusses a paper does not."""
    review = re.search(r"总结|述职", text)
    if review is None or "《" in text:
        return None
    return period([t for t in times(text) if t.end <= review.start()], None)


def _judged(text: str) -> Period | None:
    """An evaluation of a year's work (2018年度绩效评价报告) covers that year; rules and speeches cover nothing."""
    if not re.search(r"(?:评价|审计|自评|调查)报告|公报|报表", text):
        return None
    return period([t for t in times(text) if t.kind != "date"], None)


def _reports(text: str) -> TitleReading:
    clauses = list(_clauses(text))
    types: dict[str, Span] = {}
    covers = plans = None
    for clause in clauses:
        found = period(clause.times, clause.inherited)
        if clause.word.kind == "plan":
            types.setdefault("plan", _span(clause.word))
            plans = plans or found
        elif clause.word.kind == "gwr":
            types.setdefault("gwr", _span(clause.word))
            covers = covers or found
        elif not (clause.word.kind == "account" and types):
            _add_review(types, text, clause.word, found)
            covers = _joined(covers, found)
    if "gwr" in types:
        covers, plans = delivered(text, covers, plans)
    elif covers is None and types:
        covers = year_before_session(text)
    if covers is not None and covers.scale != "annual" and _looks_back(types):
        types[covers.scale] = (covers.start, covers.end)
        types.pop("annual", None)
    return TitleReading(types, covers if _looks_back(types) else None, plans)


def _joined(first: Period | None, second: Period | None) -> Period | None:
    """The period of two reviews in one title: the first's, unless the second looks back over years (十三五回顾)."""
    if first is None or first.first is None or second is None or second.scale != "multi":
        return first or second
    if second.first is None or second.last is None or first.last is None:
        return first
    return replace(second, first=min(first.first, second.first), last=max(first.last, second.last))


def _span(word: Word) -> Span:
    return word.start, word.end


def _looks_back(types: dict[str, Span]) -> bool:
    return any(name != "plan" for name in types)


def _add_review(types: dict[str, Span], text: str, word: Word, found: Period | None) -> None:
    """Files a review under its kind: a fixed form, one matter, or the year's work."""
    if word.kind in ("duty", "lawgov", "disclosure"):
        types.setdefault(word.kind, _span(word))
        return
    if "gwr" in types or "duty" in types or "lawgov" in types or "disclosure" in types or "annual" in types:
        return
    matter = special_matter(text)
    if matter is not None:
        types.setdefault("special", matter)
    elif word.kind == "account" and found is None and "工作报告" not in text[word.start : word.end]:
        types.setdefault("special", _span(word))  # 林业工作汇报: an account of a matter, bound to no year
    else:
        types.setdefault("annual", _span(word))


def _clauses(text: str) -> Iterator[_Clause]:
    """Naming words in order, each with its time expressions; those after the last word go to the first without any."""
    clauses: list[_Clause] = []
    pending: list[Time] = []
    year: int | None = None
    tokens: list[Time | Word] = sorted([*times(text), *naming.words(text)], key=lambda t: t.start)
    for token in tokens:
        if isinstance(token, Time):
            inside = bool(clauses) and token.start < clauses[-1].word.end  # 政府2022年工作报告
            (clauses[-1].times if inside else pending).append(token)
        elif token.kind != "join":
            clauses.append(_Clause(token, pending, year))
            year = _last_year(pending, year)
            pending = []
    first_waiting = next((c for c in clauses if not any(t.kind in _DATED for t in c.times)), None)
    if first_waiting is not None:
        first_waiting.times = first_waiting.times + [t for t in pending if t.kind in _DATED]
    yield from clauses


_DATED = ("years", "part", "masked")


def _last_year(found: list[Time], before: int | None) -> int | None:
    if any(t.kind == "masked" for t in found):
        return None
    years = [t.last_year for t in found if t.kind == "years"]
    return years[-1] if years else before
