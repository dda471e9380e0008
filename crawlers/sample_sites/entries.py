"""Turns composed reports and notices into the entries of a site, numbered by date as a CMS does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from crawlers.sample_sites.site import Entry
from crawlers.sample_sites.texts.agencies import Agency
from crawlers.sample_sites.texts.compose import YEARS, Work, compose
from crawlers.sample_sites.texts.notices import notices
from crawlers.sample_sites.texts.writer import Kind


def government_column(agency: Agency, kinds: Iterable[Kind], first_number: int) -> list[Entry]:
    """All reports of an agency, and every second year the pages beside them that are no reports."""
    works = [compose(agency, kind, year) for kind in kinds for year in YEARS]
    beside = [notice for year in YEARS if year % 2 for notice in notices(agency, year)]
    entries = [report_entry(work) for work in works]
    entries += [
        Entry(0, notice.title, notice.published_on, notice.paragraphs, notice.kind, publisher=agency.name)
        for notice in beside
    ]
    return numbered(entries, first_number)


def report_entry(work: Work) -> Entry:
    """A report as its own agency publishes it: a few days after it was signed."""
    published_on = work.written_on + timedelta(days=work.year % 5 + 1)
    return Entry(
        number=0,
        title=work.title,
        published_on=published_on,
        paragraphs=work.paragraphs,
        written_on=work.written_on,
        doc_no=work.doc_no,
        publisher=work.agency.name,
    )


def numbered(entries: list[Entry], first_number: int) -> list[Entry]:
    """The entries with numbers that grow with the date, in steps of 7: other columns take the numbers between."""
    in_order = sorted(entries, key=lambda entry: (entry.published_on, entry.title))
    return [replace(entry, number=first_number + 7 * i) for i, entry in enumerate(in_order)]
