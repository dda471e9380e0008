"""What can be told of a text once it is read: whether its title describes it, and whether it was damaged."""

from __future__ import annotations

import re

# Words that any work report's title may hold; what is left names the subject.
_GENERIC = re.compile(
    r"[\d０-９xX×]+|[〇零一二三四五六七八九十两]+(?=[年月篇份季])|年度?|上半年|下半年|月份?|季度?|工作|总结|小结|计划|规划|要点|思路|打算|安排|报告|述职|汇报|情况|范文|精选|最新|推荐|通用|合集|汇总|大全|模板|模版|篇|份"
    r"|关于|印发|通知|及|和|与|的|全县|全市|全区|个人|单位|有关|[^\u4e00-\u9fff]+"
)
MIN_PAIRS = 3  # 政府工作报告 names no subject that could be missing
MIN_SHARE = 0.4  # of 58 titles with a subject, the lowest share in a fitting text was 0.5


def title_matches(title: str, text: str) -> bool:
    """Whether the subject that a title names occurs in the text: two neighbouring characters at a time.

    >>> title_matches("乡镇外宣工作总结", "推进医药卫生体制改革，强化公立医院管理。")
    False
    >>> title_matches("县卫生局工作总结", "全县卫生系统在卫生局党委领导下，县卫生院改造完成。")
    True
    """
    pieces = [piece for piece in _GENERIC.split(title) if piece]
    pairs = {piece[i : i + 2] for piece in pieces for i in range(len(piece) - 1)}
    if len(pairs) < MIN_PAIRS:
        return True
    return sum(pair in text for pair in pairs) >= MIN_SHARE * len(pairs)


_PINYIN_GLOSS = re.compile(r"[(（](?<=[\u4e00-\u9fff].)[a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜü]{1,6}[)）]")
_MONTH = re.compile(r"1(?<!\d1)(?:1[0-2]|[3-9])月")  # 1—11月 without its dash: no month is above 12
_BARE_RATE = re.compile(r"(?:增长|下降|达到?|占|完成率?为?|率为?)\s*\d{1,3}\.\d{1,2}(?=[，。；、,;])")
_PERCENT = re.compile(r"[%％]")
_GARBLED = re.compile("[\ufffd\ue000-\uf8ff]")
_SPUN = re.compile(
    r"科学开展观|改革开展|经济开展|开展观|十[一二三四五]方案(?!纲要的)|五年方案|全面开展的基础上开展"
)


def find_damage(text: str) -> tuple[str, ...]:
    """The kinds of damage that conversions and rewriting left; figures of such a text are not to be trusted.

    >>> find_damage("現(xiàn)在我们總(zǒng)结，會(huì)议")
    ('pinyin',)
    >>> find_damage("1—11月完成投资3.2亿元，增长12.5%。")
    ()
    """
    found = []
    if len(_PINYIN_GLOSS.findall(text[:20_000])) >= 3:
        found.append("pinyin")
    if _MONTH.search(text):
        found.append("lost_dash")
    if len(_BARE_RATE.findall(text)) >= 3 and not _PERCENT.search(text):
        found.append("lost_percent")
    if len(_GARBLED.findall(text)) * 50 > len(text):  # a few bad bytes damage no more than their characters
        found.append("garbled")
    if len(_SPUN.findall(text)) >= 2:
        found.append("spun")
    return tuple(found)
