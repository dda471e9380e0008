"""Tags as typed columns: what most questions filter and group by stands beside the report itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date

from archive.models import Tag, Tagged

Value = str | int | float | bool | None


def _word(value: Value) -> str | None:
    return None if value is None else str(value)


def _whole(value: Value) -> int | None:
    """A whole number, or None.

    >>> _whole("2021"), _whole("20XX"), _whole(2007)
    (2021, None, 2007)
    """
    word = str(value)
    return int(word) if word.lstrip("-").isdecimal() else None


def _ratio(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _day(value: Value) -> str | None:
    """A day as YYYY-MM-DD, or None.

    >>> _day("2021-12-31"), _day("2021")
    ('2021-12-31', None)
    """
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return None


def _flag(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


# Tag -> how its value becomes the type of the column of that name.
SINGLE: Mapping[str, Callable[[Value], Value]] = {
    **dict.fromkeys(
        ("plan_year", "period_source", "region", "region_code_asof", "region_level", "region_path"), _word
    ),
    **dict.fromkeys(("sector", "publisher_level", "provenance", "redated"), _word),
    **dict.fromkeys(("true_year_lo", "true_year_hi"), _whole),
    **dict.fromkeys(("masked_ratio", "shown_ratio"), _ratio),
    **dict.fromkeys(("period_start", "period_end"), _day),
    "is_truncated": _flag,
}
# Tags of which a report has several values -> column. The page's own keywords are another column.
SEVERAL = {
    "report_types": "report_types",
    "keywords": "policy_terms",
    "mask_kinds": "mask_kinds",
    "damage": "damage",
}
# Tags whose column has another name: `is_truncated` is also what the page itself says.
RENAMED = {"is_truncated": "is_tagged_truncated", "region_code_asof": "region_at_time"}
COLUMNS = (*(RENAMED.get(name, name) for name in SINGLE), *SEVERAL.values(), "year")


def columns_of(tags: Collection[str]) -> list[str]:
    """The typed columns that hold what these tags say.

    >>> columns_of(["sector", "period_end", "citations"])
    ['sector', 'period_end', 'year']
    """
    held = {name: RENAMED.get(name, name) for name in SINGLE} | SEVERAL
    found = [held[name] for name in tags if name in held]
    return found + ["year"] * ("period_end" in tags or "plan_year" in tags)


def facets(tagged: Tagged) -> dict[str, object]:
    """The typed columns of a report's tags: None, or an empty list, where no tag says anything.

    Of several values the one of the highest confidence stands. `year` is the year that the report is about: of the
    end of the period it covers, else the year it plans.
    """
    best = _best(tagged.tags)
    row: dict[str, object] = {
        RENAMED.get(name, name): convert(best.get(name)) for name, convert in SINGLE.items()
    }
    for name, column in SEVERAL.items():
        row[column] = list(dict.fromkeys(str(tag.value) for tag in tagged.tags if tag.name == name))
    row["year"] = _whole(str(row["period_end"] or row["plan_year"] or "")[:4])
    return row


def _best(tags: tuple[Tag, ...]) -> dict[str, Value]:
    best: dict[str, Tag] = {}
    for tag in tags:
        if tag.name not in best or tag.confidence > best[tag.name].confidence:
            best[tag.name] = tag
    return {name: tag.value for name, tag in best.items()}
