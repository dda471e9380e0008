"""Which contradictions in what a run brought, or in the whole archive, a person must be told of. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator

from archive.warehouse.doubts import Doubts
from crawlers.source import Source
from flows.alarms import SHARE_BEFORE, SHARE_NOW, Cause

# Shares of fewer reports than this are luck; so are those of an archive that has only begun.
FEWEST, FEWEST_IN_ARCHIVE = 5, 50
# A slip of an editor dates one report into the future; a tenth of them is a reader that reads another date.
MOST_FUTURE = 0.1
# Copies of one report come from several sites: half of a run's reports in one family are no copies of each other.
MOST_IN_ONE_FAMILY = 0.5
# Of the whole archive no family comes near: a hundred sites copy one report, and the archive holds thousands.
MOST_OF_ARCHIVE_IN_ONE_FAMILY = 0.1
# Two years of one agency are editions, never one family; a tag may err on a year here and there.
MOST_MIXED = 0.2


def causes_of(source: Source, now: Doubts, before: Doubts) -> Iterator[Cause]:
    """Causes for alarm in what a run brought; `before` is what earlier runs of the source left."""
    if (
        _is_above(now.n_apart, now.n_compared, SHARE_NOW)
        and before.n_apart < SHARE_BEFORE * before.n_compared
    ):
        yield Cause(
            "dates apart",
            f"{source.title}: {now.n_apart} of {now.n_compared} reports have another date than their list page shows, before "
            f"{before.n_apart} of {before.n_compared}. Freeze one and look at its reading.",
        )
    if _is_above(now.n_future, now.n_dated, MOST_FUTURE):
        yield Cause(
            "dates in the future",
            f"{source.title}: {now.n_future} of {now.n_dated} reports are dated after they were fetched. "
            "Freeze one and look at its reading.",
        )
    for what, n, most in (
        ("one family", now.n_in_largest_family, MOST_IN_ONE_FAMILY),
        ("mixed families", now.n_in_mixed_families, MOST_MIXED),
    ):
        if _is_above(n, now.n_reports, most):
            yield Cause(
                what,
                f"{source.title}: {n} of {now.n_reports} reports of the run are in {_EXPLAINED[what]}. "
                '`workreports sql "FROM largest_families LIMIT 20"` shows them.',
            )


_EXPLAINED = {
    "one family": "one family, as copies of one report",
    "mixed families": "families that join different years of government sites",
}


def faults_of(archive: Doubts) -> Iterator[str]:
    """What `workreports doctor` says of the whole archive."""
    if archive.n_reports < FEWEST_IN_ARCHIVE:
        return
    if _is_above(archive.n_apart, archive.n_compared, SHARE_NOW):
        yield f"{archive.n_apart} of {archive.n_compared} reports have another date than their list page shows"
    if _is_above(archive.n_future, archive.n_dated, MOST_FUTURE):
        yield f"{archive.n_future} of {archive.n_dated} reports are dated after they were fetched"
    if _is_above(archive.n_in_largest_family, archive.n_reports, MOST_OF_ARCHIVE_IN_ONE_FAMILY):
        yield f"{archive.n_in_largest_family} of {archive.n_reports} reports are in one family, as copies of one report"
    if _is_above(archive.n_in_mixed_families, archive.n_reports, MOST_MIXED):
        yield f"{archive.n_in_mixed_families} of {archive.n_reports} reports are in {_EXPLAINED['mixed families']}"


def _is_above(n: int, of: int, most: float) -> bool:
    return n >= FEWEST and n > most * of
