"""Amounts in a text: a number with its unit and the words that qualify it, dates and labels left out."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from archive.indicators.units import UNIT
from archive.numerals import HALF_WIDTH, chinese_number
from archive.text import code_points

# Every repetition is bounded: a run of a million figures or letters then costs no more than other text.
_NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)(?:\.\d{1,8})?|\d{1,14}(?:\.\d{1,8})?)"
# 5千瓦 and 5千米 are units, 5百分点 is not hundreds.
_SCALE = r"(?:万亿|[十百千]万|[百千]亿|[万亿]|千(?![瓦克米伏])|百(?!分))"
_CHINESE = r"[一二三四五六七八九十百千万两]"
# 十余所, 三十多家, 百余人, 二十五个: a numeral with tens, hundreds or more. 三个代表 and 第一 count nothing,
# so a numeral of one figure is read only as 两 before a unit that is used for things.
_COUNTED = rf"(?:(?:{_CHINESE}{{1,4}}[十百千]{_CHINESE}{{0,8}}|[十百千]{_CHINESE}{{1,8}})[余多]?[万亿]?|[十百千][余多][万亿]?)"
_TWO = r"两(?=[所座条家名次起户件例台辆场期处栋幢亩间套艘])"
_AFTER = r"以上|以下|以内|左右|上下|之多|有余|余|多(?=[，,。；;、]|$)"

_AMOUNT = re.compile(
    rf"""
    # What every match below begins with: most places of a text are passed over by one look, which is eight times as fast.
    (?=[《A-Za-z\d一二三四五六七八九十百千万两-])(?:
    # What holds figures but no amount: titles, codes (G107, H7N9), ratios and times (1:10), dates, fractions of a plan.
      (?P<skip> 《[^《》\n]{{1,80}}》 | (?<![A-Za-z])[A-Za-z]{{1,20}}[-.]?\d[\w.]{{0,20}}
        | (?<!\d)(?:
            \d{{1,8}}(?:\.\d{{1,4}})?(?:[:：∶比]\d{{1,8}}(?:\.\d{{1,4}})?){{1,4}}
          | \d{{1,4}}(?:\.\d)?(?:[-—–~至、/]{{1,2}}\d{{1,4}}){{0,6}}\s?(?:年(?!均)|月|日|号|届|时许|点钟|周年|世纪)(?:[代度末初底份内]|[上中下]旬)?
          | \d{{1,8}}(?:[+＋xX×*][^\s\d]?\d{{0,8}}){{1,6}}
          # Part of a name: 5岁以下儿童, 5000万元以上项目, 10千伏线路.
          | \d{{1,3}}(?:[-—~至]\d{{1,3}})?周?岁(?=[以及儿组老至周人—~-])
          | {_NUMBER}{_SCALE}?(?:元|美元|千瓦|人|张|亩|吨|平方米|公里|吨位|岁)(?:及?以[上下内])的?(?=[一-鿿]{{2}})(?!.{{0,2}}[，,。；;])
          | \d{{1,4}}(?:\.\d)?(?:千伏|kV|KV)(?=[一-鿿])
          | 24\s?小时 ) )
    # The amount itself. Not after 第, a letter, a mask or another figure's tail.
    | (?<![\d.A-Za-z第×*_□+/“‘〔\[])(?<![名入国列居省市行球]前)
      (?P<sign>(?<=[一-鿿])-)?
      (?: (?P<n1>{_NUMBER}) \s{{0,2}} (?P<more1>[余多几])? (?P<s1>{_SCALE})? (?P<more2>[余多])? \s{{0,2}}
          (?: (?P<u1>{UNIT})? \s? (?:-|—|–|~|至){{1,2}} (?P<n2>{_NUMBER}) \s? (?P<more3>[余多])? (?P<s2>{_SCALE})? \s? )?
          (?P<unit>{UNIT})?
        | (?P<percent>百分之{_CHINESE}{{1,4}}(?:点{_CHINESE}{{1,4}})?)
        | (?P<part>{_CHINESE}{{1,2}})分之(?P<whole>{_CHINESE}{{1,2}})
        | (?<!{_CHINESE})(?P<zh>{_COUNTED}|{_TWO}) (?P<zh_unit>{UNIT})
        | (?P<zh2>[一二两三四五六七八九]) (?P<zh2_unit>倍|成(?=[，,。；;、以左]|$))
      )
      (?:[（(][一-鿿]{{1,2}}[）)])?  # 条（幅）, 户（套）
      (?P<after>{_AFTER})?
    )
    """,
    re.VERBOSE | re.MULTILINE,
)
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
# A figure without a unit is an indicator only right after the name of a rate, an index or a score.
_BARE_NAME = re.compile(
    r"(?:率|积分|指数|比|系数|得分|评分|值|总数|分数|满意度)(?:为|达到|达|是|控制在|分别为|分别控制在)?$"
)
_BARE_END = re.compile(r"[\s，,。；;、）)和]|$")
# 3500万、2300万人次: the unit stands after the last.
_BARE_IN_LIST = re.compile(rf"(?:[、和,，]\s?{_NUMBER}{_SCALE}?){{1,9}}\s?(?:{UNIT})")
# 3.78万农牧民, 2400多万学生: people and things are counted in 万 without a unit.
_PEOPLE = re.compile(r"[万亿][余多]?(?=[一-鿿]{2})|[余多](?=[一-鿿]{2})")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with unit at [start, end); `value_high` is the upper end of a range, `qualifier` 余 or 以上."""

    start: int
    end: int
    value: float
    unit: str
    value_high: float | None = None
    qualifier: str | None = None


def half_width(text: str) -> str:
    """The same text, character for character, with full-width figures and signs made ASCII."""
    return str(_half_width()[code_points(text)].tobytes(), "utf-32-le", "surrogatepass")


@cache
def _half_width() -> NDArray[np.uint32]:
    """The half-width form of every code point; `str.translate` takes twenty times as long."""
    table = np.arange(sys.maxunicode + 1, dtype="<u4")
    table[list(HALF_WIDTH)] = list(HALF_WIDTH.values())
    return table


def amounts(text: str) -> Iterator[Amount]:
    """The amounts of a text in reading order; `text` is half-width.

    >>> [(a.value, a.unit) for a in amounts("2021年投资1.5亿元,建成两所学校,增长百分之五")]
    [(150000000.0, '元'), (2.0, '所'), (5.0, '%')]
    """
    last: Amount | None = None
    for match in _AMOUNT.finditer(text):
        if match["skip"]:
            continue
        amount = _amount(match) if match["n1"] else _chinese_amount(match)
        if amount is None:
            continue
        if not amount.unit and match["n1"] and not _may_be_bare(text, amount, last):
            continue
        last = amount
        yield amount


def _amount(match: re.Match[str]) -> Amount | None:
    n1, n2, scale1, scale2, unit1, unit2 = match.group("n1", "n2", "s1", "s2", "u1", "unit")
    low, high = _value(n1), _value(n2)
    if low is None:
        return None
    unit = (unit2 or unit1 or "").strip()
    if high is None:
        low *= _scale(scale1)
    else:
        # 3-5万元: the scale after the second figure holds for both.
        low, high = low * _scale(scale1 or scale2), high * _scale(scale2)
    if match["sign"]:
        low = -low
    qualifier = next(filter(None, match.group("more1", "more2", "more3")), None) or match["after"]
    return Amount(
        match.start(), match.end(), _exact(low), unit, None if high is None else _exact(high), qualifier
    )


def _chinese_amount(match: re.Match[str]) -> Amount | None:
    if match["percent"]:
        value = _chinese_decimal(match["percent"][3:])
        unit = "%"
    elif match["part"]:
        whole, part = chinese_number(match["part"]), chinese_number(match["whole"])
        value = round(part / whole, 4) if whole and part else None
        unit = ""
    else:
        value = chinese_number(re.sub("[余多]", "", match["zh"] or match["zh2"]))
        unit = match["zh_unit"] or match["zh2_unit"]
    if value is None:
        return None
    more = (
        "余" if match["zh"] and "余" in match["zh"] else "多" if match["zh"] and "多" in match["zh"] else None
    )
    return Amount(match.start(), match.end(), float(value), unit, None, more or match["after"])


def _chinese_decimal(words: str) -> float | None:
    whole, _, decimals = words.partition("点")
    value = chinese_number(whole)
    if value is None or not decimals:
        return value
    digits = [chinese_number(c) for c in decimals]
    return None if None in digits else float(f"{value}.{''.join(str(d) for d in digits)}")


def _value(number: str | None) -> float | None:
    return None if number is None else float(number.replace(",", ""))


def _scale(words: str | None) -> int:
    scale = 1
    for c in words or "":
        scale *= _SCALES[c]
    return scale


def _exact(value: float) -> float:
    """A product without the dust of binary fractions: 2.5492 * 1e8 is 254920000."""
    return round(value, 6)


def _may_be_bare(text: str, amount: Amount, last: Amount | None) -> bool:
    if _BARE_IN_LIST.match(text, amount.end) or _PEOPLE.match(text, amount.end - 1):
        return True
    if not _BARE_END.match(text, amount.end):
        return False
    if last is not None and text[last.end : amount.start] in ("、", "和", ",", "，") and not last.unit:
        return True
    return bool(_BARE_NAME.search(text[max(0, amount.start - 12) : amount.start]))
