"""Numbers as reports write them: full-width figures, Chinese numerals, 万 and 亿."""

from __future__ import annotations

from functools import lru_cache

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "俩": 2, "廿": 20}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
# Full-width figures and signs -> ASCII; used on a copy of the same length, so spans stay true.
HALF_WIDTH = str.maketrans("０１２３４５６７８９．％，－～＋／", "0123456789.%,-~+/")


def chinese_number(words: str) -> float | None:
    """The value of a Chinese numeral, or None where it is not one.

    >>> chinese_number("二十五"), chinese_number("两千三百"), chinese_number("三万五"), chinese_number("二〇二一")
    (25, 2300, 35000, 2021)
    >>> chinese_number("百"), chinese_number("十二万"), chinese_number("甲"), chinese_number("")
    (100, 120000, None, None)
    """
    if not words or any(c not in _DIGITS and c not in _TENS and c not in _MYRIADS for c in words):
        return None
    if len(words) > 1 and all(c in _DIGITS for c in words):
        return int("".join(str(_DIGITS[c]) for c in words))
    return _counted(words)


def _counted(words: str) -> int:
    total, section, digit, last_unit = 0, 0, None, 0
    for c in words:
        if c in _DIGITS:
            digit = _DIGITS[c]
            last_unit = 0 if c in "零〇○" else last_unit
        elif c in _TENS:
            section += (1 if digit is None else digit) * _TENS[c]
            digit, last_unit = None, _TENS[c]
        else:
            total = (total + section + (digit or 0) or 1) * _MYRIADS[c]
            section, digit, last_unit = 0, None, _MYRIADS[c]
    if digit is not None:
        # 三万五 is 35,000 and 两百五 is 250: a last digit counts tenths of the unit before it; 一百零五 does not.
        section += digit * (last_unit // 10 if last_unit > 10 else 1)
    return total + section


_CIRCLED = {
    c: i + 1 for first in "①⑴㈠" for i in range(20 if first != "㈠" else 10) for c in chr(ord(first) + i)
}


@lru_cache(maxsize=1024)  # few labels are in use, and each is asked for again and again
def ordinal_number(label: str) -> int | None:
    """The number in a label of an outline, or None.

    >>> [ordinal_number(s) for s in ("一、", "（十二）", "3.", "⑴", "③", "第二部分", "二是", "％")]
    [1, 12, 3, 1, 3, 2, 2, None]
    """
    label = label.translate(HALF_WIDTH)
    digits = "".join(c for c in label if c in "0123456789")
    if digits:
        return int(digits)
    for c in label:
        if c in _CIRCLED:
            return _CIRCLED[c]
    number = chinese_number("".join(c for c in label if c in _DIGITS or c in _TENS))
    return None if number is None else int(number)
