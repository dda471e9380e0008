"""What the archive's own flows (`deduplicate`, `tag`, `maintain` …) have in common: when one fails, a person is told."""

from __future__ import annotations

from typing import Any

from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State

from archive.warehouse import open_writer
from flows.settings import settings
from flows.status import ARCHIVE


def failed(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Open an alarm; flows/watch.py tells it."""
    message = (
        f"{flow.name}: {state.message}. Its run's log in the Prefect UI tells where, and `workreports doctor` looks at "
        "every file."
    )
    with open_writer(settings().layout()) as writer:
        writer.open_alarm(ARCHIVE, f"{flow.name} failed", message, str(flow_run.id))
        writer.publish()


def done(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Close its alarm, where there is one."""
    with open_writer(settings().layout()) as writer:
        standing = writer.open_alarms(ARCHIVE)
        if standing.pop(f"{flow.name} failed", None):
            writer.settle_alarms(ARCHIVE, standing, str(flow_run.id))
            writer.publish()
