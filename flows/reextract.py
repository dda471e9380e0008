"""The `reextract` flow: read every landed page again where a newer extractor has not read it yet."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from archive import landing
from archive.warehouse import open_writer
from flows import chores, pipeline
from flows.comparing import spread
from flows.settings import settings
from flows.workers import workers


@flow(
    name="reextract",
    flow_run_name="read old landings again",
    persist_result=False,
    on_failure=[chores.failed],
    on_completion=[chores.done],
)
def reextract() -> State[Any]:
    """Run today's extractor over all landings; nothing is fetched."""
    now, logger = settings(), get_run_logger()
    catalogue, ids, n = now.catalogue(), [], 0
    with workers(now) as pool:
        for folder in landing.run_folders(now.layout().landing):
            if landing.is_being_written(folder):
                continue  # its own run loads it when it has ended
            source = catalogue.get(folder.parent.name)
            if source is None:
                logger.warning(
                    "%s: skipped, since no source is called %s any more", folder.name, folder.parent.name
                )
                continue
            collected = pipeline.load_run(now, source, folder, lambda event: None, pool=pool)
            ids += [*collected.new, *collected.changed]
            n += 1
            logger.info("%s: %d new, %d changed", folder.name, len(collected.new), len(collected.changed))
        with open_writer(now.layout()) as writer:
            if ids:
                writer.deduplicate(ids, spread(pool))
            writer.publish()
    return Completed(message=f"{n} landings read, {len(ids)} reports new or changed")
