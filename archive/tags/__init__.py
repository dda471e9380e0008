"""One file per tag: `tags/NAME.py` holds `NAME(report) -> list[Tag]`. The folder is the list."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Collection
from functools import cache
from importlib import import_module

from archive.models import Report, Tag


@cache
def rules() -> dict[str, Callable[[Report], list[Tag]]]:
    """Every tag's rule by name, found by looking into this folder (names with a leading _ are shared parts)."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    return {name: getattr(import_module(f"{__name__}.{name}"), name) for name in names}


# What a rule writes where that is more than the tag of its own name.
_WRITES = {
    "is_truncated": ("is_truncated", "shown_ratio", "shown_size", "total_size"),
    "masks": ("masked_ratio", "mask_kinds"),
    "period": ("period_start", "period_end", "period_source", "plan_year"),
    "region": ("region", "region_level", "region_path", "region_code_asof", "region_candidates"),
    "sector": ("sector", "publisher_level"),
    "true_year": ("true_year_lo", "true_year_hi", "redated", "true_year_cue"),
}


def written_by(rule: str) -> tuple[str, ...]:
    """The names of the tags that a rule writes.

    >>> written_by("keywords"), written_by("sector")
    (('keywords',), ('sector', 'publisher_level'))
    """
    return _WRITES.get(rule, (rule,))


def tags_of(report: Report, wanted: Collection[str] | None = None) -> list[Tag]:
    """The tags of a report by all rules, or by those wanted, each with method, confidence and span."""
    return [tag for name, rule in rules().items() if wanted is None or name in wanted for tag in rule(report)]
