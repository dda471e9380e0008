"""What conversion or rewriting has broken in a text: where any of this is found its figures cannot be trusted."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from archive.models import Report, Tag


class _Rule(NamedTuple):
    kind: str
    pattern: re.Pattern[str]
    at_least: int  # hits below this number are typing errors, not damage
    mark: str = ""  # what every hit holds, where that is worth a look first


_RULES = (
    # "1—11月" whose dash was dropped in conversion reads 111月; months end at 12. 18月龄 counts an age.
    _Rule("lost_dash", re.compile(r"1(?<![\d.]1)(?:[3-9]|1[0-2])月(?!龄|大|[子以])"), 1),
    # 現(xiàn)在: readings put into hijacked mirrors; the tone mark tells them from (app) and (pcr).
    _Rule("pinyin_gloss", re.compile(r"[一-鿿]\([a-zü]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{0,4}\)"), 3, "("),
    # Rewriting tools swap 发展 -> 开展 and 计划 -> 方案 also inside fixed terms, which no author does.
    _Rule(
        "spun",
        re.compile(
            r"科学开展观|方案生育|可持续开展|经济社会开展|高质量开展|新开展理念|开展中国家|跨越式开展|又好又快开展"
            r"|国民经济开展|社会事业开展|“十[一二三四五]五”?方案(?!编制)|十[一二三四五]五”?方案(?!编制)"
        ),
        2,
    ),
    # Bytes of a word processor's file or of a wrong charset shown as text.
    _Rule(
        "binary",
        re.compile(r"[\x00-\x08\x0e-\x1f\ufffd锟烫屯](?:(?<=[^锟烫屯])|(?<=锟)斤拷|(?<=烫)烫烫|(?<=屯)屯屯)"),
        5,
    ),
)
# A rate or a growth whose figure has decimals and then nothing: the % sign was lost. 平均积分98.68 has no such word.
_BARE_RATE = re.compile(
    r"(?:率|比重|占比|增长|下降|提高|上升)(?:达到|达|为|了|约)?\d{1,3}\.\d+(?=[，,。；;、]|$)", re.MULTILINE
)
_RATE = re.compile(r"(?:率|比重|占比|增长|下降|提高|上升)(?:达到|达|为|了|约)?\d{1,3}(?:\.\d+)?[%％‰]")
_BARE_RATES = 3  # fewer may be indices (0.35) of a text that writes % elsewhere


@lru_cache(maxsize=8)  # indicators and the tag ask about the same text one after the other
def find_damage(text: str) -> dict[str, tuple[int, int, int]]:
    """Kinds of damage in a text: kind -> (number of places, start and end of the first).

    >>> sorted(find_damage("111月完成投资；坚持科学开展观，推进可持续开展"))
    ['lost_dash', 'spun']
    """
    found = {}
    for rule in _RULES:
        if rule.mark not in text:
            continue
        hits = list(rule.pattern.finditer(text))
        if len(hits) >= rule.at_least:
            found[rule.kind] = (len(hits), hits[0].start(), hits[0].end())
    bare = list(_BARE_RATE.finditer(text))
    if len(bare) >= _BARE_RATES and len(bare) > sum(1 for _ in _RATE.finditer(text)):
        found["lost_percent"] = (len(bare), bare[0].start(), bare[0].end())
    return found


def damage(report: Report) -> list[Tag]:
    """`damage`: one tag per kind found, with its first place and the number of places."""
    return [
        Tag("damage", kind, 0.9, "pattern", start=start, end=end, detail=f"n={n}")
        for kind, (n, start, end) in find_damage(report.text).items()
    ]
