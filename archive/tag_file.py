"""Rows in, tagged rows out: what `workreports tag` does between reading and writing its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from archive.models import Report, Tag
from archive.tagging import tag_report

# Tags that hold a set: their values are lists in `tags`, one value each in `evidence`.
SET_VALUED = ("report_types", "keywords", "mask_kinds", "damage", "true_year_cue")


def tag_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each row with `tags`, `evidence`, `sections`, `indicators` and `citations` added.

    A row is {id, title, text, url, publisher, published_on, index_no, doc_no, site_id_code}; all but id may be missing,
    null or of the wrong type, which counts as missing.
    """
    for row in rows:
        tagged = tag_report(_report(row))
        yield {
            **row,
            "tags": tag_values(tagged.tags),
            "evidence": [asdict(tag) for tag in tagged.tags],
            "sections": [asdict(section) for section in tagged.sections],
            "indicators": [asdict(indicator) for indicator in tagged.indicators],
            "citations": [asdict(citation) for citation in tagged.citations],
        }


def tag_values(tags: Iterable[Tag]) -> dict[str, Any]:
    """Tags as name -> value; a set-valued tag as a list.

    >>> tag_values([Tag("report_types", "annual", 0.9, "title"), Tag("region", "429006", 0.9, "publisher")])
    {'report_types': ['annual'], 'region': '429006'}
    """
    values: dict[str, Any] = {}
    for tag in tags:
        if tag.name in SET_VALUED or tag.name in values:
            held = values.setdefault(tag.name, [])
            values[tag.name] = [*held, tag.value] if isinstance(held, list) else [held, tag.value]
        else:
            values[tag.name] = tag.value
    return values


def _report(row: Mapping[str, Any]) -> Report:
    def string(name: str) -> str:
        value = row.get(name)
        return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""

    return Report(
        url=string("url"),
        title=string("title"),
        text=string("text"),
        publisher=string("publisher") or None,
        published_on=_date(row.get("published_on")),
        index_no=string("index_no") or None,
        doc_no=string("doc_no") or None,
        site_id_code=string("site_id_code") or None,
    )


def _date(value: object) -> date | None:
    """The date of an ISO string, or None.

    >>> _date("2022-02-18T11:12:00"), _date("unknown")
    (datetime.date(2022, 2, 18), None)
    """
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
