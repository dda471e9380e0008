"""From the amounts of a text to its indicators: which name each has, what it inherits, how it is compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from archive.indicators.amounts import Amount, amounts, half_width
from archive.indicators.comparisons import Comparison, comparison
from archive.indicators.modality import Modality, modality_at, target_sections
from archive.indicators.names import is_verb_before, name_after, name_before, split_names
from archive.indicators.units import is_measure
from archive.models import Indicator, Report, Section
from archive.outline import outline
from archive.tags.damage import find_damage

_SENTENCE = re.compile(r"[。！？!?\n]")
_CLAUSE = re.compile(r"[，,；;：:（(]")
# Between two amounts of one list: 10%和11%, 0、4.4‰、5.87‰.
_LIST_GAP = re.compile(r"^\s*(?:、|和|与|及|以及|/)\s*$")
# Between the two ends of a change: 由89%进一步上升到94%.
_CHANGE_GAP = re.compile(
    r"^(?:左右)?(?:，|,)?(?:进一步|大幅度?|逐年|稳步|又|再|逐步|快速|跨越式|首次|分别|的)*"
    r"(?P<verb>[一-鿿]{1,4}?)(?P<to>到|至|为|成)(?:了)?(?:\d{4}年|今年|去年|上年|目前|现在)?(?:[底末])?的?(?:约|近)?$"
)
_FROM = re.compile(r"(?:由|从)(?P<base>[^由从，,；;]{0,24})$")
# A reference that a fact is measured by is no result of its own.
_REFERENCE = re.compile(r"(?:指标|标准|要求|水平|目标|目标值|控制线|任务)$")
_MEASURED_BY = re.compile(
    r"^(?:均|都|也|全部|分别|且|并)*(?P<verb>低于|高于|优于|超过|好于|达到|超出|高出|不超过|不低于)(?P<base>.{0,12})$"
)
_FULFILS = re.compile(r"超额完成|完成年度|完成了?省|完成了?市|完成下达")
_QUALIFIER = re.compile(
    r"(约|近|超过|超|逾|突破|不低于|不少于|不超过|不高于|至少|最多|大约|接近|累计|共计|共|合计|预计|基本|各|力争|高达|多达)(?:达到|达|完成|实现|为|有|在)?(?:约|近)?\s*$"
)
_PERIOD = re.compile(
    r"(?:\d{4}年)?(?:上半年|下半年|前?[一二三四]个?季度|全年|(?:\d{1,2}[-—–~至])?\d{1,2}月(?:份|底)?)|\d{4}年|去年|上年|今年|“十[一二三四五]五”(?:时期|期间)"
)
_RESPECTIVELY = re.compile(r"(?:年均)?分别|依次|(?:(?<![人户年月日平])均|都|全部|各)$")
_SHARED_WORDS = re.compile(r"分别|(?<![人户年月日平])均|都|全部")


_SHARED_REACH = 8  # 均达到, 分别同比下降: the word stands close before the figure


@dataclass(slots=True)
class _Fact:
    amount: Amount
    name: str
    comparison: str | None = None
    base: str | None = None
    qualifier: str | None = None


@dataclass(slots=True)
class _Sentence:
    """What is known while the amounts of one sentence are read."""

    text: str
    start: int
    facts: list[_Fact] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of the last list, for the figures of growth after it
    read_to: int = 0  # end of the last amount, in the sentence
    taken_to: int = 0  # end of the words after the last amount that name it


def indicators(report: Report) -> tuple[Indicator, ...]:
    """The numeric facts of a report's text, in reading order; none from a text whose figures are damaged.

    `comparison` holds the words of a comparison (同比增长, 低于, 上升到); "from" marks the first figure of a change
    (由89%上升到94%), "target" a figure that the fact before it is measured by (低于7‰的控制指标).
    """
    if not report.text or find_damage(report.text):
        return ()
    text = half_width(report.text)
    sections = outline(report.text)
    modality = target_sections(report.title, sections)
    found: list[Indicator] = []
    for sentence, group in _by_sentence(text, list(amounts(text))):
        found += [
            _indicator(fact, sentence, sections, modality) for fact in _facts(sentence, group) if fact.name
        ]
    return tuple(found)


def _by_sentence(text: str, found: Sequence[Amount]) -> list[tuple[_Sentence, list[Amount]]]:
    """The amounts by the sentence that they stand in; sentences without amounts are left out."""
    grouped: list[tuple[_Sentence, list[Amount]]] = []
    end = -1
    for amount in found:
        if amount.start >= end:
            start = _last_stop(text, max(end, 0), amount.start)
            longest = min(len(text), amount.end + _LONGEST_SENTENCE)
            stop = _SENTENCE.search(text, amount.end, longest)
            end = stop.start() if stop else longest
            grouped.append((_Sentence(text[start:end], start), []))
        grouped[-1][1].append(amount)
    return grouped


# Longer sentences exist only where the punctuation was lost; their beginning no longer matters to the figure.
_LONGEST_SENTENCE = 600


def _last_stop(text: str, low: int, high: int) -> int:
    low = max(low, high - _LONGEST_SENTENCE)
    return max([low, *(text.rfind(mark, low, high) + 1 for mark in "。！？!?\n")])


def _facts(sentence: _Sentence, group: list[Amount]) -> list[_Fact]:
    """The facts of one sentence: runs of amounts (A、B和C) are named together, the rest one by one."""
    index = 0
    while index < len(group):
        run = [group[index]]
        while index + len(run) < len(group) and _LIST_GAP.match(
            _between(sentence, run[-1].end, group[index + len(run)].start)
        ):
            run.append(group[index + len(run)])
        following = group[index + len(run)].start if index + len(run) < len(group) else None
        _read_run(sentence, run, following)
        sentence.read_to = max(run[-1].end - sentence.start, sentence.taken_to)
        index += len(run)
    return sentence.facts


def _between(sentence: _Sentence, start: int, end: int) -> str:
    return sentence.text[start - sentence.start : end - sentence.start]


def _clause_before(sentence: _Sentence, amount: Amount) -> str:
    """The words before an amount, back to the amount before it or the last comma, colon or open parenthesis."""
    position = amount.start - sentence.start
    start = sentence.read_to
    depth = 0
    for index in range(position - 1, sentence.read_to - 1, -1):
        char = sentence.text[index]
        if char in "）)":
            depth += 1
        elif char in "（(":
            if depth == 0:
                start = index + 1
                break
            depth -= 1
        elif depth == 0 and char in "，,；;：:" and not _is_ratio(sentence.text, index):
            start = index + 1
            break
    return sentence.text[start:position]


def _is_ratio(text: str, index: int) -> bool:
    return (
        text[index] in ":：" and text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit()
    )


def _read_run(sentence: _Sentence, run: list[Amount], following: int | None) -> None:
    clause = _clause_before(sentence, run[0])
    after = _after(sentence, run[-1], following)
    if _reads_as_change(sentence, run, clause) or _reads_as_reference(sentence, run, clause, after):
        return
    compared = comparison(clause)
    if compared and _is_improved_thing(run[0], compared, after):
        compared = None
    if len(run) > 1 and (names := _names_of_run(sentence, run, clause, compared)):
        for amount, name in zip(_with_shared_unit(run), names, strict=True):
            sentence.facts.append(_fact(amount, name, compared, clause))
        sentence.names = names
        return
    shared = _shared_names(clause, compared) if len(run) == 1 else []
    if len(shared) > 1:
        sentence.facts += [_fact(run[0], name, compared, clause) for name in shared]
        sentence.names = shared
        return
    _read_one(sentence, run[0], clause, after, compared)
    name = sentence.facts[-1].name
    sentence.facts += [_fact(amount, name, compared, "") for amount in run[1:]]


def _reads_as_reference(sentence: _Sentence, run: list[Amount], clause: str, after: str) -> bool:
    """Whether the amounts are what the fact before is measured by: 均低于省定14/10万和7‰的控制指标."""
    reference = _MEASURED_BY.match(clause)
    thing = name_after(after)
    if not thing or not _REFERENCE.search(thing) or not sentence.facts:
        return False
    if not reference and not _FULFILS.search(clause):
        return False
    if reference and sentence.facts[-1].comparison is None:
        sentence.facts[-1].comparison = reference["verb"]
        sentence.facts[-1].base = reference["base"] or None
    sentence.facts += [_Fact(amount, thing, "target") for amount in run]
    return True


def _is_improved_thing(amount: Amount, compared: Comparison, after: str) -> bool:
    """改造提升25个[养老机构], 增加3所[学校]: the verb has the things counted as its object."""
    return (
        not is_measure(amount.unit)
        and not compared.base
        and len(compared.words) == 2
        and bool(name_after(after))
    )


def _after(sentence: _Sentence, amount: Amount, following: int | None) -> str:
    start = amount.end - sentence.start
    end = len(sentence.text) if following is None else following - sentence.start
    return sentence.text[start : min(end, start + 60)]


def _names_of_run(
    sentence: _Sentence, run: list[Amount], clause: str, compared: Comparison | None
) -> list[str]:
    """One name for each amount of a list, from the list of names before it or before the last list; else nothing."""
    before = compared.before if compared else clause
    names = split_names(_RESPECTIVELY.sub("", before))
    if len(names) == len(run):
        return names
    if not names and len(sentence.names) == len(run):
        return sentence.names
    if not names and len(sentence.facts) >= len(run) and "分别" in clause:
        return [fact.name for fact in sentence.facts[-len(run) :]]
    wider = split_names(_RESPECTIVELY.sub("", _wider_clause(sentence, run[0])))
    return wider if len(wider) == len(run) else []


def _wider_clause(sentence: _Sentence, amount: Amount) -> str:
    """The words back to the amount before, commas included: lists of names run over commas."""
    return sentence.text[sentence.read_to : amount.start - sentence.start]


def _with_shared_unit(run: list[Amount]) -> list[Amount]:
    """5.2、4.4和3.1个百分点, 0.2个和1.1个百分点: the unit at the end is that of all; a 0 stays without."""
    unit = run[-1].unit
    if unit == "个百分点":
        return [replace(amount, unit=unit) for amount in run]
    return [a if a.unit or not a.value else replace(a, unit=unit) for a in run]


def _shared_names(clause: str, compared: Comparison | None) -> list[str]:
    """The names that one figure holds for: 落实率和发放率均达100%, 需氧量、氨氮排放量分别下降2%."""
    if not _SHARED_WORDS.search(clause[-_SHARED_REACH:]):
        return []
    names = split_names(_RESPECTIVELY.sub("", compared.before if compared else clause))
    return (
        names
        if len(names) > 1 and all(n.endswith(("率", "面", "度", "比", "例", "量")) for n in names)
        else []
    )


def _reads_as_change(sentence: _Sentence, run: list[Amount], clause: str) -> bool:
    """Whether the amounts are the second figures of 由A上升到B; then they take the first ones' names and the verb."""
    if len(sentence.facts) < len(run):
        return False
    firsts = sentence.facts[-len(run) :]
    match = _CHANGE_GAP.match(_between(sentence, firsts[-1].amount.end, run[0].start))
    lead = sentence.text[: firsts[0].amount.start - sentence.start]
    if not match or not _FROM.search(lead[-30:]):
        return False
    for first, amount in zip(firsts, run, strict=True):
        first.comparison, first.base = "from", None
        words = match["verb"] + match["to"]
        sentence.facts.append(_Fact(amount, first.name, words, None, _qualifier(amount, clause)))
    return True


