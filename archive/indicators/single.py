"""One amount: whether its name stands before it, after it, or with the figure before it."""

from __future__ import annotations

import re

from archive.indicators.amounts import Amount
from archive.indicators.comparisons import Comparison
from archive.indicators.names import is_verb_before, name_after, name_before
from archive.indicators.sentences import Sentence, new_fact
from archive.indicators.units import is_measure

# 比例由上年的…: what leads to the first figure of a change.
FROM = re.compile(r"(?:由|从)[^由从，,；;]{0,24}$")
# 县政府办等10个[部门], 省外12所[大学]: only where the things are.
_PLACE_END = re.compile(r"(?:等|[省市县区镇乡村境国校院][内外]|[省市县州](?:的|共)?)$")
# Verbs that say of the thing before that it is there or done; others (已解除785例) say something new of it.
_SAYS_NOTHING_NEW = re.compile(r"完成|实现|达到?|建成|新建|有|为|是|投入|增长|下降|占")
_LONGEST_VERB = 8


def read_one(
    sentence: Sentence, amount: Amount, clause: str, after: str, compared: Comparison | None
) -> None:
    """Adds the fact of one amount to its sentence; `clause` are the words before it, `after` those behind."""
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
    sentence.facts.append(new_fact(amount, name or thing or _bare_verb(clause), compared, clause))
    sentence.names = []


def _before_change(clause: str) -> str:
    """The clause without the 由 or 从 that begins a change: 比例由上年的 -> 比例."""
    match = FROM.search(clause)
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


def _is_share(before: str) -> bool:
    return before.lstrip("，, 、约").startswith("占")


def _inherited(sentence: Sentence, clause: str) -> str:
    """The name of the figure before, or the clause before; the verb alone where it says something of its own."""
    verb = _bare_verb(clause)
    if verb and not _SAYS_NOTHING_NEW.search(verb) and is_verb_before(clause):
        return verb
    return _last_name(sentence) or name_before(_clause_earlier(sentence, clause))


def _last_name(sentence: Sentence) -> str:
    return sentence.facts[-1].name if sentence.facts else ""


def _clause_earlier(sentence: Sentence, clause: str) -> str:
    """The clause before the one that the figure stands in, where no figure lies between: X持续增长,达到5亿元."""
    wide = sentence.text[sentence.read_to :]
    position = wide.find(clause) if clause else -1
    earlier = wide[: max(position, 0)].rstrip("，,：: ")
    return re.split(r"[，,；;：:]", earlier)[-1]


def _bare_verb(clause: str) -> str:
    """A verb alone is the name where nothing else is: 出动1万余人次."""
    words = re.sub(r"(?:全年|共|累计|已|约|近|达|了|先后|完成)+", "", clause).strip("，,、 ：:“”")
    return words if 2 <= len(words) <= _LONGEST_VERB else ""
