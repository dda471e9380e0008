"""What `workreports serve` looks after beside its processes: every cause for alarm, told to a person once while it lasts.

A run writes its causes into the archive (flows/alarms.py); what no run can say, since it does not happen, is found
here: schedules that were missed, sources that fell silent, a pool without a worker, a disk that is nearly full.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from archive.warehouse import ask
from flows import health, server
from flows.api import post
from flows.settings import Settings
from flows.status import SourceState, source_states

# The name of our events; flows/automations.py carries them to a person.
ALARM = "workreports.alarm"
OURS = "workreports: "
DELIVERY = f"{OURS}tell a person"

# How often the archive is asked although nothing was published: causes that only time brings.
LOOK_SECONDS = 60.0
# A cause that comes back within the hour is the same one.
QUIET = timedelta(hours=1)
# Longer than an automation waits for it (flows/automations.py).
NEVER_STARTED = timedelta(minutes=3)
# The clock on the wall and the one that stops in sleep differ by more than this: the machine slept.
NAP_SECONDS = 60.0

MISSED_ADVICE = (
    "Is a worker of this archive running (`workreports serve`), and is the deployment not paused in the Prefect UI? "
    "`workreports status` names every late source."
)
WORKER_ADVICE = (
    "Nothing is collected until one runs: start `workreports serve`, or `workreports serve --worker-only`."
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One cause as it is told. `opened_at` tells a cause that came back from the one before."""

    subject: str  # a source's name, or what of the archive is meant
    cause: str
    message: str
    opened_at: str = ""
    flow_run: str = ""  # id and address of the Prefect run that found it
    link: str = ""

    @property
    def key(self) -> str:
        """What it is known by."""
        return "|".join((self.subject, self.cause, self.opened_at))


@dataclass(frozen=True, slots=True)
class Patience:
    """How long something must be so, while this machine is awake, before a person is told.

    After a night's sleep everything is late, and a hundred sources take hours to catch up.
    """

    missed: timedelta = timedelta(hours=6)
    no_worker: timedelta = timedelta(minutes=5)