def _fact(amount: Amount, name: str, compared: Comparison | None, clause: str) -> _Fact:
    return _Fact(
        amount,
        name,
        compared.words if compared else None,
        compared.base if compared else None,
        _qualifier(amount, clause),
    )


def _qualifier(amount: Amount, clause: str) -> str | None:
    if amount.qualifier:
        return amount.qualifier
    match = _QUALIFIER.search(clause[-10:])
    return match.group(1) if match else None


def _read_one(
    sentence: _Sentence, amount: Amount, clause: str, after: str, compared: Comparison | None
) -> None:
    thing = name_after(after)
    before = compared.before if compared else _before_change(clause)
    name = name_before(before)
    if compared is None and _follows_figure(amount, clause, name, thing):
        name = thing
        # What names this figure must not name the next one too.
        sentence.taken_to = amount.end - sentence.start + max(0, after.find(thing)) + len(thing)
    elif _is_share(before):
        name = _last_name(sentence) + name
    if not name:
        name = _last_name(sentence) if compared else _inherited(sentence, clause)
    sentence.facts.append(_fact(amount, name or thing or _bare_verb(clause), compared, clause))
    sentence.names = []


def _before_change(clause: str) -> str:
    """The clause without the 由 or 从 that begins a change: 比例由上年的 -> 比例."""
    match = _FROM.search(clause)
    return (
        clause[: match.start()]
        if match and match.start() and name_before(clause[: match.start()])
        else clause
    )


