"""The state of every source, judged by what reached the archive and not by whether its runs were green."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from archive.warehouse import ask
from crawlers.source import Source
from flows.settings import Settings

State = Literal["fine", "silent", "red", "crashed", "never run", "off"]

STATE_COLOURS: dict[str, str] = {
    "fine": "green",
    "silent": "yellow",
    "red": "red",
    "crashed": "red",
    "never run": "dim",
    "off": "dim",
}

# A column may rest for a while: only a silence of three times its own longest pause so far, and never one shorter
# than these days, says that something is wrong.
SILENCE_FACTOR = 3
SHORTEST_SILENCE_DAYS = 45


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source as a person wants to see it."""

    source: str
    title: str
    state: State
    last_run_at: datetime | None = None
    newest_on: date | None = None
    n_reports: int = 0
    advice: str = ""

    @property
    def needs_a_person(self) -> bool:
        """Whether nobody but a person can put this right."""
        return self.state in ("red", "crashed", "silent")


def source_states(now: Settings, today: date | None = None) -> list[SourceState]:
    """The state of each source in the catalogue; sources that were never run come last."""
    today = today or datetime.now(UTC).date()
    rows: dict[str, dict[str, Any]] = {}
    if now.layout().warehouse.exists():
        with ask(now.layout()) as archive:
            rows = {row["source"]: row for row in archive.rows("SELECT * FROM source_health").dicts()}
    states = [judge(source, rows.get(name), today) for name, source in now.catalogue().items()]
    return sorted(states, key=lambda state: (state.state in ("never run", "off"), state.source))


def judge(source: Source, row: dict[str, Any] | None, today: date) -> SourceState:
    """One source's state from its row of `source_health`."""
    if not source.collect:
        return SourceState(source.name, source.title, "off", advice=source.reason or "")
    if row is None or row["last_run_at"] is None:
        return SourceState(source.name, source.title, "never run")
    state, advice = _state(source, row, today)
    return SourceState(
        source.name, source.title, state, row["last_run_at"], row["newest_on"], row["n_reports"] or 0, advice
    )


def _state(source: Source, row: dict[str, Any], today: date) -> tuple[State, str]:
    if row["last_state"] in ("red", "crashed"):
        return row["last_state"], row["last_message"] or f"look at the run: {row['last_flow_run_url']}"
    longest = row["longest_pause_days"]
    if row["newest_on"] is not None and longest is not None:
        patience = timedelta(days=max(SHORTEST_SILENCE_DAYS, SILENCE_FACTOR * longest))
        if today - row["newest_on"] > patience and today - row["first_run_at"].date() > patience:
            return "silent", (
                f"nothing new since {row['newest_on']}, longer than three times its longest pause ({longest} days): "
                f"has {source.columns[0]} moved?"
            )
    return "fine", ""
