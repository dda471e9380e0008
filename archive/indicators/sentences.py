"""A sentence with the amounts in it, and the words around each amount."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.indicators.amounts import Amount
from archive.indicators.comparisons import Comparison

_STOP = re.compile(r"[。！？!?\n]")
# Longer sentences exist only where the punctuation was lost; their beginning no longer matters to the figure.
_LONGEST_SENTENCE = 600
_REACH_AFTER = 60  # what names a figure stands close after it
_QUALIFIER = re.compile(
    r"(约|近|超过|超|逾|突破|不低于|不少于|不超过|不高于|至少|最多|大约|接近|累计|共计|共|合计|预计|基本|各|力争|高达|多达)"
    r"(?:达到|达|完成|实现|为|有|在)?(?:约|近)?\s*$"
)


@dataclass(slots=True)
class Fact:
    """An amount with its name and its comparison, as far as they are known."""

    amount: Amount
    name: str
    comparison: str | None = None
    base: str | None = None
    qualifier: str | None = None


@dataclass(slots=True)
class Sentence:
    """What is known while the amounts of one sentence are read."""

    text: str
    start: int
    facts: list[Fact] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of the last list, for the figures of growth after it
    read_to: int = 0  # end of the last amount, in the sentence
    taken_to: int = 0  # end of the words after the last amount that name it


def by_sentence(text: str, found: Sequence[Amount]) -> list[tuple[Sentence, list[Amount]]]:
    """The amounts by the sentence that they stand in; sentences without amounts are left out."""
    grouped: list[tuple[Sentence, list[Amount]]] = []
    end = -1
    for amount in found:
        if amount.start >= end:
            start = _last_stop(text, max(end, 0), amount.start)
            longest = min(len(text), amount.end + _LONGEST_SENTENCE)
            stop = _STOP.search(text, amount.end, longest)
            end = stop.start() if stop else longest
            grouped.append((Sentence(text[start:end], start), []))
        grouped[-1][1].append(amount)
    return grouped


def _last_stop(text: str, low: int, high: int) -> int:
    low = max(low, high - _LONGEST_SENTENCE)
    return max([low, *(text.rfind(mark, low, high) + 1 for mark in "。！？!?\n")])


def between(sentence: Sentence, start: int, end: int) -> str:
    """The words between two places of the text within a sentence."""
    return sentence.text[start - sentence.start : end - sentence.start]


def clause_before(sentence: Sentence, amount: Amount) -> str:
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


def words_after(sentence: Sentence, amount: Amount, following: int | None) -> str:
    """The words after an amount, up to the next amount, which begins at `following`."""
    start = amount.end - sentence.start
    end = len(sentence.text) if following is None else following - sentence.start
    return sentence.text[start : min(end, start + _REACH_AFTER)]


def new_fact(amount: Amount, name: str, compared: Comparison | None, clause: str) -> Fact:
    """A fact from an amount, its name, its comparison and the words before it."""
    return Fact(
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
