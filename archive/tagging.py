"""All that the rules say of one report: tags, outline, indicators and citations; and which rules are newer than it.

A report remembers the rules that it was tagged with as one word, `RULES_VERSION`. When a rule changes what it says,
raise its own version in `VERSIONS`: every report is then tagged again by that rule alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from archive.citations import citations
from archive.indicators import indicators
from archive.models import Report, Tag, Tagged
from archive.outline import outline
from archive.tags import rules, tags_of

# Raised when every rule must run again.
BASE_VERSION = "1"
# Rule (a file of archive/tags/, or outline, indicators, citations) -> its version, where that is not the first.
# Rules that use a changed rule or table are raised with it.
VERSIONS: Mapping[str, str] = {}

# What is derived beside tags.
PARTS: Mapping[str, Callable[[Report], Any]] = {
    "sections": lambda report: outline(report.text),
    "indicators": indicators,
    "citations": citations,
}
# Two of them are known by the name of their rule, one by the name of its rows.
RULE_OF = {"sections": "outline", "indicators": "indicators", "citations": "citations"}


def version_word(base: str, versions: Mapping[str, str]) -> str:
    """Base version and the rules that have one of their own, as one word to store.

    >>> version_word("1", {}), version_word("1", {"sector": "2", "masks": "3"})
    ('1', '1 masks=3 sector=2')
    """
    return " ".join([base, *(f"{rule}={version}" for rule, version in sorted(versions.items()))])


RULES_VERSION = version_word(BASE_VERSION, VERSIONS)


def newer_rules(stored: str, current: str = RULES_VERSION) -> frozenset[str]:
    """The rules that have changed between two such words; all of them where that cannot be told.

    >>> sorted(newer_rules("1", "1 sector=2")), newer_rules("1 masks=2", "1 masks=2")
    (['sector'], frozenset())
    >>> newer_rules("0", "1") == newer_rules("1 no_rule=2", "1") == all_rules()
    True
    """
    (old_base, *old), (base, *new) = stored.split(" "), current.split(" ")
    changed = frozenset(word.partition("=")[0] for word in {*old} ^ {*new})
    return changed if old_base == base and changed <= all_rules() else all_rules()


def all_rules() -> frozenset[str]:
    """The names of all rules."""
    return frozenset({*rules(), *RULE_OF.values()})


def tag_report(report: Report, wanted: Collection[str] | None = None) -> Tagged:
    """Everything derived from one report, by all rules or by those wanted. Pure: the same report gives the same values."""
    made = {name: rule(report) for name, rule in PARTS.items() if wanted is None or RULE_OF[name] in wanted}
    return Tagged(tags=tuple(tags_of(report, wanted)), **made)


def tag_batch(
    reports: Iterable[tuple[Report, str | None]], wanted: Collection[str] | None = None
) -> list[Tagged]:
    """The same for reports, each with the region that its source's file gives, if it gives one."""
    return [with_source_region(tag_report(report, wanted), code, wanted) for report, code in reports]


def with_source_region(tagged: Tagged, code: str | None, wanted: Collection[str] | None = None) -> Tagged:
    """Where the text is silent of its region, the one that the file of its source gives."""
    is_asked = wanted is None or "region" in wanted
    if not code or not is_asked or any(tag.name == "region" for tag in tagged.tags):
        return tagged
    # The file's author knows whose site it is. Below what a text itself proves.
    return replace(tagged, tags=(*tagged.tags, Tag("region", code, 0.85, "source file", field="source")))
