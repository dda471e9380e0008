"""Open alarms and the past that they are judged by: a cause is told once when it appears, and closed when gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import duckdb

from archive.models import CrawlRun
from archive.warehouse.bulk import aware, insert


def settle(con: duckdb.DuckDBPyConnection, source: str, causes: Mapping[str, str], run_id: str) -> list[str]:
    """Bring a source's open alarms in line with what its last run gave cause for.

    `causes` maps a cause's name to its message. The names of the causes that were not open before: those to tell.
    """
    now, open_before = datetime.now(UTC), open_causes(con, source)
    gone = sorted(open_before.keys() - causes.keys())
    if gone:
        con.execute(
            "UPDATE alarms SET closed_at = ? WHERE source = ? AND closed_at IS NULL AND list_contains(?, cause)",
            [now.replace(tzinfo=None), source, gone],
        )
    opened = [cause for cause in causes if cause not in open_before]
    insert(
        con,
        "alarms",
        [
            {"source": source, "cause": cause, "message": causes[cause], "opened_at": now, "run_id": run_id}
            for cause in opened
        ],
    )
    return opened


def open_causes(con: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    """The open alarms of a source: cause -> message."""
    sql = "SELECT cause, message FROM alarms WHERE source = ? AND closed_at IS NULL"
    return dict(con.execute(sql, [source]).fetchall())


def recent_runs(con: duckdb.DuckDBPyConnection, source: str, before: str, limit: int) -> list[CrawlRun]:
    """The last runs of a source that were done and whose names sort before `before`, newest first."""
    names = list(CrawlRun.__dataclass_fields__)
    found = con.execute(
        f"SELECT {', '.join(names)} FROM crawl_runs WHERE source = ? AND state = 'done' AND run_id < ? "
        f"ORDER BY run_id DESC LIMIT {limit:d}",
        [source, before],
    ).fetchall()
    return [_run(dict(zip(names, row, strict=True))) for row in found]


def _run(row: dict[str, Any]) -> CrawlRun:
    # Columns that a later release added are NULL in older rows: the field's own default stands for them.
    given = {name: value for name, value in row.items() if value is not None}
    for name in ("started_at", "ended_at"):
        given[name] = aware(row[name])
    return CrawlRun(**given)
