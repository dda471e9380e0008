"""From the amounts of a text to its indicators."""

from __future__ import annotations

import re

from archive.indicators.amounts import Amount, amounts, half_width
from archive.indicators.modality import Modality, modality_at, target_sections
from archive.indicators.runs import read_run
from archive.indicators.sentences import Fact, Sentence, between, by_sentence
from archive.models import Indicator, Report, Section
from archive.outline import outline
from archive.tags.damage import find_damage

# Between two amounts of one list: 10%和11%, 0、4.4‰、5.87‰.
_LIST_GAP = re.compile(r"^\s*(?:、|和|与|及|以及|/)\s*$")
_PERIOD = re.compile(
    r"(?=[\d上下前一二三四全去今“])(?:(?:\d{4}年)?(?:上半年|下半年|前?[一二三四]个?季度|全年|(?:\d{1,2}[-—–~至])?\d{1,2}月(?:份|底)?)"
    r"|\d{4}年|去年|上年|今年|“十[一二三四五]五”(?:时期|期间))"
)
_PERIOD_REACH = 80  # the last time named before the figure, unless it is too far to be its own


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
    for sentence, group in by_sentence(text, list(amounts(text))):
        found += [
            _indicator(fact, sentence, sections, modality) for fact in _facts(sentence, group) if fact.name
        ]
    return tuple(found)


def _facts(sentence: Sentence, group: list[Amount]) -> list[Fact]:
    """The facts of one sentence: runs of amounts (A、B和C) are named together, the rest one by one."""
    index = 0
    while index < len(group):
        run = [group[index]]
        while index + len(run) < len(group) and _LIST_GAP.match(
            between(sentence, run[-1].end, group[index + len(run)].start)
        ):
            run.append(group[index + len(run)])
        following = group[index + len(run)].start if index + len(run) < len(group) else None
        read_run(sentence, run, following)
        sentence.read_to = max(run[-1].end - sentence.start, sentence.taken_to)
        index += len(run)
    return sentence.facts


def _indicator(
    fact: Fact, sentence: Sentence, sections: tuple[Section, ...], modality: list[Modality]
) -> Indicator:
    amount = fact.amount
    before = sentence.text[: amount.start - sentence.start]
    section = _section_at(sections, amount.start)
    period = list(_PERIOD.finditer(before[-_PERIOD_REACH:]))
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
