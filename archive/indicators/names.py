"""What a figure is called: the words before it, or, where it counts things, the words after it."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.indicators import words

# The number of a heading or item: （二）公建民营养老机构, 1.培训养老护理员, 一是新建校舍.
_LABEL = r"^[\s　]*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}(?:、|是)|\d{1,2}[.．、](?!\d)|[①-⑳])\s*"
_HEAD = re.compile(rf"(?:{_LABEL}|{words.TIME}|{words.SCOPE}|{words.ADVERB}|[，,；;])")
_FIRST_VERB = re.compile(rf"(?:{words.VERBS})(?!投资)(?![{words.KEEP_AFTER}])(?:了|到|起|出)?")
_INSIDE = re.compile(rf"(?:{words.VERBS_INSIDE})(?![{words.KEEP_AFTER}])了?")
# Each with the character that makes it the end of another word: 行为, 国有, 签约, 公共, 高等.
_TAIL = re.compile(
    r"""(?: 已经|已|均|(?<![首成])都|也|共计|总计|合计|(?<!公)共|累计|(?<![签合预节集制条])约|(?<![附就])近|超过|超|逾|突破|达到|高达|多达|达
        | 完成|实现|拟|要|控制在|控制为|保持在|稳定在|维持在|保持|(?<!行)为|是|(?<![国公私])有|至|到|(?<![存潜])在|了|各|仅|只|(?<!成)就|(?<!许)可|基本|预计|将
        | 力争|确保|不低于|不少于|不超过|不高于|低于|高于|至少|最多|大约|接近|分别|进一步|左右|平均每\S{1,2}|每[人户年月天日亩吨头只]|(?<!目)的|以|(?<![平初高中同])等|其中|建立|配备
        | 下降到|提高到|占到|去年|今年|上年|全年|首次|双双|连续|五年|按|累计达|升至|降至|增至|(?<!自)由|从|设有|共有|拥有|[：:“”"、,，；;.（(\s　+＋—-] )$""",
    re.VERBOSE,
)
_VERB_TAIL = re.compile(
    rf"(?:{words.VERBS_BEFORE_THING}|有|为|对|给予|各|每)(?:了|过|到|约|近|共|各|起|出)*$"
)
# 公安、卫健等部门相关人员 -> 相关人员; 县政府办等10个部门 -> the thing follows.
_AND_OTHERS = re.compile(r"^.*(?<![平初高中同])等(?:有关|相关)?(?:部门|单位|地区|方面)?(?:的)?(?=[一-鿿]{2})")
_PARENTHESES = re.compile(r"[（(][^（）()]*[）)]")
_SHORT_PARENTHESES = 6  # 执业(助理)医师 belongs to the name, (不含村卫生室的门诊量) explains it

# Words at which a noun phrase after a figure ends.
# Each with the characters that make it part of a word: 智能, 国有, 自由, 公共, 平均.
_PHRASE_END = re.compile(
    r"""[，,。；;：:、\n（()）！？] | (?<![平初高中同])等(?![级效候待离])
      | (?:开展|进行|实行|实施|投入使用|参加|参与|到(?![户位])|(?<!自)已(?!经)|已经|正在|正式|(?<![平人])均(?!衡)|获得?|(?<!植)被|完成|通过|达(?!标)|全部|得到|享受|享有|用于
        |入选|列入|纳入|接受|签订|签约|及(?!时|格|其)|和(?![谐平美])|与(?!会)|以及|分别|(?<!公)共(?![享建青产同])|累计|火线|顺利|成功|建成|创建|开工|竣工|投产|启动|实现|各(?!类)|每
        |(?<![存潜])在(?![校建职岗])|(?<!行)为|(?<!基)因|(?<!自)由|从(?!业)|(?<![方意])向|将|(?<!许)可(?!再生|持续)|(?<![智功产节职性效潜技才动])能(?![力源耗够])
        |(?<!内)需|(?<![国公私所享])有(?![限效关机色])|是|申报|设立|办理|落户|中(?=[，,有]|\d)|并(?!网)|其中|(?<!净)增长|下降|配备|就业增收|稳定消除|上线|惠及|发放|追回|减免|申请|建立(?!健全)|带动|安排|拨付|解决|缴纳|提供|覆盖(?!率))
    """,
    re.VERBOSE,
)
# 筹措3亿元实施…, 3家通过验收: what follows is done, not counted.
_VERB_PHRASE = re.compile(r"实施|用于|开展|通过|支持|推进|入选|列入|纳入|投入使用|获评|实现|达到|位居")
_ONE_CHARACTER = tuple("省市县区乡镇村国")
_PHRASE_HEAD = re.compile(r"^(?:的|余|多|以上|以下|左右|已|均|全部|已完成|完成|进行了?|次)+")
# 患有高血压等慢病人员: what follows 等 or 的 is the thing.
_QUALIFIED = re.compile(
    r"^(?:患有|患|从事|具有|符合|涉及|包括|来自|由)[^，,。；;\n]{1,40}?(?:等|的)(?=[一-鿿]{2})"
)
# 增长5%的同时, 100%的要求: no thing follows.
_NO_THING = re.compile(
    r"^的?(?:增长|下降|提高|占|达|同时|基础|速度|要求|情况|以上|以下|左右|水平|增速|增幅|比例|幅度|好成绩|方式|原则|时间)"
)
# The nouns that say what is measured; an item of a list without one shares that of the last.
_MEASURE = re.compile(
    r"(?:增加值|总产值|产值|可支配收入|纯收入|预算收入|收入|营收|支出|人次|人数|投资|总额|成交额|销售额|交易额|进出口额|进出口|零售额|余额|存款|贷款|产量|总量|数量|面积|人数"
    r"|利润|税收|税金|营业额|数|覆盖率|率|比例|比重|占比|覆盖面|满意度|指数|浓度|长度|里程|规模|能力|用量|价格)$"
)
# With what a shared tail begins: 城镇、农村[居民人均可支配收入]; not 家用电器、新能源汽[车零售额].
_WHOLE_TAIL = re.compile(r"居民|人均|患者|常住|企业|人口|规范|工业|职工|群众|学生|产品|行业|综合|平均|项目")
_HAN = re.compile(r"[一-鿿]")


def left_of(clause: str) -> str:
    """The words before a figure without what leads in: scope, time, adverbs. Verbs stay.

    >>> left_of("截至目前,全市累计建成卫生室")
    '建成卫生室'
    >>> left_of("（二）公建民营养老机构"), left_of("1.培训养老护理员")
    ('公建民营养老机构', '培训养老护理员')
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
    following = _PARENTHESES.sub("", following)
    head = _PHRASE_HEAD.match(following)
    text = following[head.end() :] if head else following
    if qualified := _QUALIFIED.match(text):
        text = text[qualified.end() :]
    if _VERB_PHRASE.match(text):
        return ""
    stop = _PHRASE_END.search(text, 1) if text[:1] not in "，,。；;：:、\n（()）" else None
    phrase = text[: stop.start()] if stop else ("" if text[:1] in "，,。；;：:、\n（()）" else text)
    phrase = phrase.strip(' 　的、“”"')
    return phrase if (len(phrase) > 1 or phrase in _ONE_CHARACTER) and _HAN.search(phrase) else ""


def split_names(clause: str) -> list[str]:
    """The names of a list before 分别 or 均: each complete, a tail that they share given to each.

    >>> split_names("高血压、糖尿病患者管理率")
    ['高血压患者管理率', '糖尿病患者管理率']
    >>> split_names("全市建表率、建证率和表证符合率")
    ['建表率', '建证率', '表证符合率']
    """
    parts = [
        p
        for p in re.split(
            r"、|以及|和(?![谐平美])|及(?![时格其以])|与(?!会)|，|,", _without_parentheses(clause)
        )
        if p.strip()
    ]
    names = [name_before(part) or left_of(part).strip() for part in parts]
    names = [name for name in names if name]
    if len(names) < 2:
        return names
    measure = _MEASURE.search(names[-1])
    if measure is None:
        return names
    return [
        n if _MEASURE.search(n) else n + _tail(names[-1], n, measure.group()) for n in names[:-1]
    ] + names[-1:]


def _tail(last: str, item: str, measure: str) -> str:
    """What an item leaves out of the last: items of a list are built alike, so what the last has beyond their length.

    >>> _tail("糖尿病患者管理率", "高血压", "率"), _tail("建筑业增加值", "规模以上制造业", "增加值")
    ('患者管理率', '增加值')
    """
    beyond = last[len(item) :]
    is_whole = len(measure) == 1 or bool(_WHOLE_TAIL.match(beyond))
    return beyond if len(beyond) >= len(measure) and is_whole else measure
