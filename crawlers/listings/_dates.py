"""Dates as list rows write them, and dates in addresses."""

from __future__ import annotations

import re
from datetime import date

from crawlers.pages.dates import parse_date

_BLANKS = re.compile(r"[\s\u3000\xa0]+")
_SEP = r"\s*[-/.．－–年]\s*"
_SEP_MONTH = r"\s*[-/.．－–月]\s*"
_YEAR = r"(?P<y>(?:19|20)\d\d)"

# Every form with a year, the surest first; blanks stand wherever a page splits a date over elements.
_WITH_YEAR = (
    # 2022-02-18 · 2022/2/18 · 2022.02.18 · 2022年2月18日
    re.compile(rf"(?<!\d){_YEAR}{_SEP}(?P<m>\d{{1,2}}){_SEP_MONTH}(?P<d>\d{{1,2}})(?!\d)"),
    # 20220218
    re.compile(rf"(?<!\d){_YEAR}(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)"),
    # 18 2022-02 · 18日 2022年02月: a calendar leaf, the day in large type
    re.compile(
        rf"(?<![\d:.-])(?P<d>\d{{1,2}})日?\s*[/|]?\s+{_YEAR}{_SEP}(?P<m>\d{{1,2}})(?![\d:]|\s*[-/.]\s*\d)"
    ),
    # 02-18 2022 · 02月18日 2022年: day and month in large type, the year below
    re.compile(rf"(?<![\d:.-])(?P<m>\d{{1,2}}){_SEP_MONTH}(?P<d>\d{{1,2}})日?\s*[/|]?\s+{_YEAR}(?!\d)"),
    # 2022 02-18: the year above
    re.compile(rf"(?<!\d){_YEAR}年?\s+(?P<m>\d{{1,2}}){_SEP_MONTH}(?P<d>\d{{1,2}})(?!\d)"),
)
# [01-15] · 01/15 · 1月15日, standing alone: the year must come from elsewhere.
_SHORT = re.compile(r"(?<![\d.:/-])(?P<m>\d{1,2})(?:[-/.]|月)(?P<d>\d{1,2})日?(?![\d.:/%-])")
_LONGEST_SHORT_DATE = 12  # [01-15] with a bracket, a bullet, an hour; longer texts are something else
# 22-02-18, standing alone
_TWO_DIGIT_YEAR = re.compile(r"^\W*(?P<y>\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\W*$")
_YEAR_ALONE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_MONTH = rf"\b(?P<m>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
# English pages and servers that write dates as their system does: day and year around a month's name.
_ENGLISH = (
    # January 15, 2023 · Jan 15th 2023 · Sun Jan 15 09:30:00 CST 2023
    re.compile(
        rf"{_MONTH}\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?:\d\d?:\d\d(?::\d\d)?\s)?(?:[A-Z]{{3,4}}\s)?{_YEAR}(?!\d)",
        re.IGNORECASE,
    ),
    # 15 January 2023 · 15-Jan-2023
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-\s]{_MONTH}[-,\s]\s?{_YEAR}(?!\d)", re.IGNORECASE),
)
# 1/15/2023 as systems write it that are set up in American English; 15-01-2023 and 15.01.2023 begin with the day.
_YEAR_LAST = re.compile(rf"(?<![\d/.-])(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep){_YEAR}(?!\d)")

# Addresses of articles, as the content systems of the field write them.
_IN_URL = (
    re.compile(r"t(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)_\d+\.\w+$"),  # TRS: t20220218_1234.html
    re.compile(r"/(?P<y>(?:19|20)\d\d)[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})/"),  # /2022/2/18/ · /2022-02-18/
    re.compile(r"/(?P<y>(?:19|20)\d\d)-?(?P<m>\d\d)/(?P<d>\d\d)/"),  # /202202/18/ · /2022-02/18/
    re.compile(r"/(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:\d{6})?/"),  # /20220218/ · /20220218093000/
    re.compile(r"/(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)\d*\.\w+$"),  # /20220218123456.html
)
_YEAR_IN_URL = re.compile(r"/(?P<y>(?:19|20)\d\d)(?:-?\d\d)?/")


def _date_of(match: re.Match[str]) -> date | None:
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    return _date(year + 2000 if year < 100 else year, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_date(text: str, year: int | None = None) -> date | None:
    """The first date in `text`; a date without a year takes `year` or a year that stands alone in the text.

    >>> find_date("[2022年2月18日]"), find_date("18 2022-02"), find_date("发布：2022/2/8 10:30")
    (datetime.date(2022, 2, 18), datetime.date(2022, 2, 18), datetime.date(2022, 2, 8))
    >>> find_date("Jan 15, 2023"), find_date("15 January 2023"), find_date("1/15/2023"), find_date("二〇二三年一月十五日")
    (datetime.date(2023, 1, 15), datetime.date(2023, 1, 15), datetime.date(2023, 1, 15), datetime.date(2023, 1, 15))
    >>> find_date("[01-15]", year=2023), find_date("[01-15]"), find_date("2022-13-40")
    (datetime.date(2023, 1, 15), None, None)
    """
    text = _BLANKS.sub(" ", text)  # single blanks keep every form linear
    for form in _WITH_YEAR:
        for match in form.finditer(text):
            if found := _date_of(match):
                return found
    short = _TWO_DIGIT_YEAR.match(text)
    found = _date_of(short) if short else None
    return found or _english(text) or _year_last(text) or parse_date(text) or _without_year(text, year)


def _english(text: str) -> date | None:
    for form in _ENGLISH:
        if match := form.search(text):
            return _date(int(match["y"]), _MONTHS[match["m"].lower()], int(match["d"]))
    return None


def _year_last(text: str) -> date | None:
    match = _YEAR_LAST.search(text)
    if match is None:
        return None
    year, first, second = int(match["y"]), int(match["a"]), int(match["b"])
    month_first, day_first = _date(year, first, second), _date(year, second, first)
    return month_first or day_first if match["sep"] == "/" else day_first or month_first


def has_short_date(text: str) -> bool:
    """Whether a text is a day without a year and little else, as rows of the current year show it.

    >>> has_short_date("[01-15]"), has_short_date("3.15 活动方案及其他若干事项的说明"), has_short_date("13-45")
    (True, False, False)
    """
    bare = "".join(text.split())
    match = _SHORT.search(bare) if len(bare) <= _LONGEST_SHORT_DATE else None
    return match is not None and 1 <= int(match["m"]) <= 12 and 1 <= int(match["d"]) <= 31


def _without_year(text: str, year: int | None) -> date | None:
    match = _SHORT.search(text)
    if match is None:
        return None
    alone = _YEAR_ALONE.search(text)
    chosen = int(alone[0]) if alone else year
    try:
        return date(chosen, int(match["m"]), int(match["d"])) if chosen else None
    except ValueError:
        return None


def date_in_url(url: str) -> date | None:
    """The day that an article's address carries, or None.

    >>> date_in_url("http://a.example/zwgk/202202/t20220218_1234.html")
    datetime.date(2022, 2, 18)
    >>> date_in_url("http://a.example/art/2022/2/18/art_1_2.html")
    datetime.date(2022, 2, 18)
    >>> date_in_url("http://a.example/info/1050/1840.htm") is None
    True
    """
    for form in _IN_URL:
        for match in form.finditer(url):
            if found := _date_of(match):
                return found
    return None


def year_in_url(url: str) -> int | None:
    """The year of an address that names only year, or year and month (/202202/), or None."""
    match = _YEAR_IN_URL.search(url)
    day = date_in_url(url)
    return day.year if day else int(match["y"]) if match else None