@dataclass
class Watch:
    """Remembers in a file what was told, so that a restart tells nothing again."""

    now: Settings
    patience: Patience = Patience()
    _noted: list[Alarm] = field(default_factory=list)
    _seen: Path | None = None
    _looked_at: float = -LOOK_SECONDS
    _is_in_line: bool = False

    def __post_init__(self) -> None:
        self._told = self._read()
        self._awake_since = time.monotonic()
        self._clocks = (time.time(), time.monotonic())

    def note(self, subject: str, cause: str, message: str) -> None:
        """Something that happened, to be told at the next look."""
        self._noted.append(Alarm(subject, cause, message))

    def look(self, url: str, everything: bool = True) -> None:
        """Tell what was not told yet: what was noted and, unless another process does, what stands.

        Raises:
            OSError: the server does not answer; what was not told is told at a later look.
        """
        self._notice_sleep()
        published = self._published()
        rested = time.monotonic() - self._looked_at >= LOOK_SECONDS
        if not (self._noted or rested or published != self._seen):
            return
        if not (self._is_in_line or self._in_line(url)):
            return  # told before its automation is there, an alarm would reach nobody
        self._is_in_line, moment = True, datetime.now(UTC)
        for alarm in [*self._noted, *(self._standing(url, moment) if everything else [])]:
            if alarm.key not in self._told:
                send(url, alarm)
            self._told[alarm.key] = moment
        self._told = {key: seen for key, seen in self._told.items() if moment - seen < QUIET}
        self._noted.clear()
        self._seen, self._looked_at = published, time.monotonic()
        if everything:
            self._save()
            end_never_started(url, moment)

    def _in_line(self, url: str) -> bool:
        """Whether a worker, or `workreports deploy`, has made pool and automations on this server."""
        names = {made["name"] for made in post(url, "/automations/filter", {})}
        return (DELIVERY in names) if self.now.notify else any(name.startswith(OURS) for name in names)

    def _published(self) -> Path | None:
        warehouse = self.now.layout().warehouse
        return warehouse.resolve() if warehouse.exists() else None

    def _standing(self, url: str, moment: datetime) -> list[Alarm]:
        return [
            *self._of_disk(),
            *of_runs(self.now),
            *self._of_time(),
            *self._without_worker(url, moment),
        ]

    def _of_disk(self) -> Iterator[Alarm]:
        disk = health.disk(self.now)
        if not disk.is_fine:
            yield Alarm("archive", "disk nearly full", disk.message)

    def _of_time(self) -> Iterator[Alarm]:
        states = source_states(self.now)
        yield from (Alarm(s.source, "silent", s.advice) for s in states if s.state == "silent")
        if self._awake() >= self.patience.missed:
            yield from missed(states)

    def _without_worker(self, url: str, moment: datetime) -> Iterator[Alarm]:
        if self._awake() < self.patience.no_worker:
            return
        workers = post(url, f"/work_pools/{server.POOL}/workers/filter", {})
        heard = [
            datetime.fromisoformat(w["last_heartbeat_time"]) for w in workers if w["last_heartbeat_time"]
        ]
        if heard and moment - max(heard) > self.patience.no_worker:
            since = f"{max(heard):%Y-%m-%d %H:%M} UTC"
            yield Alarm("worker", "dead worker", f"no worker was heard of since {since}. {WORKER_ADVICE}")

    def _awake(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._awake_since)

    def _notice_sleep(self) -> None:
        wall, steady = time.time(), time.monotonic()
        if (wall - self._clocks[0]) - (steady - self._clocks[1]) > NAP_SECONDS:
            self._awake_since = steady
        self._clocks = (wall, steady)

    def _file(self) -> Path:
        return server.folder(self.now.layout()) / "told.json"

    def _read(self) -> dict[str, datetime]:
        try:
            kept = json.loads(self._file().read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {key: datetime.fromisoformat(seen) for key, seen in kept.items()}

    def _save(self) -> None:
        text = json.dumps({key: seen.isoformat() for key, seen in self._told.items()}, ensure_ascii=False)
        temporary = self._file().with_suffix(".new")
        temporary.write_text(text, "utf-8")
        temporary.replace(self._file())


def of_runs(now: Settings) -> list[Alarm]:
    """The alarms that runs opened and no later run closed."""
    if not now.layout().warehouse.exists():
        return []
    with ask(now.layout()) as archive:
        rows = archive.rows("""SELECT a.*, r.flow_run_id, r.flow_run_url
            FROM open_alarms a LEFT JOIN crawl_runs r USING (run_id, source)""").dicts()
    return [
        Alarm(
            row["source"],
            row["cause"],
            row["message"],
            str(row["opened_at"]),
            row["flow_run_id"] or "",
            row["flow_run_url"] or "",
        )
        for row in rows
    ]


def missed(states: Sequence[SourceState]) -> Iterator[Alarm]:
    """One alarm for all schedules that were missed: what stops one mostly stops all."""
    late = [state.source for state in states if state.state == "late"]
    if late:
        some = ", ".join(late[:3]) + (f" and {len(late) - 3} more" if len(late) > 3 else "")
        yield Alarm("schedules", "missed schedules", f"{some} should have run and did not. {MISSED_ADVICE}")


def end_never_started(url: str, moment: datetime) -> None:
    """End runs that a worker had taken when it was killed; they would stay Pending for ever.

    An automation does so as well, but not where the server was killed before it had noted when the run was taken.

    Raises:
        OSError: the server does not answer.
    """
    wanted = {
        "flow_runs": {"state": {"type": {"any_": ["PENDING"]}}},
        "work_pools": {"name": {"any_": [server.POOL]}},
    }
    for run in post(url, "/flow_runs/filter", wanted):
        if moment - datetime.fromisoformat(run["state"]["timestamp"]) > NEVER_STARTED:
            state = {"type": "CRASHED", "name": "Crashed", "message": "the run's process never started"}
            post(url, f"/flow_runs/{run['id']}/set_state", {"state": state})


def send(url: str, alarm: Alarm) -> None:
    """Put an alarm into the server's event feed; the same one sent twice is one event.

    Raises:
        OSError: the server does not answer.
    """
    run = {"prefect.resource.id": f"prefect.flow-run.{alarm.flow_run}", "prefect.resource.role": "flow-run"}
    moment = datetime.now(UTC)
    event: dict[str, Any] = {
        "id": str(uuid5(NAMESPACE_URL, alarm.key + (alarm.opened_at or moment.isoformat()))),
        "occurred": moment.isoformat(),
        "event": ALARM,
        "resource": {
            "prefect.resource.id": f"workreports.{alarm.subject}",
            "prefect.resource.name": alarm.subject,
        },
        "related": [run] if alarm.flow_run else [],
        "payload": {"cause": alarm.cause, "message": alarm.message, "link": alarm.link or f"{url}/runs"},
    }
    post(url, "/events", [event])
