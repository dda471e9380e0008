"""Runs of sorted postings: each load appends one, and neighbours merge, so that a search never reads many.

This is the merge of log-structured storage (O'Neil and others 1996). The whole is never sorted anew: merging takes time in
proportion to what it merges, a posting is moved about once for each doubling of its run, and a run that has grown to
LONGEST is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

# Versions in a run. Twice as many would save a search a few row groups for each pair, and double the longest merge
# (tests/benchmarks/search_load.py shows what merging costs).
LONGEST = 131_072


def n_to_merge(lengths: Sequence[int]) -> int:
    """How many of the last runs should become one, given the lengths of all, oldest first. 0: none.

    A run joins those after it when they have grown as long as it is, so that afterwards every run is longer than all that
    follow it, or cannot grow any more.

    >>> n_to_merge([8, 2, 1, 1]), n_to_merge([8, 2, 1]), n_to_merge([]), n_to_merge([LONGEST, 9, LONGEST])
    (3, 0, 0, 0)
    """
    merged = sum(lengths[-1:])
    n = 1
    while n < len(lengths) and lengths[-n - 1] <= merged and merged + lengths[-n - 1] <= LONGEST:
        merged += lengths[-n - 1]
        n += 1
    return n if n > 1 else 0


def merge_runs(con: duckdb.DuckDBPyConnection) -> int:
    """Merge the last runs where it is due, leaving out what is of no current version. The number of runs merged."""
    runs = con.execute(
        "SELECT first_version, last_version FROM search_runs ORDER BY first_version"
    ).fetchall()
    n = n_to_merge([last - first + 1 for first, last in runs])
    if n:
        first, last = runs[-n][0], runs[-1][1]
        newest = con.execute("SELECT max(rowid) FROM search_postings").fetchall()[0][0]
        con.execute(
            f"""INSERT INTO search_postings SELECT p.* FROM search_postings p
            SEMI JOIN report_heads h ON h.version_id = p.version_id
            WHERE p.version_id >= {first} ORDER BY p.bigram, p.version_id"""
        )
        con.execute(f"DELETE FROM search_postings WHERE version_id >= {first} AND rowid <= {newest or -1}")
        con.execute("DELETE FROM search_runs WHERE first_version >= ?", [first])
        con.execute("INSERT INTO search_runs VALUES (?, ?)", [first, last])
    return n
