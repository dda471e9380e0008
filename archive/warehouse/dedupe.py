"""Finds duplicates inside the archive: stored fingerprints in, relations and families out.

Every relation depends on two texts and on the list of boilerplate, and every family on the relations among its
reports, so a batch at a time and the whole archive at once come to the same rows. Two limits: beyond LEARN_EACH_RUN
reports the list waits for the next run over the whole archive, and of more than `candidates.ALL_PAIRS` copies of one
text which pairs have a row depends on which came first, while their family does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import duckdb
import numpy as np
from numpy.typing import NDArray

from archive.duplicates import RULES_VERSION
from archive.models import Relation
from archive.warehouse.candidates import boilerplate, find_candidates, learn_boilerplate
from archive.warehouse.columns import append, objects, temp_table
from archive.warehouse.compared import (
    FingerprintRow,
    add_fingerprints,
    forget,
    rows_of,
)
from archive.warehouse.kin import refresh_families
from archive.warehouse.verify import Compare, compare_here, portions

# What the loader needs of comparison, under one name.
__all__ = [
    "DedupeSummary",
    "FingerprintRow",
    "add_fingerprints",
    "deduplicate",
    "forget",
    "in_words",
    "rows_of",
]

# Up to this many reports the boilerplate is learned anew at every run, which costs under a second; beyond, only when
# the whole archive is compared, because learning reads every fingerprint.
LEARN_EACH_RUN = 20_000
# Documents compared in one go: their packed texts and those of all their candidates are in memory together.
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class DedupeSummary:
    """What a run did. `relations`: kind -> number of rows written; `new_copies`: report -> its canonical report."""

    n_compared: int = 0
    n_candidates: int = 0
    relations: Mapping[str, int] = field(default_factory=dict)
    n_families: int = 0
    new_copies: Mapping[str, str] = field(default_factory=dict)


def deduplicate(
    con: duckdb.DuckDBPyConnection, new_ids: Sequence[str] | None = None, compare: Compare = compare_here
) -> DedupeSummary:
    """Compare reports with the archive, or all reports with each other (`None`); `compare` does it for pairs of texts.

    `new_ids` are compared in any case; so is whatever was added, changed or left alone by a withdrawn copy since the
    last run. Reads of report_heads what the choice of the canonical copy needs; writes duplicates, families and
    boilerplate. The caller commits.
    """
    _set_scope(con, new_ids)
    touched = _clear_relations(con)
    kinds: Counter[str] = Counter()
    n_compared = n_candidates = 0
    known = boilerplate(con)
    for batch in _batches(con):
        found = find_candidates(con)
        relations = list(chain.from_iterable(compare(portions(con, found, known))))
        _store(con, relations)
        n_compared, n_candidates = n_compared + len(batch), n_candidates + len(found.later)
        kinds.update(relation.relation for _, _, relation in relations)
    families = refresh_families(con, touched)
    con.execute("DELETE FROM unsettled")
    copies = {m.report_id: m.canonical_id for m in families if m.report_id != m.canonical_id}
    new = set(new_ids) if new_ids is not None else copies.keys()
    return DedupeSummary(
        n_compared,
        n_candidates,
        dict(kinds),
        len({member.canonical_id for member in families}),
        {name: copies[name] for name in sorted(copies) if name in new},
    )


def _set_scope(con: duckdb.DuckDBPyConnection, new_ids: Sequence[str] | None) -> None:
    """Temp table `scope`: the documents to compare anew; boilerplate learned where that is due."""
    (n_texts,) = con.execute("SELECT count(*) FROM compared_texts").fetchall()[0]
    if new_ids is None:
        learn_boilerplate(con)
        con.execute("CREATE OR REPLACE TEMP TABLE scope AS SELECT doc_no, report_id FROM compared_texts")
        return
    temp_table(con, "asked", {"report_id": objects(new_ids)})
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE scope AS
        SELECT doc_no, report_id FROM compared_texts
        WHERE report_id IN (FROM asked UNION FROM unsettled)
        """
    )
    if n_texts <= LEARN_EACH_RUN:
        _relearn(con)


def _relearn(con: duckdb.DuckDBPyConnection) -> None:
    """Learn the boilerplate; documents with a passage whose standing changed come into the scope."""
    con.execute("CREATE OR REPLACE TEMP TABLE former_boilerplate AS SELECT hash FROM boilerplate")
    learn_boilerplate(con)
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE changed AS
            (SELECT hash FROM boilerplate EXCEPT FROM former_boilerplate)
            UNION ALL (FROM former_boilerplate EXCEPT SELECT hash FROM boilerplate);
        INSERT INTO scope
            SELECT doc_no, report_id
            FROM compared_texts
            WHERE doc_no IN (SELECT doc_no FROM fingerprints SEMI JOIN changed USING (hash))
                AND doc_no NOT IN (SELECT doc_no FROM scope)
        """
    )


def _clear_relations(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Drop what is stored of the scope. Returns the reports whose families may change: the scope and its relations."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE stale AS
        SELECT a, b FROM duplicates
        WHERE a IN (SELECT report_id FROM scope) OR b IN (SELECT report_id FROM scope)
        """
    )
    touched = con.execute(
        "SELECT report_id FROM scope UNION SELECT a FROM stale UNION SELECT b FROM stale"
    ).fetchall()
    con.execute("DELETE FROM duplicates USING stale WHERE duplicates.a = stale.a AND duplicates.b = stale.b")
    return {name for (name,) in touched}


def _batches(con: duckdb.DuckDBPyConnection) -> Iterator[NDArray[np.uint32]]:
    """The scope in portions, each as temp table `batch`."""
    numbers = np.sort(con.execute("SELECT doc_no FROM scope").fetchnumpy()["doc_no"])
    for start in range(0, len(numbers), BATCH):
        portion = numbers[start : start + BATCH]
        temp_table(con, "batch", {"doc_no": portion})
        yield portion


def _store(con: duckdb.DuckDBPyConnection, relations: Sequence[tuple[str, str, Relation]]) -> None:
    if not relations:
        return
    plain = (
        "relation",
        "similarity",
        "coverage_a",
        "coverage_b",
        "verbatim_a",
        "verbatim_b",
        "rewritten_ratio",
    )
    counts = ("n_figures_agree", "n_figures_conflict")
    append(con, "duplicates", {
        "a": objects(a for a, _, _ in relations),
        "b": objects(b for _, b, _ in relations),
        **{name: np.array([getattr(r, name) for _, _, r in relations]) for name in plain[1:] + counts},
        "relation": objects(r.relation for _, _, r in relations),
        "spans": objects([list(span) for span in r.spans] for _, _, r in relations),
        "evidence": objects(in_words(r) for _, _, r in relations),
        "version": objects(RULES_VERSION for _ in relations),
    })  # fmt: skip


def in_words(relation: Relation) -> str:
    """The evidence for a relation, for a person.

    >>> in_words(Relation("same", 0.97, 0.98, 0.96, 12, 1))
    '甲文98%见于乙文，乙文96%见于甲文；同一位置的数字12处一致、1处不同'
    """
    shares = f"甲文{relation.coverage_a:.0%}见于乙文，乙文{relation.coverage_b:.0%}见于甲文"
    return f"{shares}；同一位置的数字{relation.n_figures_agree}处一致、{relation.n_figures_conflict}处不同"
