"""What is loaded, as rows: the vocabulary's values to column names of the schema, and a report back from its row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from archive.models import Reading, Report, Tagged, Truncation, report_id, values_of
from archive.warehouse.facets import facets

Row = dict[str, Any]

# Report fields that are columns under their own name.
REPORT_COLUMNS = (
    *("url", "part", "n_parts", "title", "published_on", "written_on", "publisher", "source_line"),
    *("index_no", "doc_no", "category", "validity", "keywords", "site_id_code", "site_name", "column_name"),
    *("source_kind", "is_preface_removed", "title_matches_text", "origins", "unknown_labels"),
)


def columns(value: Any) -> Row:
    """The fields of a flat dataclass by name. (`dataclasses.asdict` copies deeply and takes twenty times as long.)"""
    kind: Any = type(value)
    return dict(zip(_field_names(kind), values_of(kind)(value), strict=True))


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def id_of(reading: Reading) -> str:
    """The report's name."""
    return report_id(reading.report.url, reading.report.part)


def head_row(reading: Reading) -> Row:
    """The narrow row of a report: everything but its text and its place in the history."""
    report, capture, truncation = reading.report, reading.capture, reading.report.truncation
    return {
        "report_id": id_of(reading),
        **{name: getattr(report, name) for name in REPORT_COLUMNS},
        "origins": dict(report.origins),
        "is_truncated": truncation is not None,
        "truncation_cue": truncation and truncation.cue,
        "truncation_shown": truncation and truncation.shown,
        "truncation_total": truncation and truncation.total,
        "truncation_unit": truncation and truncation.unit,
        "is_cut_mid_sentence": truncation and truncation.cut_mid_sentence,
        **facets(reading.tagged),
        "n_chars": len(report.text),
        "source": capture.source,
        "captured_at": capture.fetched_at,
        "extractor_version": reading.extractor_version,
        "rules_version": reading.rules_version,
        **_origin(reading),
    }


def version_row(reading: Reading) -> Row:
    """A text as it was shown, without its numbers."""
    return {
        "report_id": id_of(reading),
        "seen_at": reading.capture.fetched_at,
        "title": reading.report.title,
        "published_on": reading.report.published_on,
        "n_chars": len(reading.report.text),
        "extractor_version": reading.extractor_version,
        "text": reading.report.text,
        **_origin(reading),
    }


def _origin(reading: Reading) -> Row:
    capture = reading.capture
    return {
        "run_id": capture.run_id,
        "warc_file": capture.warc_file,
        "warc_offset": capture.warc_offset,
        "warc_digest": capture.digest,
    }


def reading_digest(reading: Reading) -> str:
    """A name for all that was read and derived, so that a second reading that brings nothing is seen as such."""
    said = repr((reading.report, reading.tagged, reading.extractor_version, reading.rules_version))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def attachment_rows(reading: Reading) -> Iterator[Row]:
    """The files that belong to a report."""
    for ordinal, attachment in enumerate(reading.report.attachments):
        yield {"report_id": id_of(reading), "ordinal": ordinal, **columns(attachment)}


def derived_rows(report: str, tagged: Tagged, rules_version: str) -> dict[str, list[Row]]:
    """Table name -> rows of all that the rules say of a report."""
    found = {
        "tags": [_spanned(tag) for tag in tagged.tags],
        "sections": [_spanned(section) for section in tagged.sections],
        "indicators": [_spanned(indicator) for indicator in tagged.indicators],
        "citations": [_spanned(citation) for citation in tagged.citations],
    }
    for row in found["tags"]:
        row["value"] = as_word(row["value"])
    own = {"report_id": report, "rules_version": rules_version}
    for rows in found.values():
        for row in rows:
            row.update(own)
    return found


def _spanned(value: Any) -> Row:
    row = columns(value)
    row["span_start"], row["span_end"] = row.pop("start"), row.pop("end")
    return row


def as_word(value: str | int | float | bool) -> str:
    """A tag's value as the warehouse stores it: text, which a view casts back.

    >>> as_word(True), as_word(2021), as_word(0.25), as_word("429006")
    ('true', '2021', '0.25', '429006')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def report_of(row: Mapping[str, Any]) -> Report:
    """A report as it was read, from its row with text. Attachments stay behind: no rule of ours reads them."""
    truncation = None
    if row["is_truncated"]:
        truncation = Truncation(
            row["truncation_cue"] or "",
            row["truncation_shown"],
            row["truncation_total"],
            row["truncation_unit"] or "",
            bool(row["is_cut_mid_sentence"]),
        )
    plain = {name: row[name] for name in REPORT_COLUMNS}
    plain["keywords"] = tuple(row["keywords"] or ())
    plain["unknown_labels"] = tuple(row["unknown_labels"] or ())
    plain["origins"] = dict(row["origins"] or {})
    return Report(**plain, text=row["text"] or "", truncation=truncation)
