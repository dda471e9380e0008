"""What in a text tells its year: terms, meetings, plans, anniversaries and counted events, each with its bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from archive.calendar import Meeting, Plan, Series, meetings, plans, series, terms
from archive.numerals import chinese_number
from archive.text import Beginnings

OPEN = 2100  # upper bound of what is still in use


class Cue(NamedTuple):
    """One piece of evidence: the text is of a report year lo..hi.

    `certain` weighs against years before `lo`, `fades` against each year after `hi`.
    """

    name: str
    start: int
    end: int
    lo: int
    hi: int
    certain: float
    fades: float


def evidence(text: str) -> list[Cue]:
    """Every cue of a text; explicit years are not looked at."""
    return [cue for find in _FINDERS for cue in find(text)]


def _terms(text: str) -> Iterator[Cue]:
    # Hundreds of words are looked for, few of which a text has: without its first two characters none need be.
    beginnings, begin_with = _term_beginnings()
    pairs = beginnings.pairs(text)
    for number in sorted({number for pair in pairs for number in begin_with[pair]}):
        term = terms()[number]
        at, end = -1, -1
        for word in term.words:
            at = text.find(word) if word[:2] in pairs else -1
            if at >= 0:
                end = at + len(word)
                if term.pattern is None:
                    break
                match = term.pattern.search(text)
                at, end = match.span() if match else (-1, -1)
                break
        if at >= 0:
            hi = term.latest if term.fades else OPEN
            yield Cue(term.cue, at, end, term.earliest, hi, term.certain, term.fades)


@cache
def _term_beginnings() -> tuple[Beginnings, dict[str, set[int]]]:
    """What the words of all terms begin with, and the numbers of the terms that have a word that begins so."""
    begin_with: dict[str, set[int]] = {}
    for number, term in enumerate(terms()):
        for word in term.words:
            begin_with.setdefault(word[:2], set()).add(number)
    return Beginnings(begin_with), begin_with


_NTH = "一二三四五六七"
_CONGRESSES = {"十五": 15, "十六": 16, "十七": 17, "十八": 18, "十九": 19, "二十": 20}
_PLENUMS = re.compile(
    rf"(?<![一二三四五六七八九十])(十[五六七八九]|二十)届"
    rf"(?:([{_NTH}](?:中?[、和及与]+[{_NTH}])*)中全会|中央委员会第([{_NTH}])次全体会议)"
)
# 十八大 alone also counts things (十八大类); the words around it tell the congress.
_CONGRESS = re.compile(
    r"(?<![一二三四五六七八九十])(十[五六七八九]|二十)大"
    r"(?=精神|以来|报告|召开|胜利|作出|确[定立]|提出|关于|和|、|的|期间|之后|后|代表|”|，|。|通过|对|部署|开幕|闭幕|战略|擘画|描绘)(?!类|项)"
)
_CONGRESS_NAMES = tuple(f"{number}大" for number in _CONGRESSES)
_AHEAD = re.compile(r"(?:喜迎|迎接|迎庆|向|为)(?:党的|中共)?“?$")
_WINDOW = 8


def _meetings(text: str) -> Iterator[Cue]:
    """The latest congress or plenum that the text knows; meetings that it looks forward to bound it from above."""
    known: dict[tuple[int, int], tuple[int, int]] = {}
    for match in _PLENUMS.finditer(text) if "全会" in text or "全体会议" in text else ():
        for n in re.findall(f"[{_NTH}]", match[2] or match[3]):
            known[_CONGRESSES[match[1]], _NTH.index(n) + 1] = match.span()
    for match in _CONGRESS.finditer(text) if any(name in text for name in _CONGRESS_NAMES) else ():
        if _AHEAD.search(text, max(0, match.start() - _WINDOW), match.start()) and not text.startswith(
            "精神", match.end()
        ):
            held = _by_number()[_CONGRESSES[match[1]], 0]
            yield Cue(f"迎接{match.group()}", *match.span(), held.year - 1, held.year, 3.0, 1.5)
        else:
            known[_CONGRESSES[match[1]], 0] = match.span()
    latest = max((number for number in known if number in _by_number()), default=None)
    if latest is not None:
        yield from _latest_meeting(_by_number()[latest], known[latest])


@cache
def _by_number() -> dict[tuple[int, int], Meeting]:
    return {(m.congress, m.plenum): m for m in meetings()}


# The first, second and seventh plenums elect and prepare; reports often do not name them.
_RARELY_NAMED = (1, 2, 7)
_EARLY_SPRING = 3  # reports of the year before are written until March


def _latest_meeting(meeting: Meeting, span: tuple[int, int]) -> Iterator[Cue]:
    name = f"{meeting.congress}大" if meeting.plenum == 0 else f"{meeting.congress}届{meeting.plenum}中全会"
    earliest = meeting.year - 1 if meeting.month <= _EARLY_SPRING else meeting.year
    later = [m for m in meetings() if (m.year, m.month) > (meeting.year, meeting.month)]
    following = next((m.year for m in later if m.plenum not in _RARELY_NAMED), OPEN)
    # A congress is invoked until the next one, a plenum until the next plenum.
    yield Cue(name, *span, earliest, following, 8.0, 0.4 if meeting.plenum == 0 else 0.7)
    congress = next((m.year for m in later if m.plenum == 0), OPEN)
    yield Cue(f"{name}之后的代表大会", *span, earliest, congress, 0.0, 0.9)


_PLAN = re.compile(
    r"(?<![一二三四五六七八九十])[“\"‘]?(十[一二三四五]五|[八九十]五)(?P<quote>[”\"’])?(?!普法|届|大)(?=(?P<after>[^。；\n]{0,24}))"
)
_PLAN_WORD = re.compile(r"规划|计划|时期|期间|以来|末|开局|收官|发展|目标|重点|特色|项目|建设")
_AT_START = re.compile(r"^.{0,12}?(?:开局之年|开局年|起步之年|第一年|首年|开局起步)")
_AT_END = re.compile(
    r"^.{0,12}?(?:收官之年|收官年|最后一年|末年|决胜之年|圆满收官|胜利收官|顺利收官|圆满完成之年)"
)
_AT_NTH = re.compile(r"^.{0,12}?第([二三四五])年")
_AT_MIDDLE = re.compile(r"^.{0,12}?(?:承上启下|中期评估|中间之年|中期之年)")


def _plans(text: str) -> Iterator[Cue]:
    """The latest five-year plan that the text names, and every statement of the year within a plan."""
    by_name = {plan.name: plan for plan in plans()}
    if not any(name in text for name in by_name):
        return
    named: dict[int, tuple[int, int]] = {}
    for match in _PLAN.finditer(text):
        plan = by_name.get(match[1])
        if plan is None or not (match["quote"] or _PLAN_WORD.match(match["after"].lstrip('”"'))):
            continue
        named.setdefault(plan.first, match.span())
        if (year := _year_in_plan(plan, match["after"])) is not None:
            yield Cue(f"{plan.name}第{year - plan.first + 1}年", *match.span(), year - 1, year, 3.5, 1.2)
    if named:
        first = max(named)
        plan = next(p for p in plans() if p.first == first)
        # Reports speak of the next plan a year before drafting it.
        yield Cue(plan.name, *named[first], plan.drafted - 1, plan.last, 6.0, 0.5)
        yield Cue(f"{plan.name}编制", *named[first], plan.drafted, OPEN, 1.5, 0.0)


def _year_in_plan(plan: Plan, after: str) -> int | None:
    if _AT_START.match(after):
        return plan.first
    if _AT_END.match(after):
        return plan.last
    if nth := _AT_NTH.match(after):
        return plan.first + _NTH.index(nth[1])
    return plan.first + 2 if _AT_MIDDLE.match(after) else None


_COUNT = r"(\d{1,3}|[一二三四五六七八九十百零〇]{1,6})"
_FORMS: dict[str, Callable[[str], str]] = {
    "nth": lambda words: (
        rf"第{_COUNT}(?:个|届|次)[“\"《]?(?:全国|世界|国际|中国|全民|全省|新世纪以来)?(?:[^，。；\n]{{0,12}}?)(?:{words})"
    ),
    "anniversary": lambda words: rf"(?:{words})[”\"]?(?:胜利|的)?{_COUNT}周年",
    "rise": lambda words: rf"粮[^，。；\n]{{0,16}}?{_COUNT}(?:{words})",
    "nth_year": lambda words: rf"(?:{words})[”\"]?(?:活动|工作|战略)?的?第{_COUNT}年",
}
_MARKS = {"nth": "第", "anniversary": "周年", "rise": "连", "nth_year": "第"}


@cache
def _series_patterns() -> tuple[tuple[Series, re.Pattern[str]], ...]:
    return tuple((s, re.compile(_FORMS[s.kind]("|".join(map(re.escape, s.words))))) for s in series())


@cache
def _series_beginnings() -> Beginnings:
    return Beginnings(word for counted in series() for word in counted.words)


def _series(text: str) -> Iterator[Cue]:
    marks = {kind for kind, mark in _MARKS.items() if mark in text}
    pairs = _series_beginnings().pairs(text) if marks else set()
    for counted, pattern in _series_patterns() if pairs else ():
        if counted.kind not in marks or not any(w[:2] in pairs and w in text for w in counted.words):
            continue
        for match in pattern.finditer(text):
            number = int(match[1]) if match[1].isdigit() else chinese_number(match[1])
            if number is None:
                continue
            if counted.kind == "anniversary":
                year = counted.first + int(number)
                yield Cue(match.group(), *match.span(), year - 1, year, 5.0, 0.8)
            else:
                year = counted.first + int(number) - 1
                yield Cue(match.group(), *match.span(), year, year, 3.5, 2.0)


_SESSION = re.compile(
    r"(?:十(?P<a>[一二三四])届全国人大|全国人大十(?P<b>[一二三四])届)(?P<n>[一二三四五])次会议"
)
_FIRST_SESSION = {"一": 2008, "二": 2013, "三": 2018, "四": 2023}


def _sessions(text: str) -> Iterator[Cue]:
    """Sessions of the National People's Congress: the first of the eleventh met in March 2008, then one a year."""
    for match in _SESSION.finditer(text) if "全国人大" in text else ():
        year = _FIRST_SESSION[match["a"] or match["b"]] + _NTH.index(match["n"])
        yield Cue(match.group(), *match.span(), year - 1, year, 5.0, 0.5)


# Terms that nearly every long report of these years has: their absence weighs, in all, this much.
_EXPECTED = (
    ("没有习近平", ("习近平",), 2013, 2017, 0.6),
    ("没有习近平", ("习近平",), 2018, OPEN, 2.0),
    ("没有疫情", ("疫情", "新冠"), 2020, 2022, 2.0),
    ("没有高质量", ("高质量",), 2019, OPEN, 1.2),
)
_LONG = 1500  # shorter texts may leave anything out


def absences(text: str) -> list[tuple[str, int, int, float]]:
    """What a long text lacks although its time would make it say it: (name, first year, last year, weight)."""
    if len(text) < _LONG:
        return []
    return [
        (name, first, last, weight)
        for name, words, first, last, weight in _EXPECTED
        if not any(word in text for word in words)
    ]


_FINDERS = (_terms, _meetings, _plans, _series, _sessions)