def _follows_figure(amount: Amount, clause: str, name: str, thing: str) -> bool:
    """Whether the thing counted stands after the figure: 组织191个[家庭医生团队]."""
    if not thing:
        return False
    if not name:
        return True
    if is_measure(amount.unit):
        return False
    return is_verb_before(clause) or bool(_PLACE_END.search(clause.rstrip()))


# 县政府办等10个[部门], 省外12所[大学]: only where the things are.
_PLACE_END = re.compile(r"(?:等|[省市县区镇乡村境国校院][内外]|[省市县州](?:的|共)?)$")


def _is_share(before: str) -> bool:
    return before.lstrip("，, 、约").startswith("占")


# Verbs that say of the thing before that it is there or done; others (已解除785例) say something new of it.
_SAYS_NOTHING_NEW = re.compile(r"完成|实现|达到?|建成|新建|有|为|是|投入|增长|下降|占")


def _inherited(sentence: _Sentence, clause: str) -> str:
    """The name of the figure before, or the clause before; the verb alone where it says something of its own."""
    verb = _bare_verb(clause)
    if verb and not _SAYS_NOTHING_NEW.search(verb) and is_verb_before(clause):
        return verb
    return _last_name(sentence) or name_before(_clause_earlier(sentence, clause))


def _last_name(sentence: _Sentence) -> str:
    return sentence.facts[-1].name if sentence.facts else ""


