"""What a figure is called: the words before it, or, where it counts things, the words after it."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.indicators import words

_HEAD = re.compile(rf"(?:{words.TIME}|{words.SCOPE}|{words.ADVERB}|[，,；;])")
_FIRST_VERB = re.compile(rf"(?:{words.VERBS})(?!投资)(?![{words.KEEP_AFTER}])(?:了|到|起|出)?")
_INSIDE = re.compile(rf"(?:{words.VERBS_INSIDE})(?![{words.KEEP_AFTER}])了?")
# Each with the character that makes it the end of another word: 行为, 国有, 签约, 公共, 高等.
_TAIL = re.compile(
    r"""(?: 已经|已|均|(?<![首成])都|也|共计|总计|合计|(?<!公)共|累计|(?<![签合预节集制条])约|(?<![附就])近|超过|超|逾|突破|达到|高达|多达|达
        | 完成|实现|控制在|控制为|保持在|稳定在|维持在|保持|(?<!行)为|是|(?<![国公私])有|至|到|(?<![存潜])在|了|各|仅|只|(?<!成)就|(?<!许)可|基本|预计|将
        | 力争|确保|不低于|不少于|不超过|不高于|低于|高于|至少|最多|大约|接近|分别|进一步|左右|平均每\S{1,2}|每[人户年月天日]|(?<!目)的|以|(?<![平初高中同])等|其中|建立|配备
        | 下降到|提高到|占到|升至|降至|增至|(?<!自)由|从|比例为|设有|共有|拥有|[：:“”"、,，；;.（(\s　+＋—-] )$""",
    re.VERBOSE,
)
_VERB_TAIL = re.compile(
    rf"(?:{words.VERBS_BEFORE_THING}|有|为|对|给予|各|每)(?:了|过|到|约|近|共|各|起|出)*$"
)
# 公安、卫健等部门相关人员 -> 相关人员; 县政府办等10个部门 -> the thing follows.
_AND_OTHERS = re.compile(r"^.*等(?:有关|相关)?(?:部门|单位|地区|方面)?(?:的)?(?=[一-鿿]{2})")
_PARENTHESES = re.compile(r"[（(][^（）()]*[）)]")
_SHORT_PARENTHESES = 6  # 执业(助理)医师 belongs to the name, (不含村卫生室的门诊量) explains it

# Words at which a noun phrase after a figure ends.
_PHRASE_END = re.compile(
    r"""[，,。；;：:、\n（()）！？“”"] | 等(?![级效候待离])
      | (?:开展|进行|实行|实施|投入使用|参加|参与|到(?!户|位)|已|正在|正|均|获得?|被|完成|通过|达(?!标)|全部|得到|享受|享有|用于|入选|列入|纳入|接受|签订|签约|及(?!时)|和|与
        |以及|分别|共|累计|火线|顺利|成功|建成|创建|开工|竣工|投产|启动|实现|各|每|在|为|因|由|从|向|将|可|能(?!力|源|耗)|需|有(?!限|效|关|机)|是|申报|设立|办理|落户|中(?=[，,有]|\d)|并|其中|增长|下降|配备)
    """,
    re.VERBOSE,
)
_PHRASE_HEAD = re.compile(r"^(?:的|余|多|以上|以下|左右|已|均|全部|已完成|完成|进行了?|次|、)+")
# 患有高血压等慢病人员: what follows 等 or 的 is the thing.
_QUALIFIED = re.compile(
    r"^(?:患有|患|从事|具有|符合|涉及|包括|来自|由)[^，,。；;\n]{1,40}?(?:等|的)(?=[一-鿿]{2})"
)
# 增长5%的同时, 100%的要求: no thing follows.
_NO_THING = re.compile(
    r"^的?(?:同时|基础|速度|要求|情况|以上|以下|左右|水平|增速|增幅|比例|幅度|好成绩|方式|原则|时间|任务|目标任务)"
)
_RATE_LIKE = re.compile(r"(?:率|比例|比重|覆盖面|满意度|占比)$")
_HAN = re.compile(r"[一-鿿]")


def left_of(clause: str) -> str:
    """The words before a figure without what leads in: scope, time, adverbs. Verbs stay.

    >>> left_of("截至目前,全市累计建成卫生室")
    '建成卫生室'
    """
    start = 0
    while match := _HEAD.match(clause, start):
        if match.end() == start:
            break
        start = match.end()
    return clause[start:]


@lru_cache(maxsize=4096)
def name_before(clause: str) -> str:
    """The name in the words before a figure, or "".

    >>> name_before("与村级活动场所共建卫生室"), name_before("全市城镇登记失业率控制在"), name_before("组织")
    ('卫生室', '城镇登记失业率', '')
    """
    text = _without_tail(_without_parentheses(clause))
    text = left_of(text)
    if others := _AND_OTHERS.match(text):
        text = left_of(text[others.end() :])
    for match in _INSIDE.finditer(text):
        rest = text[match.end() :]
        if len(_without_tail(rest)) > 1:
            inside = match.end()
            text = "\0" * inside + text[inside:]
    text = left_of(text.replace("\0", ""))
    while (verb := _FIRST_VERB.match(text)) and verb.end():
        text = left_of(text[verb.end() :])
    text = _without_tail(text)
    return text if _HAN.search(text) and len(text) > 1 else ""


def _without_tail(text: str) -> str:
    while match := _TAIL.search(text[-8:]):
        if match.start() == match.end():
            break
        text = text[: len(text) - len(text[-8:]) + match.start()]
    return text


def _without_parentheses(text: str) -> str:
    return _PARENTHESES.sub(
        lambda m: (
            m.group() if len(m.group()) <= _SHORT_PARENTHESES + 2 and not re.search(r"\d", m.group()) else ""
        ),
        text,
    )


def is_verb_before(clause: str) -> bool:
    """Whether the words before a figure end in a verb that wants its object after it: 配备1套健康包."""
    return bool(_VERB_TAIL.search(clause[-8:].rstrip()))


@lru_cache(maxsize=4096)
def name_after(following: str) -> str:
    """The thing counted in the words after a figure, or "".

    >>> name_after("规范化发热门诊(板房)投入使用"), name_after("的随访服务。"), name_after("的同时")
    ('规范化发热门诊', '随访服务', '')
    """
    if _NO_THING.match(following):
        return ""
    head = _PHRASE_HEAD.match(following)
    text = following[head.end() :] if head else following
    if qualified := _QUALIFIED.match(text):
        text = text[qualified.end() :]
    stop = _PHRASE_END.search(text, 1) if text[:1] not in "，,。；;：:、\n（()）" else None
    phrase = text[: stop.start()] if stop else ("" if text[:1] in "，,。；;：:、\n（()）" else text)
    phrase = phrase.strip(' 　的、“”"')
    return phrase if len(phrase) > 1 and _HAN.match(phrase) else ""


def split_names(clause: str) -> list[str]:
    """The names of a list before 分别 or 均: each complete, a tail that they share given to each.

    >>> split_names("高血压、糖尿病患者管理率")
    ['高血压患者管理率', '糖尿病患者管理率']
    >>> split_names("全市建表率、建证率和表证符合率")
    ['建表率', '建证率', '表证符合率']
    """
    parts = [
        p
        for p in re.split(r"、|以及|和(?!谐)|及(?!时)|与(?!会)|，|,", _without_parentheses(clause))
        if p.strip()
    ]
    names = [name_before(part) or left_of(part).strip() for part in parts]
    names = [name for name in names if name]
    if len(names) < 2:
        return names
    last = names[-1]
    first = names[0]
    if (_RATE_LIKE.search(last) and any(not _RATE_LIKE.search(n) for n in names[:-1])) or _is_stub(names):
        # Items of a list are built alike, so what the last has beyond the length of the first is shared by all.
        tail = last[len(first) :]
        if len(tail) > 1:
            names = [n if n.endswith(tail[-1]) and len(n) > len(tail) else n + tail for n in names[:-1]] + [
                last
            ]
    return names


def _is_stub(names: list[str]) -> bool:
    """城镇、农村常住居民人均可支配收入: all but the last are too short to be indicators."""
    return max(map(len, names[:-1])) <= 3 and len(names[-1]) >= max(map(len, names[:-1])) + 3
