"""Expressions of time in titles and headings: years, ranges, halves, quarters, months, five-year plans, terms of office."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TimeKind = Literal["years", "part", "date", "masked", "span", "next", "undated"]

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"元": 1, "首": 1}


@dataclass(frozen=True, slots=True)
class Time:
    """One expression of time. Spans count in the string that was scanned.

    kind: years (`first_year`..`last_year`) | part (months `first_month`..`last_month` of a year, which may be None) |
    date (a day: of signing or of a session) | masked (20XX年) | span (近三年, 本届: several years, unnamed) |
    next (明年: the year after) | undated (年终, 全年: a year, unnamed).
    """

    kind: TimeKind
    start: int
    end: int
    first_year: int | None = None
    last_year: int | None = None
    first_month: int | None = None
    last_month: int | None = None
    is_academic: bool = False  # 学年, 学期: counted from September


_N = r"[一二三四五六七八九十元]{1,3}"
_TO = r"(?:[-—–－~～一]{1,2}|至|到)"
_Y = r"(?:(?:19[4-9]|20[0-4])\d|[一二][一二三四五六七八九〇]{3}(?=年))"

_TIME = re.compile(
    rf"""
    # 2016年1月12日, 2016-01-12, 20160112: a day, of signing or of a session
    (?P<date> (?<!\d)(?:(?:19|20)\d\d(?:年\d{{1,2}}月\d{{1,2}}日? | [./-]\d{{1,2}}[./-]\d{{1,2}}(?![\d月]))
        | (?:19|20)\d\d[01]\d[0-3]\d(?!\d))
            | [一二][一二三四五六七八九〇]{{3}}年{_N}月{_N}日 )
    # 2021年10月至2022年9月: months across years
  | (?P<across> (?<!\d)(?P<y1>{_Y})年(?P<m1>\d{{1,2}})月{_TO}(?P<y2>{_Y})年(?P<m2>\d{{1,2}})月 )
    # 2015-2017年, 2015年至2017年, 2021-2022学年
  | (?P<years> (?<!\d)(?P<from>{_Y})年?度?{_TO}(?P<to>(?:{_Y}|(?<=\d[-—–－~～])\d\d(?=年|学年)))(?!\d)(?:年度?|学年度?)? )
    # 2021年, 2021年度, 2021工作总结; not 2021号, 2021-3, 〔2021〕3号
  | (?P<year> (?<!\d)(?P<one>{_Y})(?!\d|[号期届次元万亿人户个家]|-\d|[〕\]】)]第?\d+号)(?:年度?|学年度?|财年)? )
    # 09年, 98年度, 21年度: two digits only where they cannot count years (三十年, 改革开放30年)
  | (?P<short> (?<![\d第近过开放建国周前后十])(?P<two>0\d|9\d|[12]\d(?=年(?:度|[上下]半年|第?[一二三四]季|\d)))年度? )
    # 20XX年, 202X年, ××年, 201*年, 20__年
  | (?P<masked> (?:(?:19|20)\d?)?[xX×Ⅹ＊*_＿□某]{{1,4}}年度? | (?:19|20)\d[xX×*_□]年? | (?<!\d)20(?=年) )
    # “七五”普法: the n-th five years of teaching the law (the fifth began in 2006), not of the plan
  | (?P<law> [“"']?第?(?P<n5>[四五六七八九])(?:个)?五(?:年)?[”"']?(?=普法|法治宣传|法制宣传|依法治) )
    # “十三五”, 十四五时期, 第十四个五年规划
  | (?P<fyp> [“"']?(?<!二)(?P<n1>十[一二三四五六]|[六七八九](?=五[”"'期时计规末]))五[”"']?(?:时期|期间|以来)?
           | [“"'](?P<n2>十)五[”"'](?:时期|期间)?  | (?P<n3>十)五(?=期间|时期|计划)
           | 第(?P<n4>[六七八九十][一二三四五六]?)个?五年 )
    # 上半年, 下半年, 半年, 年中总结; not 2009年中心工作
  | (?P<half> [上前]半年度? | (?P<second>[下后]半年度?) | 半年度? | 年中(?=工作|总结|小结|述职|汇报|报告|考核|会) )
    # 前三季度, 1-3季度, 第一季度
  | (?P<quarters> 前(?P<upto>[二三两23])个?季度? | [一1]{_TO}(?P<last>[二三四234])季度 )
  | (?P<quarter> 第?(?P<q>[一二三四首1-4])季度? )
    # 1-11月, 一至三月, 1月至6月, 前11个月
  | (?P<months> (?<!\d)(?P<a>\d{{1,2}}|{_N})月?份?{_TO}(?P<b>\d{{1,2}}|{_N})月份? | 前(?P<c>\d{{1,2}}|{_N})个月 )
    # 3月份, 3月, 元月; not 3月5日, 不 安全生产月
  | (?P<month> (?<![\d第])(?P<m>1[0-2]|0?[1-9]|{_N})月份?(?![\d一二三四五六七八九十]{{1,3}}[日号]?|来) )
  | (?P<term> 春季?学期 | 秋季?学期 | 第?[一二12]学期 | 上学期 | 下学期 )
    # several years without names; 三年行动 and 五年规划 name a programme, not a period
  | (?P<span> (?:近|过去|前|最近|这|上任以来|任职)[二两三四五六七八十2-9]年(?!级|规划|计划|行动) | [二两三四五六七八十]年来
            | [三四五][年](?=工作总结|工作回顾|总结|回顾|任期) | [本上这]届(?:政府|党委|任期|以来|期|委员会|班子)? | 届期 | 换届 | 任期 )
  | (?P<next> 明年 | 来年 | 下一?年度? | 新一年 | 新年度 | 次年 )
  | (?P<undated> 今年 | 本年度? | 全年 | 年终 | 年末 | 年底 | 岁末 | 年度(?!计划生育) )
    """,
    re.VERBOSE,
)


def chinese_number(text: str) -> int | None:
    """A number below 100, or a year written digit by digit.

    >>> chinese_number("十一"), chinese_number("二〇二一"), chinese_number("7"), chinese_number("元")
    (11, 2021, 7, 1)
    """
    if text.isdecimal() and text.isascii():
        return int(text)
    if not text or any(c not in _DIGITS and c != "十" for c in text):
        return None
    if "十" not in text:
        return int("".join(str(_DIGITS[c]) for c in text))
    tens, _, ones = text.partition("十")
    if "十" in ones:
        return None
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def five_year_plan(ordinal: int) -> tuple[int, int]:
    """First and last year of the n-th five-year plan (the 6th began in 1981).

    >>> five_year_plan(13)
    (2016, 2020)
    """
    first = 1981 + 5 * (ordinal - 6)
    return first, first + 4


def times(text: str) -> Iterator[Time]:
    """Every expression of time in a string without spaces, in reading order."""
    for match in _TIME.finditer(text):
        time = _read(match)
        if time is not None:
            yield time


def _read(match: re.Match[str]) -> Time | None:
    kind = match.lastgroup or ""
    start, end = match.span()
    if kind in ("span", "next", "undated", "masked"):
        return Time(kind, start, end)  # type: ignore[arg-type]
    if kind in _YEARS:
        return _YEARS[kind](match, start, end)
    if kind == "date":
        return _date(match, start, end)
    months = _PARTS[kind](match)
    if months is None:
        return None
    return Time("part", start, end, None, None, *months, is_academic=kind == "term")


def _date(match: re.Match[str], start: int, end: int) -> Time | None:
    numbers = [chinese_number(part) for part in re.findall(r"\d+|[一二三四五六七八九十〇元]+", match[0])]
    if len(numbers) == 1 and numbers[0] is not None:  # 20230113
        numbers = [numbers[0] // 10000, numbers[0] // 100 % 100]
    year, month = numbers[0], numbers[1]
    if year is None or month is None or not 1 <= month <= 12:
        return None
    return Time("date", start, end, year, year, month, month)


def _one_year(match: re.Match[str], start: int, end: int) -> Time:
    year = chinese_number(match["one"])
    is_academic = "学年" in match[0]
    return Time("years", start, end, year, year, is_academic=is_academic)


def _short_year(match: re.Match[str], start: int, end: int) -> Time:
    two = int(match["two"])
    year = two + (1900 if two >= 90 else 2000)
    return Time("years", start, end, year, year)


def _year_range(match: re.Match[str], start: int, end: int) -> Time | None:
    first, last = chinese_number(match["from"]), chinese_number(match["to"])
    if first is None or last is None:
        return None
    last = first // 100 * 100 + last if last < 100 else last
    # Longer ranges than a five-year plan and its review name an era, and backward ones are typing errors.
    if not first <= last <= first + 10:
        return None
    return Time("years", start, end, first, last, is_academic="学年" in match[0])


def _across(match: re.Match[str], start: int, end: int) -> Time | None:
    y1, y2 = chinese_number(match["y1"]), chinese_number(match["y2"])
    m1, m2 = int(match["m1"]), int(match["m2"])
    if y1 is None or y2 is None or not (1 <= m1 <= 12 and 1 <= m2 <= 12 and (y1, m1) <= (y2, m2)):
        return None
    return Time("years", start, end, y1, y2, m1, m2)


def _plan_years(match: re.Match[str], start: int, end: int) -> Time | None:
    ordinal = chinese_number(match["n1"] or match["n2"] or match["n3"] or match["n4"])
    if ordinal is None:
        return None
    return Time("years", start, end, *five_year_plan(ordinal))


def _law_years(match: re.Match[str], start: int, end: int) -> Time | None:
    ordinal = chinese_number(match["n5"])
    if ordinal is None:
        return None
    first = 2006 + 5 * (ordinal - 5)
    return Time("years", start, end, first, first + 4)


def _half(match: re.Match[str]) -> tuple[int, int]:
    return (7, 12) if match["second"] else (1, 6)


def _quarter(match: re.Match[str]) -> tuple[int, int]:
    quarter = chinese_number(match["q"]) or 1
    return quarter * 3 - 2, quarter * 3


def _first_quarters(match: re.Match[str]) -> tuple[int, int]:
    n_quarters = chinese_number((match["upto"] or match["last"]).replace("两", "二")) or 1
    return 1, n_quarters * 3


def _months(match: re.Match[str]) -> tuple[int, int] | None:
    first = 1 if match["c"] else chinese_number(match["a"])
    last = chinese_number(match["c"] or match["b"])
    return (first, last) if first and last and 1 <= first <= last <= 12 else None


def _month(match: re.Match[str]) -> tuple[int, int] | None:
    month = chinese_number(match["m"])
    return (month, month) if month and 1 <= month <= 12 else None


def _term(match: re.Match[str]) -> tuple[int, int]:
    """A school term: autumn runs from September to January (month 13), spring from February to July."""
    is_autumn = match[0][0] in "秋上" or "一" in match[0] or "1" in match[0]
    return (9, 13) if is_autumn else (2, 7)


_YEARS = {
    "year": _one_year,
    "short": _short_year,
    "years": _year_range,
    "across": _across,
    "fyp": _plan_years,
    "law": _law_years,
}
_PARTS = {
    "half": _half,
    "quarter": _quarter,
    "quarters": _first_quarters,
    "months": _months,
    "month": _month,
    "term": _term,
}
