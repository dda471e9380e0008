"""Duplicates of a file of texts: the archive's own tables, made in memory for one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from archive.models import Report
from archive.tags.is_truncated import is_truncated
from archive.tags.masks import masks
from archive.warehouse.bulk import insert
from archive.warehouse.dedupe import add_fingerprints, deduplicate, rows_of

_TABLES = Path(__file__).parent.parent / "schema" / "002_dedupe.sql"

# What the choice of the canonical copy reads, as the archive has it.
_HEADS = """
    CREATE TABLE report_heads (report_id VARCHAR, url VARCHAR, source_kind VARCHAR, published_on DATE,
        first_seen_at TIMESTAMP, masked_ratio DOUBLE, is_truncated BOOLEAN, is_tagged_truncated BOOLEAN)
"""


def dedupe_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Compare all rows {id, text, url, title, published_on} (all but id and text optional) with each other.

    Yields {a, b, relation, similarity} for every related pair and then {id, canonical} for every row, ids as given
    but as text. Of several rows with one id the last counts.
    """
    with duckdb.connect(":memory:") as con:
        create_tables(con)
        known = {str(row["id"]): row for row in rows}
        _fill(con, known)
        deduplicate(con)
        pairs = con.execute("SELECT a, b, relation, similarity FROM duplicates ORDER BY a, b").fetchall()
        yield from (dict(zip(("a", "b", "relation", "similarity"), pair, strict=True)) for pair in pairs)
        families = con.execute("SELECT report_id, canonical_id FROM families ORDER BY report_id").fetchall()
        yield from ({"id": name, "canonical": canonical} for name, canonical in families)


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of comparison and the columns of report_heads that it reads, in an empty data base."""
    con.execute(_TABLES.read_text("utf-8"))
    con.execute(_HEADS)


def _fill(con: duckdb.DuckDBPyConnection, known: Mapping[str, Mapping[str, Any]]) -> None:
    add_fingerprints(con, rows_of({name: row.get("text") or "" for name, row in known.items()}))
    insert(con, "report_heads", (_head(name, row) for name, row in known.items()))


def _head(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    report = Report(title=row.get("title") or "", text=row.get("text") or "")
    tags = {tag.name: tag.value for tag in [*masks(report), *is_truncated(report)]}
    return {
        "report_id": name,
        "url": row.get("url"),
        "published_on": _day(row.get("published_on")),
        "masked_ratio": tags.get("masked_ratio"),
        "is_tagged_truncated": tags.get("is_truncated"),
    }


def _day(value: Any) -> date | None:
    """A day, None for anything that is not one: a file's dates decide between copies and nothing else.

    >>> _day("2023-01-05"), _day("2023年1月"), _day(None)
    (datetime.date(2023, 1, 5), None, None)
    """
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
