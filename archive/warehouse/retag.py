"""Tags made anew inside the archive: which reports have older rules, and the rows of the rules that changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import duckdb

from archive.models import Report, Tagged
from archive.tagging import PARTS, RULE_OF, all_rules
from archive.tags import rules, written_by
from archive.warehouse.bulk import ids_table, insert
from archive.warehouse.facets import COLUMNS as FACET_COLUMNS
from archive.warehouse.facets import columns_of, facets
from archive.warehouse.load import insert_derived
from archive.warehouse.rows import derived_rows, report_of


@dataclass(frozen=True, slots=True)
class Outdated:
    """A report whose tags were made by other rules, and the region that its source's file gives, if it gives one.

    `version_id` is the text that was read: tags of an older text are not stored.
    """

    report_id: str
    version_id: int
    report: Report
    source_region: str | None


def outdated(con: duckdb.DuckDBPyConnection, rules_version: str) -> list[tuple[str, str]]:
    """(rules that a report was tagged with, report id) of every report tagged by other rules, alike ones together."""
    return con.execute(
        """SELECT rules_version, report_id FROM report_heads
        WHERE rules_version <> ? AND withdrawn_at IS NULL ORDER BY rules_version, version_id""",
        [rules_version],
    ).fetchall()


def read(con: duckdb.DuckDBPyConnection, names: Iterable[str]) -> list[Outdated]:
    """These reports, as far as they still are."""
    ids_table(con, "retag_reports", names)
    found = con.execute(
        """SELECT r.*, s.region AS source_region FROM reports r LEFT JOIN sources s ON s.name = r.source
        WHERE report_id IN (SELECT id FROM retag_reports) ORDER BY version_id"""
    )
    columns = [column[0] for column in found.description]
    rows = (dict(zip(columns, row, strict=True)) for row in found.fetchall())
    return [
        Outdated(row["report_id"], row["version_id"], report_of(row), row["source_region"]) for row in rows
    ]


def still_current(con: duckdb.DuckDBPyConnection, texts: Mapping[str, int], rules_version: str) -> set[str]:
    """Of these reports (id -> version_id) those that show the same text as then, tagged by other rules than these."""
    insert_ids = ({"id": name, "version_id": number} for name, number in texts.items())
    con.execute("CREATE OR REPLACE TEMP TABLE retag_texts (id VARCHAR, version_id UINTEGER)")
    insert(con, "retag_texts", insert_ids)
    found = con.execute(
        """SELECT h.report_id FROM report_heads h JOIN retag_texts t ON t.id = h.report_id
        WHERE h.version_id = t.version_id AND h.rules_version <> ?""",
        [rules_version],
    ).fetchall()
    return {name for (name,) in found}


def replace_rows(
    con: duckdb.DuckDBPyConnection,
    tagged: Mapping[str, Tagged],
    rules_version: str,
    wanted: Collection[str] | None = None,
) -> None:
    """Replace what the wanted rules (None: all) said of these reports; the rest stays as it is."""
    ids_table(con, "retagged", tagged)
    names = [name for rule in wanted or rules() if rule in rules() for name in written_by(rule)]
    every = wanted is None or all_rules() <= {*wanted}
    con.execute(
        """DELETE FROM tags WHERE report_id IN (SELECT id FROM retagged)
        AND ($every OR name IN (SELECT unnest($names::VARCHAR[])))""",
        {"every": every, "names": names},
    )
    for table in PARTS:
        if every or RULE_OF[table] in (wanted or ()):
            con.execute(f"DELETE FROM {table} WHERE report_id IN (SELECT id FROM retagged)")
    insert_derived(con, (derived_rows(name, said, rules_version) for name, said in tagged.items()))
    _save_facets(con, tagged, rules_version, FACET_COLUMNS if every else columns_of(names))


def _save_facets(
    con: duckdb.DuckDBPyConnection, tagged: Mapping[str, Tagged], rules_version: str, changed: Collection[str]
) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE new_facets AS SELECT * FROM report_heads LIMIT 0")
    own = {"rules_version": rules_version}
    insert(con, "new_facets", ({"report_id": name, **facets(said), **own} for name, said in tagged.items()))
    changes = ", ".join(f"{column} = f.{column}" for column in (*changed, "rules_version"))
    # The reading's digest told of the old tags; without it the next reading of the page is compared anew.
    con.execute(
        f"""UPDATE report_heads SET {changes}, reading_digest = ''
        FROM new_facets f WHERE report_heads.report_id = f.report_id"""
    )
