"""Whether candidate pairs are related: their texts compared, in portions that may go to other processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from archive.duplicates import Document, document, relate
from archive.models import Relation
from archive.warehouse.candidates import Candidates
from archive.warehouse.compared import stored_texts, unpacked

# A portion ends at this many pairs or bytes of packed texts: seconds of work, and little to send.
PAIRS, BYTES = 1_000, 4_000_000
# Prepared texts kept at hand, 0.2 MB each.
KEPT = 500

Related = tuple[str, str, Relation]


@dataclass(frozen=True, slots=True)
class Portion:
    """Pairs of documents by number, number -> (report, packed text), and the hashes that count for nothing."""

    pairs: tuple[tuple[int, int], ...]
    texts: Mapping[int, tuple[str, bytes]]
    boilerplate: NDArray[np.uint64]


# Portions in, their relations out in the same order.
Compare = Callable[[Iterable[Portion]], Iterator[list[Related]]]


def portions(
    con: duckdb.DuckDBPyConnection, found: Candidates, boilerplate: NDArray[np.uint64]
) -> Iterator[Portion]:
    """The candidates of a batch with their texts."""
    numbers = np.unique(np.concatenate([found.later, found.earlier]))
    stored = {doc_no: (name, body) for doc_no, name, _, body in stored_texts(con, numbers)}
    pairs: list[tuple[int, int]] = []
    texts: dict[int, tuple[str, bytes]] = {}
    n_bytes = 0
    for pair in zip(found.later.tolist(), found.earlier.tolist(), strict=True):
        pairs.append(pair)
        n_bytes += sum(len(stored[number][1]) for number in pair if number not in texts)
        texts |= {number: stored[number] for number in pair}
        if len(pairs) == PAIRS or n_bytes >= BYTES:
            yield Portion(tuple(pairs), texts, boilerplate)
            pairs, texts, n_bytes = [], {}, 0
    if pairs:
        yield Portion(tuple(pairs), texts, boilerplate)


def compare_here(given: Iterable[Portion]) -> Iterator[list[Related]]:
    """Compare in this process."""
    return map(compare_portion, given)


def compare_portion(portion: Portion) -> list[Related]:
    """The pairs that are related, named so that a < b. Pure."""
    ready: dict[bytes, Document] = {}
    found: list[Related] = []
    for pair in portion.pairs:
        x, y = sorted(pair, key=lambda number: portion.texts[number][0])
        relation = relate(_document(portion, x, ready), _document(portion, y, ready))
        if relation is not None:
            found.append((portion.texts[x][0], portion.texts[y][0], relation))
    return found


def _document(portion: Portion, number: int, ready: dict[bytes, Document]) -> Document:
    """The document made ready; one for all copies of the same text."""
    body = portion.texts[number][1]
    if body in ready:
        ready[body] = ready.pop(body)  # used last, dropped last
    else:
        if len(ready) >= KEPT:
            ready.pop(next(iter(ready)))
        ready[body] = document(unpacked(body), portion.boilerplate)
    return ready[body]
