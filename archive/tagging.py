"""All that the rules say of one report: tags, outline, indicators and citations."""

from __future__ import annotations

from archive.citations import citations
from archive.indicators import indicators
from archive.models import Report, Tagged
from archive.outline import outline
from archive.tags import tags_of

# Raised whenever a rule or table changes what it says: reports tagged under another version are tagged again.
RULES_VERSION = "1"


def tag_report(report: Report) -> Tagged:
    """Everything derived from one report. Pure: the same report gives the same values."""
    return Tagged(
        tags=tuple(tags_of(report)),
        sections=outline(report.text),
        indicators=indicators(report),
        citations=citations(report),
    )
