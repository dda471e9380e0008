"""The `tag` flow: tag again what older rules tagged."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from archive.models import Report, Tagged
from archive.tagging import RULES_VERSION, tag_report
from archive.warehouse import open_writer
from flows import chores
from flows.settings import Settings, settings


@flow(
    name="tag",
    flow_run_name="tag with newer rules",
    persist_result=False,
    on_failure=[chores.failed],
    on_completion=[chores.done],
)
def tag() -> State[Any]:
    """Tag every report whose tags come from older rules than today's; nothing is fetched or read again."""
    now, logger, n = settings(), get_run_logger(), 0
    with open_writer(now.layout()) as writer:
        for batch in writer.reports_to_retag(RULES_VERSION):
            names, reports = zip(*batch, strict=True)
            n += writer.retag(zip(names, tag_all(now, reports), strict=True), RULES_VERSION)
            logger.info("%d reports tagged with rules %s", n, RULES_VERSION)
        if n:
            writer.publish()
    return Completed(message=f"{n} reports tagged with rules {RULES_VERSION}")


def tag_all(now: Settings, reports: Sequence[Report]) -> list[Tagged]:
    """Tag reports in worker processes, in order."""
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(now.processes, mp_context=context) as pool:
        return list(pool.map(tag_report, reports, chunksize=50))
