"""Finds names of divisions in short strings (agencies, titles), with the word boundaries that Chinese does not write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from archive.regions.table import Division, by_code, by_name, level_of, read_table


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found at [start, end). `divisions` are all that ever bore it; `is_full`: with 市, 县, 区 …"""

    start: int
    end: int
    divisions: tuple[Division, ...]
    is_full: bool


# What may follow a name without its class word (沂源政府工作报告, 宁化安排部署): an office, a time, a kind of work.
_FOLLOWS_SHORT = re.compile(
    r"""$|[\s\d(（:：,，、。_—-]|[省市县区州盟旗](?:政府|委|人民|直|级|属|[\u4e00-\u9fff]{0,6}局)?|政府|人民|人大|政协|政法|检察|法院|法治|党|共青团
    |团委|妇联|工会|总工会|工商|残联|文联|科协|供销
    |卫|教[育体]|公安|财政|发展|发改|经[济信]|民政|民族|民宗|司法|人力|人社|自然|国土|国税|地税|税务|国资|生态|环[保境]|住[房建]|城[市乡管建]|交[通警]|水[利务文]
        |农[业村]|林[业草]|商务|文[化旅体]|旅游|体育|审计|统计
    |市场|应急|安[监全排]|退役|医[疗保]|信访|扶贫|乡村|行政|政务|大数据|数据|机关|事务|纪|监察|组织|宣传|统战|档案|史志|地方|气象|地震|消防|海关|海事|边检|邮政|电力|供电|烟草
        |银行|盐[务业]|粮食|物价
    |部署|召开|举行|全[县市区州]|年|上半年|下半年|第|工作|[一二三四五六七八九十]届|国民|高新|开发区|工业园|经开|新区|保税|中[级学医]|[一二三四]中|职业|大学|学院|师范|医院
        |第[一二三]|企业|集团|国家|海洋|渔业|畜牧|园林|招商|投资|金融|科[技学]|工[信业]
    |生产建设兵团|警备|军分区|武装|人武|妇幼|疾控|调查队|支行|分行|分公司|支公司|红十字|老龄|社保|就业|公路|铁路|港[口务航]|机场|航[道运]|管委会|管理""",
    re.VERBOSE,
)
_STREET = re.compile(r"[东西南北中]?(?:路|街|道|大道|桥|湾|镇|乡|村|庄|店|话|菜|人)")
# A name may begin a string, follow a date, a mark, or one of the words that introduce an author.
_BEFORE = re.compile(
    r"""(?:^|[\d\s年月日度()（）\[\]【】〔〕《》“”\"':：,，、。;；.·|/_—–+-]|关于|中共|中国共产党|中国共青团|共青团|中国|国家|在|对|和|与|及|暨|转发|印发|驻|赴|来源|作者|单位|机构|政协|总局|国家统计局|中国人民银行|我省|全省|省|致|的|来自)$""",
    re.VERBOSE,
)
# 市场, 区域, 县域, 区间: the class word belongs to the next word, so the name stands without it.
_CLASS_WORD_TAKEN = re.compile(
    r"""市(?=场(?:监|管|局|所|部|主|经|秩)|政(?:工程|园林|公用|管理|设施)|容(?!县)|民(?!政|族|宗))|区(?=域|划|间|块)|县(?=域)""",
    re.VERBOSE,
)
# Words that end like a county's name of two characters: 示范县, 建成县; a longer name has its own weight.
_SHORTEST_FREE = 3
_LONGEST = 15
# 全县, 各市, 我区, 新城区, 中心城区: not a name though the table has names that end so.
# These are divisions and also plain words for parts of any city: a city must stand before them.
_PLAIN_WORDS = frozenset(
    ("城区", "郊区", "矿区", "新区", "林区", "东区", "西区", "南区", "北区", "老城区", "新城区")
)
_NO_NAME_BEFORE = re.compile(r"[全各我该本某老中示成]$")


@cache
def _names() -> dict[str, tuple[tuple[Division, ...], bool]]:
    """Every way to write a division's name -> (divisions, is it the full name)."""
    names: dict[str, tuple[tuple[Division, ...], bool]] = {}
    shorts: dict[str, list[Division]] = {}
    for row in read_table("names.tsv"):
        full, short = row["name"], row["short"]
        names[full] = (by_name()[full], True)
        if short == full:
            continue
        if "自治" in full and full[-1] in "州县旗":  # 恩施州, 张家川县: how they are called
            for ending in (full[-1], "自治" + full[-1]):
                shorts.setdefault(short + ending, []).extend(by_name()[full])
        if row["is_word"] == "0":
            shorts.setdefault(short, []).extend(by_name()[full])
    for row in read_table("aliases.tsv"):
        shorts.setdefault(row["alias"], []).extend(by_code()[row["code"]])
    for name, found in shorts.items():
        if name not in names:
            names[name] = (tuple(found), name[-1] in "州县旗" and len(name) > 2)
    return names


def mentions(text: str) -> Iterator[Mention]:
    """Names in a string of simplified characters, longest first at each place, left to right, not overlapping.

    >>> [text[m.start:m.end] for text in ["吉林市昌邑区审计局"] for m in mentions(text)]
    ['吉林市', '昌邑区']
    >>> list(mentions("创建示范县工作总结"))
    []
    """
    position = last_end = 0
    while position < len(text) - 1:
        mention = _at(text, position, position > 0 and position == last_end)
        if mention is None:
            position += 1
            continue
        yield mention
        position = last_end = mention.end


def _at(text: str, start: int, follows_name: bool) -> Mention | None:
    for length in range(min(_LONGEST, len(text) - start), 1, -1):
        found = _names().get(text[start : start + length])
        if found is None:
            continue
        divisions, is_full = found
        end = start + length
        if not follows_name and text[start : start + length] in _PLAIN_WORDS:
            continue
        if _CLASS_WORD_TAKEN.match(text, end - 1):
            continue
        is_bounded = follows_name or _BEFORE.search(text[max(0, start - 6) : start]) is not None
        if is_full and (
            is_bounded or (length >= _SHORTEST_FREE and not _NO_NAME_BEFORE.search(text[:start]))
        ):
            return Mention(start, end, divisions, True)
        if not is_full and is_bounded and _may_follow(text, end, divisions):
            return Mention(start, end, divisions, False)
    return None


def _may_follow(text: str, end: int, divisions: tuple[Division, ...]) -> bool:
    """True where what stands after a short name leaves it a name; a province's (重庆两江新区) needs only not to be a street's."""
    if _FOLLOWS_SHORT.match(text, end) or _at(text, end, True):
        return True
    is_province = any(level_of(d.code) == "province" for d in divisions)
    return is_province and not _STREET.match(text, end)
