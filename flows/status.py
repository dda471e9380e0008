"""The state of every source, judged by what reached the archive and not by whether its runs were green."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim

from archive.warehouse import ask
from crawlers.source import Source
from flows.health import disk
from flows.server import folder
from flows.settings import Settings

State = Literal["fine", "alarm", "silent", "late", "never run", "off"]

STATE_COLOURS: dict[str, str] = {
    "fine": "green",
    "alarm": "red",
    "silent": "yellow",
    "late": "yellow",
    "never run": "dim",
    "off": "dim",
}

# A column may rest for a while: only a silence of three times its own longest pause so far, and never one shorter
# than these days, says that something is wrong.
SILENCE_FACTOR = 3
SHORTEST_SILENCE_DAYS = 45
# A machine that slept catches up when it wakes: a run is late only when half a day has passed.
LATE_AFTER = timedelta(hours=12)

# What is said of the archive as a whole stands beside the sources under this name.
ARCHIVE = "(archive)"

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source as a person wants to see it. `recent` are the new reports of its last runs, oldest first."""

    source: str
    title: str
    state: State
    last_run_at: datetime | None = None
    newest_on: date | None = None
    n_reports: int = 0
    recent: tuple[int, ...] = ()
    advice: str = ""

    @property
    def was_run(self) -> bool:
        """Whether there is anything to say of it."""
        return self.last_run_at is not None or self.needs_a_person

    @property
    def needs_a_person(self) -> bool:
        """Whether nobody but a person can put this right."""
        return self.state in ("alarm", "silent", "late")


def source_states(now: Settings, moment: datetime | None = None) -> list[SourceState]:
    """The state of each source in the catalogue; sources that were never run come last.

    A state of the archive itself (its disk, its own flows) is among them only where it needs a person.
    """
    moment = moment or datetime.now(UTC)
    rhythms: dict[str, dict[str, Any]] = {}
    alarms: dict[str, list[str]] = defaultdict(list)
    if now.layout().warehouse.exists():
        with ask(now.layout()) as archive:
            rhythms = {row["source"]: row for row in archive.rows("FROM source_rhythm").dicts()}
            for row in archive.rows("FROM open_alarms").dicts():
                alarms[row["source"]].append(row["message"])
    catalogue, since = now.catalogue(), deployed_at(now)
    states = [
        judge(source, rhythms.get(name), alarms[name], moment, since.get(name))
        for name, source in catalogue.items()
    ]
    states += [_without_file(row) for name, row in rhythms.items() if name not in catalogue]
    whole = [*alarms[ARCHIVE], *_of_disk(now)]
    states += [SourceState(ARCHIVE, "", "alarm", advice=" ".join(whole))] if whole else []
    return sorted(states, key=lambda state: (not state.was_run, state.source))


def _of_disk(now: Settings) -> list[str]:
    room = disk(now)
    return [] if room.is_fine else [f"disk nearly full: {room.message}"]


def deployed_at(now: Settings) -> dict[str, datetime]:
    """Since when each source has had a schedule on a server, as `remember_deployed` wrote it."""
    try:
        kept = json.loads(_deployed_file(now).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: datetime.fromisoformat(at) for name, at in kept.items()}


def remember_deployed(now: Settings, names: Iterable[str]) -> None:
    """Write down that these sources, and no others, have schedules; who had one already keeps its date."""
    before, moment = deployed_at(now), datetime.now(UTC)
    kept = {name: before.get(name, moment).isoformat() for name in names}
    file = _deployed_file(now)
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".new")
    temporary.write_text(json.dumps(kept), "utf-8")
    temporary.replace(file)


def _deployed_file(now: Settings) -> Path:
    return folder(now.layout()) / "deployed.json"


def judge(
    source: Source,
    row: dict[str, Any] | None,
    alarms: list[str],
    moment: datetime,
    deployed: datetime | None = None,
) -> SourceState:
    """One source's state from its row of `source_rhythm` and the messages of its open alarms.

    `deployed` is since when it has had a schedule: one that was never run may be late as well.
    """
    if not source.collect:
        return SourceState(source.name, source.title, "off", advice=source.reason or "")
    if row is None or row["last_run_at"] is None:
        state, advice = _before_first_run(source, alarms, moment, deployed)
        return SourceState(source.name, source.title, state, advice=advice)
    last_run = row["last_run_at"].replace(tzinfo=UTC)
    state, advice = _state(source, row, alarms, moment)
    recent = tuple(row["recent_new"] or ())
    return SourceState(
        source.name,
        source.title,
        state,
        last_run,
        row["newest_published_on"],
        row["n_reports"] or 0,
        recent,
        advice,
    )


def _without_file(row: dict[str, Any]) -> SourceState:
    return SourceState(
        source=row["source"],
        title="",
        state="off",
        last_run_at=row["last_run_at"].replace(tzinfo=UTC),
        newest_on=row["newest_published_on"],
        n_reports=row["n_reports"],
        recent=tuple(row["recent_new"] or ()),
        advice="no source file has this name; what it brought stays",
    )


def _before_first_run(
    source: Source, alarms: list[str], moment: datetime, deployed: datetime | None
) -> tuple[State, str]:
    if alarms:
        return "alarm", " ".join(alarms)
    if deployed and is_late(source, deployed, moment):
        return "late", _late_advice(source)
    return "never run", ""


def _state(source: Source, row: dict[str, Any], alarms: list[str], moment: datetime) -> tuple[State, str]:
    if alarms:
        return "alarm", " ".join(alarms)
    if is_late(source, row["last_run_at"].replace(tzinfo=UTC), moment):
        return "late", _late_advice(source)
    if silence := _silence(row, moment.date()):
        return "silent", f"{silence}: has {source.columns[0]} moved?"
    return "fine", ""


def is_late(source: Source, since: datetime, moment: datetime) -> bool:
    """Whether a run that was due after `since` is long overdue."""
    return moment - next_run(source, since) > LATE_AFTER


def _late_advice(source: Source) -> str:
    return f"should have run at {source.cron} (Asia/Shanghai); is `workreports serve` running?"


def next_run(source: Source, after: datetime) -> datetime:
    """When the source's schedule runs it next after a moment."""
    return next(CronSim(source.cron, after.astimezone(ZONE))).astimezone(UTC)


def _silence(row: dict[str, Any], today: date) -> str:
    if row["newest_published_on"] is None or row["longest_pause_days"] is None:
        return ""
    patience = timedelta(days=max(SHORTEST_SILENCE_DAYS, SILENCE_FACTOR * row["longest_pause_days"]))
    watched = today - row["first_run_at"].date()
    # Not before we have watched for so long ourselves: an old column, collected yesterday, is not silent.
    if today - row["newest_published_on"] <= patience or watched <= patience:
        return ""
    return f"nothing new since {row['newest_published_on']}, and its longest pause so far was {row['longest_pause_days']} days"


def sparkline(values: Sequence[int]) -> str:
    """Numbers as a row of bars, one character each; zero is a dot, so that a day without news is seen as a day.

    >>> sparkline((0, 1, 4, 8))
    '·▁▄█'
    """
    highest = max(values, default=0)
    return "".join("▁▂▃▄▅▆▇█"[max(0, 8 * value // highest - 1)] if value else "·" for value in values)
