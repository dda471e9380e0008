"""The `publish` flow: make the loaded state visible in warehouse.duckdb."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from archive.warehouse import open_writer
from flows import chores
from flows.settings import settings


@flow(
    name="publish",
    flow_run_name="publish",
    persist_result=False,
    on_failure=[chores.failed],
    on_completion=[chores.done],
)
def publish() -> State[Any]:
    """Publish a checked copy of the archive; readers of the old one are not disturbed."""
    with open_writer(settings().layout()) as writer:
        path = writer.publish()
    return Completed(message=f"published {path}")
