"""The work that tests/crashes.py kills: sources from site to published archive, saying which stage begins.

    python -m tests.crash_worker SOURCE…

Goes on wherever an earlier worker was killed, as the `collect` flow does, without Prefect, which would take most of
the time.
"""

from __future__ import annotations

import sys

from archive import landing
from archive.models import Batch, Loaded
from archive.warehouse import Writer, open_writer
from flows import pipeline
from flows.retagging import retag_all
from flows.settings import Settings, settings
from flows.workers import local

# Tags made under this name are made anew once, so that the campaign can kill that work too.
NEWER_RULES = "crash campaign"
# Small batches, so that a run has many transactions to be killed in.
PAGES_A_BATCH = 5

_load = Writer.load


def _say(stage: str) -> None:
    print(stage, flush=True)


def _told_load(writer: Writer, batch: Batch) -> Loaded:
    _say("load")
    try:
        return _load(writer, batch)
    finally:
        _say("extract")


def _collect(now: Settings, name: str) -> None:
    source = now.source(name)
    ids: list[str] = []
    _say("extract")
    if (place := now.layout().landing / name).exists():
        landing.settle(place)
    for folder in pipeline.unfinished(now.layout(), name):
        found = pipeline.load_run(now, source, folder, lambda event: None)
        ids += [*found.new, *found.changed]
    _say("crawl")
    job = pipeline.prepare(now, source, pipeline.Request())
    pipeline.crawl(job, lambda event: None)
    _say("extract")
    found = pipeline.load_run(now, source, job.folder, lambda event: None)
    _say("deduplicate")
    with open_writer(now.layout()) as writer:
        writer.deduplicate([*ids, *found.new, *found.changed])
    _publish(now)


def _publish(now: Settings) -> None:
    _say("publish")
    with open_writer(now.layout()) as writer:
        writer.publish()


def _tag(now: Settings) -> None:
    _say("tag")
    with local(1) as pool:
        for _ in retag_all(now.layout(), pool, NEWER_RULES):
            pass


def main(names: list[str]) -> None:
    """Collect, tag and publish."""
    Writer.load = _told_load  # type: ignore[method-assign]
    pipeline.BATCH_PAGES = PAGES_A_BATCH
    now = settings()
    _say("migrate")
    with open_writer(now.layout()):
        pass
    for name in names:
        _collect(now, name)
    _tag(now)
    _publish(now)
    _say("end")


if __name__ == "__main__":
    main(sys.argv[1:])
