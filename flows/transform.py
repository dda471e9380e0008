"""Captures in, readings out: the whole pipeline between landing and warehouse as one pure function."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from archive import landing
from archive.fingerprints import fingerprint
from archive.models import LOST, Capture, Page, Reading, Rejection, Report, Tagged
from archive.tagging import RULES_VERSION, tag_batch, tag_report, with_source_region
from archive.warehouse import Outdated
from crawlers.pages.reading import VERSION, read_page
from crawlers.source import Source

Outcome = tuple[list[Reading], list[tuple[Capture, Rejection]]]
Unit = tuple[Capture, tuple[Capture, ...]]  # a report page and its attachments, continuations and frames


def work_units(captures: Iterable[Capture]) -> list[Unit]:
    """Each report page that was fetched, with the attachments, continuations and frames that belong to it."""
    pages: list[Capture] = []
    parts: dict[str, list[Capture]] = defaultdict(list)
    for capture in captures:
        if capture.outcome != "ok":
            continue
        if capture.kind == "report":
            pages.append(capture)
        elif capture.parent_url:
            parts[capture.parent_url].append(capture)
    return [(page, tuple(parts[page.url])) for page in pages]


def read_units(folder: Path, source: Source, units: Sequence[Unit]) -> Outcome:
    """Read some pages of one run. Runs in a worker process; an unreadable record becomes a Rejection."""
    readings: list[Reading] = []
    rejections: list[tuple[Capture, Rejection]] = []
    for capture, parts in units:
        read = _read_unit(folder, source, capture, parts)
        found = read if isinstance(read, Rejection) else _derive_all(read, capture, source)
        if isinstance(found, Rejection):
            rejections.append((capture, found))
        else:
            readings.extend(found)
    return readings, rejections


def tag_outdated(found: Sequence[Outdated], wanted: Collection[str]) -> list[Tagged]:
    """Tag some reports of the archive by these rules. Runs in a worker process."""
    return tag_batch(((each.report, each.source_region) for each in found), wanted)


def _read_unit(
    folder: Path, source: Source, capture: Capture, parts: Sequence[Capture]
) -> list[Report] | Rejection:
    try:
        page = landing.read_page(folder, capture)
        extra = [landing.read_page(folder, part) for part in parts]
    except landing.LandingError as error:
        # Not a judgement of the page: the archive asks for it again.
        return Rejection(capture.url, LOST, str(error), capture.list_title or "")
    return read_source_page(page, extra, source, capture)


def read_source_page(
    page: Page, parts: Sequence[Page], source: Source, capture: Capture
) -> list[Report] | Rejection:
    """Read one page as its source's file says: body selector, kind, default publisher."""
    found = read_page(
        page,
        parts,
        body_selector=source.body,
        source_kind=source.kind,
        list_title=capture.list_title or "",
        list_date=capture.list_date,
    )
    if isinstance(found, Rejection) or source.publisher is None:
        return found
    return [_with_publisher(report, source.publisher) for report in found]


def _with_publisher(report: Report, publisher: str) -> Report:
    if report.publisher:
        return report
    return replace(report, publisher=publisher, origins={**report.origins, "publisher": "source file"})


def _derive_all(reports: Sequence[Report], capture: Capture, source: Source) -> list[Reading] | Rejection:
    """The readings of a page; a text that a rule fails on costs that page alone, with the rule's own words."""
    try:
        return [_derive(report, capture, source) for report in reports]
    except Exception as error:
        detail = f"tags: {type(error).__name__}: {error}"[:300]
        return Rejection(capture.url, "unreadable", detail, reports[0].title if reports else "")


def _derive(report: Report, capture: Capture, source: Source) -> Reading:
    tagged = with_source_region(tag_report(report), source.region)
    return Reading(
        report=report,
        capture=capture,
        tagged=tagged,
        fingerprint=tuple(fingerprint(report.text).tolist()),
        extractor_version=VERSION,
        rules_version=RULES_VERSION,
    )
