"""Duplicates of a file of texts: the archive's own tables, made in memory for one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
_REPORTS = """
    CREATE TABLE reports (report_id VARCHAR, url VARCHAR, source_kind VARCHAR, is_truncated BOOLEAN,
        published_on DATE, first_seen_at TIMESTAMP);
    CREATE TABLE tags (report_id VARCHAR, name VARCHAR, value VARCHAR)
"""


def dedupe_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Compare all rows {id, text, url, title, published_on} (all but id and text optional) with each other.

    Yields {a, b, relation, similarity} for every related pair and then {id, canonical} for every row, ids as given
    but as text. Of several rows with one id the last counts.
    """
    with duckdb.connect(":memory:") as con:
        con.execute(_TABLES.read_text("utf-8"))
        con.execute(_REPORTS)
        known = {str(row["id"]): row for row in rows}
        _fill(con, known)
        deduplicate(con)
        pairs = con.execute("SELECT a, b, relation, similarity FROM duplicates ORDER BY a, b").fetchall()
        yield from (dict(zip(("a", "b", "relation", "similarity"), pair, strict=True)) for pair in pairs)
        families = con.execute("SELECT report_id, canonical_id FROM families ORDER BY report_id").fetchall()
        yield from ({"id": name, "canonical": canonical} for name, canonical in families)


def _fill(con: duckdb.DuckDBPyConnection, known: Mapping[str, Mapping[str, Any]]) -> None:
    add_fingerprints(con, rows_of({name: row["text"] or "" for name, row in known.items()}))
    insert(con, "reports", (_report_row(name, row) for name, row in known.items()))
    insert(con, "tags", (tag for name, row in known.items() for tag in _tag_rows(name, row)))


def _report_row(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "report_id": name,
        "url": row.get("url"),
        "is_truncated": False,
        "published_on": row.get("published_on"),
    }


def _tag_rows(name: str, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    report = Report(title=row.get("title") or "", text=row["text"] or "")
    for tag in [*masks(report), *is_truncated(report)]:
        if tag.name in ("masked_ratio", "is_truncated"):
            yield {"report_id": name, "name": tag.name, "value": str(tag.value).lower()}
