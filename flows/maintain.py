"""The `maintain` flow: keep the archive small and whole."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from archive.warehouse import open_writer
from flows import health
from flows.settings import settings


@flow(name="maintain", flow_run_name="maintain the archive", persist_result=False)
def maintain() -> State[Any]:
    """Merge a lake's files, publish, then check every landing and the published file."""
    now, logger = settings(), get_run_logger()
    with open_writer(now.layout()) as writer:
        logger.info("%d files of the lake that nobody reads any more are gone", writer.merge_files())
        writer.publish()
    findings = health.examine(now)
    for finding in findings:
        logger.log(20 if finding.is_fine else 40, "%s: %s", finding.subject, finding.message)
    broken = [finding for finding in findings if not finding.is_fine]
    if broken:
        return Failed(message=f"{len(broken)} faults; first: {broken[0].subject}: {broken[0].message}")
    return Completed(message=f"checked: {len(findings)} things are whole")
