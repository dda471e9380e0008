"""Open alarms: a cause is told once when it appears, and closed when it is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import duckdb

from archive.warehouse.bulk import insert


def settle(con: duckdb.DuckDBPyConnection, source: str, causes: Mapping[str, str], run_id: str) -> list[str]:
    """Bring a source's open alarms in line with what its last run gave cause for.

    `causes` maps a cause's name to its message. The names of the causes that were not open before: those to tell.
    """
    now = datetime.now(UTC)
    open_before = {
        cause
        for (cause,) in con.execute(
            "SELECT cause FROM alarms WHERE source = ? AND closed_at IS NULL", [source]
        ).fetchall()
    }
    gone = sorted(open_before - causes.keys())
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
