"""How a figure is compared: 同比增长, 低于 …, and with what."""

from __future__ import annotations

import re
from typing import NamedTuple

_VERB = (
    "增长|增加|下降|减少|提高|上升|降低|上涨|回落|下滑|提升|缩减|压减|递增|递减|下跌|扩大|缩小|缩短|延长|攀升|回升|增幅|降幅|收窄|加快|放缓|跃升|增速提高|提速|压缩"
    "|高于|低于|高出|快于|慢于|优于|多于|少于|超出"
)
_SHORT = "增|降|升|减|高|低|快|[多少](?:支出|收入|完成|投入|缴纳|安排)|多|少|翻|涨"
_BY = r"(?:每人每年|每人|每年|每月|每户|每亩|了|约|近|逾|超过|超|达到|达|为|幅度为|达了)*"
_HOW = r"(?:同比|环比|年均|平均每年|年平均|同口径|按可比口径|可比口径|可比价格?|按可比价格?计算|实际|名义|分别|均|都|各|累计|净|大幅度?|大大|明显|显著|进一步|稳步|总体|逐年|小幅|略|又|再|将|预计|力争|，|,|\s)"
# 占比, 比重 and 合同 compare nothing.
_THAN = r"(?:(?:(?<![占对同环之配])比(?![重例值率赛])|较(?![大好快高多低强])|与|同(?=去年|上年|往年))(?P<base>[^，,；;。：:\n]{1,18}?)(?:相比)?)"
_CHANGE = re.compile(
    rf"""(?P<lead>{_HOW}*) {_THAN}? (?P<how>{_HOW}*) (?<![新净不])(?P<verb>{_VERB}) (?P<to>到|至)? {_BY} \s* $""",
    re.VERBOSE,
)
_SHORT_CHANGE = re.compile(
    rf"""(?: {_THAN} (?P<how>{_HOW}*) | (?P<lead>同比|环比|年均|，|^) ) (?P<verb>{_SHORT}) (?P<to>到|至)? {_BY} \s* $""",
    re.VERBOSE,
)
_AGAINST = re.compile(
    r"(?<!不)(?P<verb>高于|低于|快于|慢于|优于|高出|多于|少于|领先)(?P<base>[^，,；;。：:\n\d]{1,18}?)(?:约|近)?\s*$"
)
# Without one of these none of the patterns above can match.
_MAY_COMPARE = re.compile(rf"{_VERB}|[增降升减高低快慢优多少翻涨领]")
_RATE_OF = re.compile(r"(?:同比|环比|年均)")
_WINDOW = 48  # longer phrases of comparison do not occur


class Comparison(NamedTuple):
    """`words` as stored (同比增长), `base` what it is compared with, `before` the clause without the comparison."""

    words: str
    base: str | None
    before: str


def comparison(clause: str) -> Comparison | None:
    """The comparison at the end of the words before a figure, or None.

    >>> comparison("医师多点执业较2015年增长")
    Comparison(words='增长', base='2015年', before='医师多点执业')
    >>> comparison("地区生产总值同比增长")[:2], comparison("增速高于全省")[:2], comparison("新增")
    (('同比增长', None), ('高于', '全省'), None)
    """
    offset = max(0, len(clause) - _WINDOW)
    window = clause[offset:]
    if not _MAY_COMPARE.search(window):
        return None
    match = _CHANGE.search(window) or _SHORT_CHANGE.search(window)
    if match:
        groups = match.groupdict()
        how = (groups.get("lead") or "") + (groups.get("how") or "")
        rate = _RATE_OF.search(how)
        words = (rate.group() if rate else "") + groups["verb"] + ("到" if groups["to"] else "")
        return Comparison(words, groups.get("base"), clause[: offset + match.start()])
    against = _AGAINST.search(window)
    if against:
        return Comparison(against["verb"], against["base"], clause[: offset + against.start()])
    return None
