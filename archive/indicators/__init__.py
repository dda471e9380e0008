"""The numeric facts of a report: name, value, unit, comparison, period, target or actual, section."""

from __future__ import annotations

from archive.indicators.reading import indicators

__all__ = ["indicators"]
