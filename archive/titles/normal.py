"""A title as the grammar reads it: half-width, simplified, of the same length as the title shown."""

from __future__ import annotations

import re

from archive.titles.traditional import TO_SIMPLIFIED

# Full-width ASCII (！ to ～) sits 0xFEE0 above its half-width form; other spaces become a space.
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys((0x3000, 0xA0, 0x09), 0x20)

# Zero as titles write it inside Chinese years: 二○一八, 二O一八, 二０一八.
_ZERO = str.maketrans("○〇零OoО0", "〇〇〇〇〇〇〇")
_CHINESE_YEAR = re.compile(r"[一二][一二三四五六七八九○〇零OoО0]{3}(?=年)")

# A space between Chinese characters or digits is layout (2 0 2 1 年, 2026 年 上 半 年), never a word boundary; it is
# moved out of the way by the grammar, which therefore works on text without spaces plus a map back.
_SPACE = re.compile(r"\s")


def simplified(text: str) -> str:
    """The text in half-width and simplified characters, of unchanged length.

    >>> simplified("２０１９年營口市西市區政府工作報告")
    '2019年营口市西市区政府工作报告'
    """
    return text.translate(_WIDTH).translate(TO_SIMPLIFIED)


def without_spaces(text: str) -> tuple[str, list[int]]:
    """The simplified text without white space, and for each of its characters the place in the original.

    >>> without_spaces("2 0 2 1 年")[0]
    '2021年'
    """
    plain = _CHINESE_YEAR.sub(lambda m: m[0].translate(_ZERO), simplified(text))
    places = [i for i, char in enumerate(plain) if not _SPACE.match(char)]
    return "".join(plain[i] for i in places), places
