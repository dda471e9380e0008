"""The `maintain` flow: keep the archive small and whole."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from archive.warehouse import open_writer
from flows import chores, health
from flows.settings import settings


@flow(
    name="maintain",
    flow_run_name="maintain the archive",
    persist_result=False,
    on_failure=[chores.failed],
    on_completion=[chores.done],
)
def maintain() -> State[Any]:
    """Make the archive's files few and full where it is worth it, publish, then check every landing and the published file.

    Old runs are pruned by the server itself (flows/server.py); each run's WARC files are its own and never grow.
    """
    now, logger = settings(), get_run_logger()
    with open_writer(now.layout()) as writer:
        logger.info("%s", writer.tidy())
        writer.publish()
    findings = health.examine(now)
    for finding in findings:
        logger.log(20 if finding.is_fine else 40, "%s: %s", finding.subject, finding.message)
    # A full disk is told by flows/watch.py, on the day and not on Sunday.
    broken = [finding for finding in findings if not finding.is_fine and finding.subject != "disk"]
    if broken:
        return Failed(message=f"{len(broken)} faults; first: {broken[0].subject}: {broken[0].message}")
    return Completed(message=f"checked: {len(findings)} things are whole")
