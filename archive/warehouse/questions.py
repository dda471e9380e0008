"""The questions that the commands and the browsing page ask, as functions of an open archive."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.warehouse.errors import QuestionError
from archive.warehouse.reader import Answer, Archive

Row = dict[str, Any]

# Arguments of the macro `search` that narrow it, by the names that the commands use.
FILTERS = {
    "year": "about_year",
    "region": "in_region",
    "sector": "in_sector",
    "type": "of_type",
    "source": "from_source",
}


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report with all that the archive says of it."""

    report: Row
    tags: list[Row]
    sections: list[Row]
    indicators: list[Row]
    family: list[Row]
    versions: list[Row]
    attachments: list[Row]


def search(archive: Archive, words: str, filters: Mapping[str, Any], top: int = 20) -> Answer:
    """The best reports for these words; `filters` by the names in FILTERS, None is no filter."""
    given = {name: value for name, value in filters.items() if value not in (None, "")}
    narrowed = "".join(f", {FILTERS[name]} := ${name}" for name in given)
    return archive.rows(f"FROM search($words, top := $top{narrowed})", {"words": words, "top": top, **given})


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave. `is_loose`: no report holds all the words, these hold most of their pairs of characters."""

    answer: Answer
    is_loose: bool


def find(archive: Archive, words: str, filters: Mapping[str, Any], top: int = 20) -> Found:
    """As `search`; where nothing holds every word, the reports that hold most of what was written."""
    answer = search(archive, words, filters, top)
    if answer.rows or not (pairs := loosened(words)):
        return Found(answer, is_loose=False)
    return Found(search(archive, pairs, filters, top), is_loose=True)


# A long sentence has more pairs than a search should read.
MOST_PAIRS = 24


def loosened(words: str) -> str:
    """A query for most of the words: pairs of Han characters, and numbers and foreign words whole, joined by OR.

    People write 云河卫健局2021总结 for 云河县卫生健康局2021年工作总结. Whoever writes a phrase, OR or NOT means it: ``''``.

    >>> loosened("云河卫健局2021总结"), loosened("双减 NOT 作业"), loosened('"双减政策"'), loosened("双减")
    ('云河 OR 河卫 OR 卫健 OR 健局 OR 2021 OR 总结', '', '', '')
    """
    if re.search(r'["“”]|(?:^|\s)(?:[-－]|(?:AND|OR|NOT)(?:\s|$))', words):
        return ""
    pairs: list[str] = []
    for run in re.findall(r"[a-zA-Z0-9]{2,}|[\u3400-\u9fff]{2,}", words):
        pairs += [run] if run.isascii() else [run[i : i + 2] for i in range(len(run) - 1)]
    return " OR ".join(list(dict.fromkeys(pairs))[:MOST_PAIRS]) if len(pairs) > 1 else ""


def find_report(archive: Archive, name: str) -> str:
    """The report id that a person means: an id, the beginning of one, or a URL.

    Raises:
        QuestionError: nothing or more than one report is meant.
    """
    found = archive.rows(
        "SELECT report_id, title FROM report_heads WHERE withdrawn_at IS NULL AND (starts_with(report_id, $name) OR url = $name) "
        "ORDER BY report_id LIMIT 6",
        {"name": name},
    ).rows
    if len(found) == 1:
        return str(found[0][0])
    if not found:
        raise QuestionError(f"no report is called {name!r}. `workreports search` shows the ids of reports.")
    choice = "; ".join(f"{report} {title}" for report, title in found[:5])
    raise QuestionError(
        f"{name!r} may be any of {'more than 5' if len(found) > 5 else len(found)} reports: {choice}"
    )


def report_page(archive: Archive, report: str) -> ReportPage:
    """All of one report, by its id."""

    def rows(sql: str) -> list[Row]:
        return archive.rows(sql, [report]).dicts()

    wide = rows("SELECT * FROM reports_wide WHERE report_id = ?")[0]
    read = rows("SELECT * EXCLUDE (is_truncated) FROM report_heads WHERE report_id = ?")[0]
    return ReportPage(
        report={**read, **wide, "text": report_text(archive, report)},
        tags=rows("FROM evidence(?)"),
        sections=rows("SELECT * FROM sections WHERE report_id = ? ORDER BY ordinal"),
        indicators=rows("SELECT * FROM indicators WHERE report_id = ? ORDER BY span_start"),
        family=rows("FROM family(?)"),
        versions=rows(
            "SELECT version, cause, seen_at, title, n_chars, extractor_version FROM report_versions "
            "WHERE report_id = ? ORDER BY version"
        ),
        attachments=rows("SELECT * FROM attachments WHERE report_id = ? ORDER BY ordinal"),
    )


def version_texts(archive: Archive, report: str) -> list[Row]:
    """Every text that a report has had, oldest first."""
    return archive.rows(
        "SELECT version, cause, seen_at, text FROM report_versions WHERE report_id = ? ORDER BY version",
        [report],
    ).dicts()


def report_text(archive: Archive, report: str) -> str:
    """The current text of a report, by its id."""
    return str(archive.rows("SELECT text FROM text_of(?)", [report]).rows[0][0])


def listing(archive: Archive) -> Answer:
    """Tables, views and macros with what they are for."""
    return archive.rows(
        """SELECT table_name AS name, 'table' AS kind, comment FROM duckdb_tables() WHERE NOT internal
        UNION ALL SELECT view_name, 'view', comment FROM duckdb_views() WHERE NOT internal
        UNION ALL SELECT function_name || '(' || array_to_string(parameters, ', ') || ')', 'macro', comment
            FROM duckdb_functions() WHERE NOT internal AND function_type IN ('macro', 'table_macro')
        ORDER BY kind DESC, name"""
    )


def columns_of(archive: Archive, table: str) -> Answer:
    """The columns of a table or view with type and meaning.

    Raises:
        QuestionError: there is no such table or view.
    """
    answer = archive.rows(
        "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? AND NOT internal "
        "ORDER BY column_index",
        [table],
    )
    if not answer.rows:
        near = difflib.get_close_matches(table, list(archive.names()), n=3)
        raise QuestionError(f"there is no table or view {table!r}. Nearest: {', '.join(near) or 'none'}.")
    return answer


def newest(archive: Archive, filters: Mapping[str, Any], top: int = 20) -> Answer:
    """The reports published last, with the beginning of their texts; `filters` as for `search`."""
    given = {name: value for name, value in filters.items() if value not in (None, "")}
    tests = {name: f"{name} = ${name}" for name in ("year", "region", "sector", "source")}
    tests["type"] = "list_contains(report_types, $type)"
    chosen = " AND ".join(["true", *(tests[name] for name in given)])
    return archive.rows(
        f"""SELECT w.report_id, w.title, w.publisher, w.published_on, w.source, left(r.text, 90) AS snippet
        FROM (SELECT * FROM reports_wide WHERE {chosen} ORDER BY published_on DESC NULLS LAST, report_id LIMIT $top) w
        JOIN reports r ON r.report_id = w.report_id ORDER BY w.published_on DESC NULLS LAST, w.report_id""",
        {"top": top, **given},
    )


def info(archive: Archive) -> Row:
    """How fresh the archive is and how much it holds."""
    return archive.one("FROM archive_info") or {}


# Values offered for a filter; more would not be read.
MOST_CHOICES = 60


def choices(archive: Archive) -> dict[str, list[Row]]:
    """The most frequent values of each filter, as `value`, `label` (a name, where the archive has one) and `n` reports."""
    columns = {
        "year": ("year", "NULL"),
        "region": ("region", "any_value(region_path)"),
        "sector": ("sector", "NULL"),
        "type": ("unnest(report_types)", "NULL"),
        "source": ("source", "(SELECT any_value(s.title) FROM sources s WHERE s.name = value)"),
    }
    return {
        name: archive.rows(
            f"SELECT value, {label} AS label, count(*) AS n "
            f"FROM (SELECT {column} AS value, region_path FROM report_heads WHERE withdrawn_at IS NULL) "
            f"WHERE value IS NOT NULL GROUP BY value ORDER BY {'value DESC' if name == 'year' else 'n DESC, value'} LIMIT {MOST_CHOICES}"
        ).dicts()
        for name, (column, label) in columns.items()
    }


def source_titles(archive: Archive) -> dict[str, str]:
    """What each source is called in Chinese."""
    return {name: title for name, title in archive.rows("SELECT name, title FROM sources").rows if title}


def copies_among(archive: Archive, reports: list[str]) -> set[str]:
    """Those of these reports that are copies of another one."""
    sql = "SELECT report_id FROM families WHERE report_id <> canonical_id AND list_contains(?, report_id)"
    return {report for (report,) in archive.rows(sql, [reports]).rows}
