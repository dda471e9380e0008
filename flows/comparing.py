"""Pairs of texts compared by workers: what the `deduplicate` flow hands to the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.warehouse import Compare, Portion, Related, compare_portion
from flows.workers import Workers


def spread(pool: Workers) -> Compare:
    """A way to compare portions of candidate pairs that uses these workers; the rows come in the same order."""

    def compare(portions: Iterable[Portion]) -> Iterator[list[Related]]:
        return pool.results(compare_portion, ((portion,) for portion in portions))

    return compare
