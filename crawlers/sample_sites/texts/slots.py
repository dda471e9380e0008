"""Fills the slots of a sentence: {20-80} a number, {1.2-3.4} a decimal, {a|b} a choice, {place} a name."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

_SLOT = re.compile(r"\{([^{}]+)\}")
_RANGE = re.compile(r"(\d+(?:\.(\d+))?)-(\d+(?:\.\d+)?)")


def fill(sentence: str, rng: random.Random, names: Mapping[str, str]) -> str:
    """The sentence with every slot filled.

    Raises:
        KeyError: a slot is neither a range, nor a choice, nor one of `names`.

    >>> fill("{place}新增床位{20-80}张，增长{1.5-2.5}%", random.Random(1), {"place": "双溪镇"})
    '双溪镇新增床位28张，增长2.4%'
    """
    return _SLOT.sub(lambda slot: _value(slot[1], rng, names), sentence)


def _value(slot: str, rng: random.Random, names: Mapping[str, str]) -> str:
    if numbers := _RANGE.fullmatch(slot):
        low, decimals, high = numbers.groups()
        places = len(decimals or "")
        scale = 10**places
        drawn = rng.randint(round(float(low) * scale), round(float(high) * scale))
        return f"{drawn / scale:.{places}f}"
    if "|" in slot:
        return rng.choice(slot.split("|"))
    return names[slot]
