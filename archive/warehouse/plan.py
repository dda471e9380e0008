"""What a batch of readings means for the archive: pure decisions, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from archive.models import Reading, text_digest
from archive.warehouse.bulk import utc
from archive.warehouse.rows import Row, head_row, id_of, reading_digest, version_row

Verdict = Literal["new", "changed", "read_anew", "unchanged", "late"]


@dataclass(frozen=True, slots=True)
class Head:
    """What the archive holds of a report before this batch."""

    version: int
    version_id: int
    text_digest: str
    reading_digest: str
    first_seen_at: datetime
    last_seen_at: datetime
    captured_at: datetime
    warc_digest: str | None
    is_withdrawn: bool = False


@dataclass(slots=True)
class Plan:
    """The rows that one batch brings, by table, and what it does to each report."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    heads: list[Row] = field(default_factory=list)
    versions: list[Row] = field(default_factory=list)
    replaced: list[Reading] = field(default_factory=list)  # readings whose derived rows are written anew
    seen: dict[str, datetime] = field(default_factory=dict)  # report ids that were seen again as they are

    def ids(self, *verdicts: Verdict) -> tuple[str, ...]:
        """The reports with one of these verdicts."""
        return tuple(name for name, verdict in self.verdicts.items() if verdict in verdicts)


def verdict(reading: Reading, head: Head | None) -> Verdict:
    """What a reading means for the report it is of.

    A reading of an older fetch than the one in force is `late`: a run that had crashed was loaded after its
    successor. The history then stays as it is.
    """
    if head is None:
        return "new"
    if (utc(reading.capture.fetched_at) or head.captured_at) < head.captured_at:
        return "late"
    if text_digest(reading.report.text) != head.text_digest:
        return "changed"
    is_same = reading_digest(reading) == head.reading_digest and not head.is_withdrawn
    return "unchanged" if is_same else "read_anew"


def plan(readings: Sequence[Reading], heads: dict[str, Head], next_version_id: int) -> Plan:
    """Decide for each reading what to write. Of two readings of one report the later fetch counts."""
    found = Plan()
    latest = {id_of(r): r for r in sorted(readings, key=lambda r: r.capture.fetched_at)}
    for name, reading in latest.items():
        head = heads.get(name)
        said = found.verdicts[name] = verdict(reading, head)
        if said in ("unchanged", "late"):
            found.seen[name] = reading.capture.fetched_at
            continue
        if said in ("new", "changed"):
            found.versions.append(_version(reading, head, next_version_id + len(found.versions)))
        found.heads.append(_head(reading, head, found.versions[-1] if said in ("new", "changed") else None))
        found.replaced.append(reading)
    return found


def _version(reading: Reading, head: Head | None, version_id: int) -> Row:
    cause = "first"
    if head is not None:
        cause = "extractor" if reading.capture.digest == head.warc_digest else "site"
    return {
        **version_row(reading),
        "version_id": version_id,
        "version": head.version + 1 if head else 1,
        "cause": cause,
        "text_digest": text_digest(reading.report.text),
    }


def _head(reading: Reading, head: Head | None, version: Row | None) -> Row:
    seen_at = utc(reading.capture.fetched_at)
    assert seen_at is not None
    return {
        **head_row(reading),
        "reading_digest": reading_digest(reading),
        "first_seen_at": min(seen_at, head.first_seen_at) if head else seen_at,
        "last_seen_at": max(seen_at, head.last_seen_at) if head else seen_at,
        "version": version["version"] if version else head and head.version,
        "version_id": version["version_id"] if version else head and head.version_id,
    }