def _clause_earlier(sentence: _Sentence, clause: str) -> str:
    """The clause before the one that the figure stands in, where no figure lies between: X持续增长,达到5亿元."""
    wide = sentence.text[sentence.read_to :]
    position = wide.find(clause) if clause else -1
    earlier = wide[: max(position, 0)].rstrip("，,：: ")
    return re.split(r"[，,；;：:]", earlier)[-1]


def _bare_verb(clause: str) -> str:
    """A verb alone is the name where nothing else is: 出动1万余人次."""
    words = re.sub(r"(?:全年|共|累计|已|约|近|达|了|先后|完成)+", "", clause).strip("，,、 ：:“”")
    return words if 2 <= len(words) <= 8 else ""


def _indicator(
    fact: _Fact, sentence: _Sentence, sections: tuple[Section, ...], modality: list[Modality]
) -> Indicator:
    amount = fact.amount
    before = sentence.text[: amount.start - sentence.start]
    section = _section_at(sections, amount.start)
    period = list(_PERIOD.finditer(before[-80:]))
    return Indicator(
        name=fact.name,
        value=amount.value,
        unit=amount.unit,
        start=amount.start,
        end=amount.end,
        value_high=amount.value_high,
        qualifier=fact.qualifier,
        comparison=fact.comparison,
        base=fact.base,
        period=period[-1].group() if period else None,
        modality="target" if fact.comparison == "target" else modality_at(before, section, modality),
        section=section,
    )


def _section_at(sections: tuple[Section, ...], position: int) -> int | None:
    """The innermost section around a position: the last that begins before it."""
    low, high = 0, len(sections)
    while low < high:
        middle = (low + high) // 2
        if sections[middle].start <= position:
            low = middle + 1
        else:
            high = middle
    return sections[low - 1].ordinal if low else None
