"""Amounts that belong together: lists named in one go, the two ends of a change, targets to measure by."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.indicators.amounts import Amount
from archive.indicators.comparisons import Comparison, comparison
from archive.indicators.names import name_after, split_names
from archive.indicators.sentences import Fact, Sentence, between, clause_before, new_fact, words_after
from archive.indicators.single import FROM, read_one
from archive.indicators.units import is_measure

# Between the two ends of a change: 由89%进一步上升到94%.
_CHANGE_GAP = re.compile(
    r"^(?:左右)?(?:，|,)?(?:进一步|大幅度?|逐年|稳步|又|再|逐步|快速|跨越式|首次|分别|的)*"
    r"(?P<verb>[一-鿿]{1,4}?)(?P<to>到|至|为|成)(?:了)?(?:\d{4}年|今年|去年|上年|目前|现在)?(?:[底末])?的?(?:约|近)?$"
)
# A reference that a fact is measured by is no result of its own.
_REFERENCE = re.compile(r"(?:指标|标准|要求|水平|目标|目标值|控制线|任务)$")
_MEASURED_BY = re.compile(
    r"^(?:均|都|也|全部|分别|且|并)*(?P<verb>低于|高于|优于|超过|好于|达到|超出|高出|不超过|不低于)(?P<base>.{0,12})$"
)
_FULFILS = re.compile(r"超额完成|完成年度|完成了?省|完成了?市|完成下达")
_RESPECTIVELY = re.compile(r"(?:年均)?分别|依次|(?:(?<![人户年月日平])均|都|全部|各)$")
_SHARED_WORDS = re.compile(r"分别|(?<![人户年月日平])均|都|全部")
_SHARED_REACH = 8  # 均达到, 分别同比下降: the word stands close before the figure
_TWO_CHARACTERS = 2


def read_run(sentence: Sentence, run: list[Amount], following: int | None) -> None:
    """Adds the facts of a run of amounts (A、B和C, or a single one) to its sentence."""
    clause = clause_before(sentence, run[0])
    after = words_after(sentence, run[-1], following)
    if _reads_as_change(sentence, run, clause) or _reads_as_reference(sentence, run, clause, after):
        return
    compared = comparison(clause)
    if compared and _is_improved_thing(run[0], compared, after):
        compared = None
    if len(run) > 1 and (names := _names_of_run(sentence, run, clause, compared)):
        for amount, name in zip(_with_shared_unit(run), names, strict=True):
            sentence.facts.append(new_fact(amount, name, compared, clause))
        sentence.names = names
        return
    shared = _shared_names(clause, compared) if len(run) == 1 else []
    if len(shared) > 1:
        sentence.facts += [new_fact(run[0], name, compared, clause) for name in shared]
        sentence.names = shared
        return
    read_one(sentence, run[0], clause, after, compared)
    name = sentence.facts[-1].name
    sentence.facts += [new_fact(amount, name, compared, "") for amount in run[1:]]


def _reads_as_reference(sentence: Sentence, run: list[Amount], clause: str, after: str) -> bool:
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
    sentence.facts += [Fact(amount, thing, "target") for amount in run]
    return True


def _is_improved_thing(amount: Amount, compared: Comparison, after: str) -> bool:
    """改造提升25个[养老机构], 增加3所[学校]: the verb has the things counted as its object."""
    return (
        not is_measure(amount.unit)
        and not compared.base
        and len(compared.words) == _TWO_CHARACTERS
        and bool(name_after(after))
    )


def _names_of_run(
    sentence: Sentence, run: list[Amount], clause: str, compared: Comparison | None
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


def _wider_clause(sentence: Sentence, amount: Amount) -> str:
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


def _reads_as_change(sentence: Sentence, run: list[Amount], clause: str) -> bool:
    """Whether the amounts are the second figures of 由A上升到B; then they take the first ones' names and the verb."""
    if len(sentence.facts) < len(run):
        return False
    firsts = sentence.facts[-len(run) :]
    match = _CHANGE_GAP.match(between(sentence, firsts[-1].amount.end, run[0].start))
    lead = sentence.text[: firsts[0].amount.start - sentence.start]
    if not match or not FROM.search(lead[-30:]):
        return False
    for first, amount in zip(firsts, run, strict=True):
        first.comparison, first.base = "from", None
        words = match["verb"] + match["to"]
        sentence.facts.append(new_fact(amount, first.name, Comparison(words, None, ""), clause))
    return True
