"""Families inside the archive: which reports a change touches, what is known of them, and the rows of `families`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import duckdb

from archive.families import Copy, Same, attach, clusters, is_official, members
from archive.models import FamilyMember
from archive.warehouse.columns import append, objects, temp_table

Edge = dict[str, Any]


def refresh_families(con: duckdb.DuckDBPyConnection, touched: Iterable[str]) -> list[FamilyMember]:
    """Solve anew every family that a changed report may belong to, write its rows, and return them."""
    temp_table(con, "kin", {"report_id": objects(sorted(set(touched)))})
    _close_over_relations(con)
    edges = _edges(con)
    copies = _copies(con, edges)
    found = [
        row for family in _families(copies, edges) for row in members(copies[name] for name in sorted(family))
    ]
    con.execute("DELETE FROM families WHERE report_id IN (SELECT report_id FROM kin)")
    if found:
        columns = ("report_id", "canonical_id", "reason", "adds")
        append(con, "families", {name: objects(getattr(row, name) for row in found) for name in columns})
    return found


# What is known of reports, from their narrow rows. The page's own word and the text's word for "only a preview".
_FACTS = """
    SELECT report_id, url, source_kind, published_on, first_seen_at, masked_ratio,
        coalesce(is_truncated, false) OR coalesce(is_tagged_truncated, false) AS is_preview
    FROM report_heads
"""
# A preview hangs on the whole text by containment, everything else by sameness.
_BONDS = f"""
    CREATE OR REPLACE TEMP TABLE bonds AS
    WITH previews AS (SELECT report_id FROM ({_FACTS}) WHERE is_preview)
    SELECT a, b FROM duplicates
    WHERE relation = 'same' OR (relation = 'part_of' AND a IN (FROM previews))
        OR (relation = 'contains' AND b IN (FROM previews))
    UNION ALL SELECT report_id, canonical_id FROM families WHERE report_id <> canonical_id
"""


def _close_over_relations(con: duckdb.DuckDBPyConnection) -> None:
    """Grow temp table `kin` by family members, old and new, until nothing is added."""
    con.execute(_BONDS)
    grown, size = -1, 0
    while grown != size:
        grown = size
        con.execute(
            """
            INSERT INTO kin
            SELECT b FROM bonds WHERE a IN (SELECT report_id FROM kin) AND b NOT IN (SELECT report_id FROM kin)
            UNION
            SELECT a FROM bonds WHERE b IN (SELECT report_id FROM kin) AND a NOT IN (SELECT report_id FROM kin)
            """
        )
        (size,) = con.execute("SELECT count(*) FROM kin").fetchall()[0]


def _edges(con: duckdb.DuckDBPyConnection) -> list[Edge]:
    """The relations among the kin that families depend on."""
    names = ("a", "b", "relation", "similarity", "coverage_a", "coverage_b", "verbatim_a", "verbatim_b")
    rows = con.execute(
        f"""
        SELECT {", ".join(names)} FROM duplicates
        WHERE a IN (SELECT report_id FROM kin) AND b IN (SELECT report_id FROM kin) AND relation <> 'overlaps'
        """
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def _copies(con: duckdb.DuckDBPyConnection, edges: Iterable[Edge]) -> dict[str, Copy]:
    """All that the choice of a canonical report weighs, for every report of the kin that is still compared."""
    shares: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for edge in edges:
        if edge["relation"] == "same":
            shares[edge["a"]].append((edge["coverage_b"], edge["verbatim_a"]))
            shares[edge["b"]].append((edge["coverage_a"], edge["verbatim_b"]))
    rows = con.execute(
        f"""
        SELECT report_id, url, source_kind, published_on, first_seen_at, masked_ratio, is_preview
        FROM (SELECT report_id FROM compared_texts SEMI JOIN kin USING (report_id)) LEFT JOIN ({_FACTS}) USING (report_id)
        """
    ).fetchall()
    return {row[0]: _copy(row, shares[row[0]]) for row in rows}


def _copy(row: tuple[Any, ...], shares: list[tuple[float, float]]) -> Copy:
    name, url, kind, published_on, first_seen_at, masked_ratio, is_preview = row
    return Copy(
        name,
        is_official(url or "", kind),
        bool(is_preview),
        masked_ratio=masked_ratio or 0.0,
        published_on=published_on,
        first_seen_at=first_seen_at,
        completeness=sum(held for held, _ in shares) / len(shares) if shares else 1.0,
        soundness=max((sound for _, sound in shares), default=1.0),
    )


def _families(copies: dict[str, Copy], edges: Iterable[Edge]) -> list[frozenset[str]]:
    edges = [edge for edge in edges if edge["a"] in copies and edge["b"] in copies]
    editions = [(edge["a"], edge["b"]) for edge in edges if edge["relation"] == "edition"]
    same = [Same(edge["a"], edge["b"], edge["similarity"]) for edge in edges if edge["relation"] == "same"]
    return attach(clusters(copies, same, editions), _wholes(copies, edges), editions)


def _wholes(copies: dict[str, Copy], edges: Iterable[Edge]) -> dict[str, str]:
    """Preview -> the report it is the largest part of: its whole text rather than a compilation that holds it too."""
    best: dict[str, tuple[float, str]] = {}
    for edge in edges:
        if edge["relation"] not in ("part_of", "contains"):
            continue
        is_a_part = edge["relation"] == "part_of"
        part, whole = (edge["a"], edge["b"]) if is_a_part else (edge["b"], edge["a"])
        share = edge["coverage_b"] if is_a_part else edge["coverage_a"]
        if copies[part].is_truncated and not copies[whole].is_truncated:
            best[part] = max(best.get(part, (0.0, "")), (share, whole))
    return {part: whole for part, (_, whole) in best.items()}
