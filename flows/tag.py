"""The `tag` flow: tag again what older rules tagged, by the rules that have changed since."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from archive.tagging import RULES_VERSION
from archive.warehouse import open_writer
from flows import chores
from flows.retagging import retag_all
from flows.settings import settings
from flows.workers import workers


@flow(
    name="tag",
    flow_run_name="tag with newer rules",
    persist_result=False,
    on_failure=[chores.failed],
    on_completion=[chores.done],
)
def tag() -> State[Any]:
    """Tag every report whose tags come from older rules than today's; nothing is fetched or read again."""
    home, logger, n = settings().layout(), get_run_logger(), 0
    with workers(settings()) as pool:
        for done in retag_all(home, pool):
            n += done
            logger.info("%d reports tagged with rules %s", n, RULES_VERSION)
    if n:
        with open_writer(home) as writer:
            writer.publish()
    return Completed(message=f"{n} reports tagged with rules {RULES_VERSION}")
