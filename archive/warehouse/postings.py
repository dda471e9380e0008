"""Search: which pairs of neighbouring characters a report holds, and how often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from archive.warehouse.folding import fold


@dataclass(frozen=True, slots=True)
class Postings:
    """Parallel columns of `search_postings`, ordered by bigram and then by version."""

    bigram: npt.NDArray[np.uint32]
    version_id: npt.NDArray[np.uint32]
    n: npt.NDArray[np.uint8]
    in_title: npt.NDArray[np.bool_]


# One posting counts at most this often: enough for any ranking, and the count fits a byte.
MOST = 255

# A title's pairs are marked while they are counted by a weight above any number of pairs of a text.
TITLE_MARK = 1 << 32


def bigrams(text: str) -> npt.NDArray[np.uint64]:
    """All pairs of neighbouring letters, digits and Han characters, packed as first * 65536 + second.

    Pairs across punctuation or white space are left out: no word spans them. So are characters outside the
    Basic Multilingual Plane, which the packing cannot hold; they occur in rare names only.

    >>> [hex(pair) for pair in bigrams("床位，A1")]
    ['0x5e8a4f4d', '0x610031']
    """
    folded = fold(text)
    codes = np.frombuffer(folded.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    is_word = _word_characters()[np.minimum(codes, 0xFFFF)]
    both = is_word[:-1] & is_word[1:]
    return (codes[:-1][both] << np.uint64(16)) | codes[1:][both]


@cache
def _word_characters() -> npt.NDArray[np.bool_]:
    """For every code point of the Basic Multilingual Plane whether it is a letter, digit or Han character."""
    return np.array([chr(code).isalnum() for code in range(0x10000)])


def postings(version_ids: Sequence[int], titles: Sequence[str], texts: Sequence[str]) -> Postings:
    """The postings of some texts, of which each has a number."""
    keys, weights = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for number, title, text in zip(version_ids, titles, texts, strict=True):
        for part, weight in ((text, 1), (title, TITLE_MARK)):
            pairs, counts = np.unique(bigrams(part), return_counts=True)
            keys.append((pairs << np.uint64(32)) | np.uint64(number))
            weights.append(counts * weight)
    unique, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    sums = np.zeros(len(unique), np.int64)
    np.add.at(sums, inverse, np.concatenate(weights))
    return Postings(
        (unique >> np.uint64(32)).astype(np.uint32),
        (unique & np.uint64(0xFFFFFFFF)).astype(np.uint32),
        np.minimum(sums % TITLE_MARK + sums // TITLE_MARK, MOST).astype(np.uint8),
        sums >= TITLE_MARK,
    )


# Characters a piece of `search_texts`: 2,048 of them, which are unpacked together, are below a megabyte.
PIECE = 128


def pieces(version_ids: Sequence[int], texts: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows of `search_texts`: the texts in pieces.

    >>> [row["place"] for row in pieces([7], ["长" * 300])]
    [0, 1, 2]
    """
    for number, text in zip(version_ids, texts, strict=True):
        for place, start in enumerate(range(0, len(text), PIECE)):
            yield {"version_id": number, "place": place, "piece": text[start : start + PIECE]}


def add_postings(con: duckdb.DuckDBPyConnection, found: Postings) -> None:
    """Append postings to the archive, as a run of their own."""
    columns = {name: getattr(found, name) for name in Postings.__dataclass_fields__}
    con.register("new_postings", columns)
    con.execute("INSERT INTO search_postings BY NAME SELECT * FROM new_postings")
    con.unregister("new_postings")
    if len(found.version_id):
        span = [int(found.version_id.min()), int(found.version_id.max())]
        con.execute("INSERT INTO search_runs VALUES (?, ?)", span)
