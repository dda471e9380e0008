"""What in the archive contradicts itself: dates that are not those of the lists, families that join what cannot be one."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from archive.warehouse.reader import Archive


@dataclass(frozen=True, slots=True)
class Doubts:
    """Counts over some reports. A date that was taken from the list is not compared with it."""

    n_reports: int = 0
    n_dated: int = 0
    n_future: int = 0  # published after they were fetched
    n_compared: int = 0  # the list page that led to the report had a date as well
    n_apart: int = 0  # of those: more than a day apart
    n_in_largest_family: int = 0
    n_in_mixed_families: int = 0  # families in which government sites' own reports are of different years


# A site's clock may run in another zone than ours, and its list may show the day on which an editor approved the page.
_DAYS = 1

_COUNTS = f"""
WITH chosen AS (SELECT * FROM report_heads WHERE withdrawn_at IS NULL AND ({{chosen}})),
listed AS (
    SELECT url, digest, any_value(list_date) AS listed_on FROM captures
    WHERE list_date IS NOT NULL AND url IN (SELECT url FROM chosen) GROUP BY ALL
),
dates AS (
    SELECT c.published_on, c.captured_at, CASE WHEN c.origins['published_on'] IS DISTINCT FROM 'list' THEN l.listed_on END AS listed_on
    FROM chosen c LEFT JOIN listed l ON c.url = l.url AND c.warc_digest = l.digest
),
members AS (
    SELECT canonical_id, h.report_id, h.year, h.source_kind, h.report_id IN (SELECT report_id FROM chosen) AS is_chosen
    FROM families JOIN report_heads h USING (report_id)
    WHERE canonical_id IN (SELECT canonical_id FROM families WHERE report_id IN (SELECT report_id FROM chosen))
),
family_sizes AS (
    SELECT count(*) FILTER (is_chosen) AS n,
        count(DISTINCT year) FILTER (source_kind = 'government') > 1 AS is_mixed
    FROM members GROUP BY canonical_id
)
SELECT (SELECT count(*) FROM chosen),
    count(published_on),
    count(*) FILTER (published_on > captured_at::DATE + {_DAYS}),
    count(*) FILTER (published_on IS NOT NULL AND listed_on IS NOT NULL),
    count(*) FILTER (abs(published_on - listed_on) > {_DAYS}),
    (SELECT coalesce(max(n), 0) FROM family_sizes),
    (SELECT coalesce(sum(n), 0)::BIGINT FROM family_sizes WHERE is_mixed)
FROM dates
"""


def of_run(con: duckdb.DuckDBPyConnection, run_id: str) -> Doubts:
    """The reports that a run brought or changed."""
    return _counted(con, "run_id = ?", [run_id])


def before_run(con: duckdb.DuckDBPyConnection, source: str, run_id: str) -> Doubts:
    """The reports of a source as other runs left them."""
    return _counted(con, "source = ? AND run_id <> ?", [source, run_id])


def of_archive(archive: Archive) -> Doubts:
    """All reports, as published."""
    return Doubts(*archive.rows(_COUNTS.format(chosen="true")).rows[0])


def _counted(con: duckdb.DuckDBPyConnection, chosen: str, parameters: list[str]) -> Doubts:
    row = con.execute(_COUNTS.format(chosen=chosen), parameters).fetchall()[0]
    return Doubts(*row)
