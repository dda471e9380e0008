"""Reports tagged by older rules, tagged again in batches, as plain functions: what the `tag` flow runs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from archive.tagging import RULES_VERSION, newer_rules
from archive.warehouse import Home, Outdated, open_writer
from flows.transform import tag_outdated
from flows.workers import Workers

# Reports a batch: some 5 MB of text, and seconds of work.
BATCH = 500


def retag_all(home: Home, pool: Workers, rules_version: str = RULES_VERSION) -> Iterator[int]:
    """Tag what is outdated, by the rules that changed; after each batch the number of its reports.

    Between batches the archive is free for others; a report that one of them changes meanwhile keeps its newer tags.
    """
    for (found, wanted), result in pool.in_order(tag_outdated, _batches(home, rules_version)):
        tagged = result()
        with open_writer(home) as writer:
            n = writer.retag(zip(found, tagged, strict=True), rules_version, wanted)
        yield n


def _batches(home: Home, rules_version: str) -> Iterator[tuple[list[Outdated], frozenset[str]]]:
    """Reports that the same rules are newer than, and those rules."""
    with open_writer(home) as writer:
        todo = writer.outdated(rules_version)
    for stored, rows in groupby(todo, key=lambda row: row[0]):
        names = [name for _, name in rows]
        for start in range(0, len(names), BATCH):
            with open_writer(home) as writer:
                found = writer.reports_to_retag(names[start : start + BATCH])
            yield found, newer_rules(stored, rules_version)
