"""One file per tag: `tags/NAME.py` holds `NAME(report) -> list[Tag]`. The folder is the list."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module

from archive.models import Report, Tag


@cache
def rules() -> dict[str, Callable[[Report], list[Tag]]]:
    """Every tag's rule by name, found by looking into this folder (names with a leading _ are shared parts)."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    return {name: getattr(import_module(f"{__name__}.{name}"), name) for name in names}


def tags_of(report: Report) -> list[Tag]:
    """All tags of a report, each with method, confidence and span."""
    return [tag for rule in rules().values() for tag in rule(report)]
