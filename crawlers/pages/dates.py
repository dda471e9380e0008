"""Dates as Chinese pages write them, and which of a page's dates is which."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

# 〇 is also written as a circle, a zero or the letter O, in every width.
_DIGITS = {**dict(zip("一二三四五六七八九", range(1, 10), strict=True)), **dict.fromkeys("〇零○ОOo０0Ο", 0)}
_ARABIC = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*(?:年|[-./／—－])\s*(1[0-2]|0?[1-9])\s*(?:月|[-./／—－])\s*(3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?"
)
_HAN = re.compile(
    r"([一二][一二三四五六七八九〇零○ОOo０0Ο]{3})\s*年\s*(十[一二]?|[一二三四五六七八九])\s*月\s*([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\s*日"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
EARLIEST_YEAR = 1949


def parse_date(text: str) -> date | None:
    """The first date in a text.

    >>> parse_date("发布时间：2018年05月04日 22:53"), parse_date("二O一八年一月二日")
    (datetime.date(2018, 5, 4), datetime.date(2018, 1, 2))
    >>> parse_date("2019-2-30") is None
    True
    """
    match = _ARABIC.search(text)
    if match:
        return _date(*(int(part) for part in match.groups()))
    match = _HAN.search(text)
    if match:
        year = int("".join(str(_DIGITS[digit]) for digit in match.group(1)))
        return _date(year, _han_number(match.group(2)), _han_number(match.group(3)))
    match = _COMPACT.search(text)
    return _date(*(int(part) for part in match.groups())) if match else None


def _han_number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if EARLIEST_YEAR <= year <= 2100 else None


_PATH_DATES = (
    re.compile(r"/t((?:19|20)\d{2})(\d{2})(\d{2})_\d+"),  # TRS: t20220218_4395179.shtml
    re.compile(
        r"/((?:19|20)\d{2})[-/_](\d{1,2})[-/](\d{1,2})/"
    ),  # /2018-06-30/311.html, /2022-02/18/, /2022/2/18/
    re.compile(r"/((?:19|20)\d{2})(\d{2})/?(\d{2})/"),  # /20220218/, /202202/18/
)


def date_in_path(url: str) -> date | None:
    """The date in a report page's URL: when it was uploaded, which may be years after the document.

    >>> date_in_path("http://a.example/ghjh/202202/t20220218_4395179.shtml")
    datetime.date(2022, 2, 18)
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for pattern in _PATH_DATES:
        match = pattern.search(path)
        if match:
            return _date(*(int(part) for part in match.groups()))
    return None


_SIGNATURE_DATE = re.compile(
    r"[（(]?(?:\s*(?:19|20)\d{2}\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}\s*日?|[一二][一二三四五六七八九〇零○ОOo０0Ο]{3}\s*年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)\s*[）)]?"
)


def signature_date(lines: list[str]) -> date | None:
    """The date of the signature (落款): a last line that is only a date, or ends an office's name.

    >>> signature_date(["特此报告。", "某县卫生局", "二〇二一年十二月三日"])
    datetime.date(2021, 12, 3)
    """
    for line in reversed(lines[-12:]):
        tail = line.strip()
        if len(tail) > 40:
            continue
        match = _SIGNATURE_DATE.search(tail)
        if match and match.end() >= len(tail) - 1 and not re.search(r"[，。；：,;:]", tail[: match.start()]):
            return parse_date(match.group())
    return None
