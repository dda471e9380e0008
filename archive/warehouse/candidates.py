"""Which reports could be related: a join of stored fingerprints that leaves out boilerplate and never explodes."""

from __future__ import annotations

from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

# A hash that stands in more unrelated groups of reports than this is everybody's text. 5 to 40 gave the same F1.
BOILERPLATE_GROUPS = 12
# … and groups must be more than this share of its reports: of a report copied a thousand times some copies are so
# damaged that they look like groups of their own.
GROUPS_PER_REPORT = 1 / 8
# A report is its own group if less than this share of its hashes stands in any other report.
MOSTLY_OWN = 0.4
# Up to this many reports with one hash are all compared with one another; a later one only with the first few.
# So 100,000 copies of one page cost 100,000 times a few comparisons, not their square.
ALL_PAIRS, LEADERS = 20, 4
# Two shared hashes may be chance plus a phrase: a pair must also share this much of the smaller fingerprint.
MIN_SHARED, MIN_SHARE = 2, 0.1


class Candidates(NamedTuple):
    """Pairs to compare, as numbers of documents, the later one first."""

    later: NDArray[np.uint32]
    earlier: NDArray[np.uint32]


def learn_boilerplate(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `boilerplate` from all stored fingerprints; the outcome depends on the texts alone, not on their order.

    A report copied a hundred times must stay findable, so not reports are counted but groups of them. Copies mostly
    have the same smallest hash (among those that occur twice, so that damage to one copy makes no new group);
    unrelated reports rarely do, and one that shares little with any other needs no such test.
    """
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE hash_counts AS
            SELECT hash, count(*) AS n FROM fingerprints GROUP BY hash HAVING count(*) > 1
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE group_keys AS
            SELECT doc_no, if(count(*) < $own * any_value(n_hashes), doc_no, min(hash)) AS key
            FROM fingerprints SEMI JOIN hash_counts USING (hash) JOIN compared_texts USING (doc_no)
            GROUP BY doc_no
        """,
        {"own": MOSTLY_OWN},
    )
    con.execute("DELETE FROM boilerplate")
    con.execute(
        """
        INSERT INTO boilerplate
        SELECT hash, count(DISTINCT key) AS n_groups
        FROM (SELECT hash, n FROM hash_counts WHERE n > $groups) JOIN fingerprints USING (hash) JOIN group_keys USING (doc_no)
        GROUP BY hash
        HAVING n_groups > $groups AND n_groups > $share * any_value(n)
        ORDER BY hash
        """,
        {"groups": BOILERPLATE_GROUPS, "share": GROUPS_PER_REPORT},
    )
    con.execute("DROP TABLE hash_counts; DROP TABLE group_keys")


def boilerplate(con: duckdb.DuckDBPyConnection) -> NDArray[np.uint64]:
    """The hashes that count for nothing, ascending."""
    return np.sort(con.execute("SELECT hash FROM boilerplate").fetchnumpy()["hash"])


def find_candidates(con: duckdb.DuckDBPyConnection) -> Candidates:
    """Pairs of each document of temp table `batch` with any document, but none twice for batches of one `scope`.

    A pair is found from the batch of its later document, or from that of its earlier one if the later one is not
    in the scope at all.
    """
    con.execute(_BUCKETS)
    found = con.execute(
        _PAIRS, {"all": ALL_PAIRS, "leaders": LEADERS, "shared": MIN_SHARED, "share": MIN_SHARE}
    ).fetchnumpy()
    con.execute("DROP TABLE buckets")
    return Candidates(found["later"], found["earlier"])


# All documents with a hash of the batch, numbered by arrival within each hash.
_BUCKETS = """
    CREATE OR REPLACE TEMP TABLE buckets AS
    SELECT hash, doc_no, row_number() OVER (PARTITION BY hash ORDER BY doc_no) AS rank
    FROM fingerprints
    WHERE hash IN (
        SELECT hash FROM fingerprints SEMI JOIN batch USING (doc_no) ANTI JOIN boilerplate USING (hash)
    )
"""

_PAIRS = """
    WITH shared AS (
        SELECT x.doc_no AS later, y.doc_no AS earlier
        FROM (SELECT * FROM buckets SEMI JOIN batch USING (doc_no)) x
        JOIN (SELECT * FROM buckets WHERE rank <= $all) y
            ON x.hash = y.hash AND y.doc_no < x.doc_no AND (x.rank <= $all OR y.rank <= $leaders)
        UNION ALL
        SELECT x.doc_no, y.doc_no
        FROM (SELECT * FROM buckets ANTI JOIN scope USING (doc_no)) x
        JOIN (SELECT * FROM buckets SEMI JOIN batch USING (doc_no) WHERE rank <= $all) y
            ON x.hash = y.hash AND y.doc_no < x.doc_no AND (x.rank <= $all OR y.rank <= $leaders)
    ), counted AS (
        SELECT later, earlier, count(*) AS n FROM shared GROUP BY ALL HAVING n >= $shared
    ), exact AS (
        SELECT x.doc_no AS later, min(y.doc_no) AS earlier
        FROM (SELECT * FROM compared_texts SEMI JOIN batch USING (doc_no)) x JOIN compared_texts y USING (exact_digest)
        GROUP BY x.doc_no
        HAVING earlier < later
    )
    SELECT later, earlier
    FROM counted
    JOIN compared_texts x ON x.doc_no = later JOIN compared_texts y ON y.doc_no = earlier
    WHERE n >= $share * least(x.n_hashes, y.n_hashes)
    UNION
    SELECT later, earlier FROM exact
    ORDER BY later, earlier
"""
