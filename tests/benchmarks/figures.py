"""Puts the figures of a campaign into docs/reliability.md, between two marks that name the campaign."""

from __future__ import annotations

import re
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "reliability.md"


def write(name: str, figures: str, document: Path = DOCUMENT) -> None:
    """Replace what stands between `<!-- NAME -->` and `<!-- end of NAME -->`.

    Raises:
        ValueError: the document has no such place, or more than one.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    place = re.compile(f"(?s)(?<={re.escape(begin)}\n).*?(?={re.escape(end)})")
    text, n = place.subn(lambda _: f"{figures.strip()}\n", document.read_text("utf-8"))
    if n != 1:
        raise ValueError(f"{document}: {n} places are marked {begin}, not one.")
    document.write_text(text, "utf-8")
