"""Text as searched: width, case and traditional forms folded, by the same table in Python and in the archive."""

from __future__ import annotations

import duckdb

from archive.text import simplify
from archive.warehouse.bulk import insert


def fold(text: str) -> str:
    """The text as it is searched: half width, simplified, lower case.

    >>> fold("衛生ＡＢ１")
    '卫生ab1'
    """
    return simplify(text).lower()


def save_folding(con: duckdb.DuckDBPyConnection) -> None:
    """Put the character table into the archive, so that a query in plain SQL folds as the loader did."""
    con.execute("DELETE FROM search_folding")
    pairs = ((c, fold(c)) for c in map(chr, range(0x80, 0x10000)) if c.isalnum())
    insert(con, "search_folding", ({"shown": c, "folded": f} for c, f in pairs if f != c and len(f) == 1))
