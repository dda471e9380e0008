"""The `collect` flow: one source, from its list pages to published rows, as a run to be watched."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from prefect import Flow, flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun, State
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed, Failed
from pydantic import Field

from archive import landing
from archive.models import CrawlRun
from archive.warehouse import WriterBusy, open_writer
from crawlers.source import Source
from flows import accounts, pipeline, shown
from flows.alarms import causes
from flows.doubts import causes_of
from flows.lateness import is_made_up_for
from flows.locks import SourceBusy, source_lock
from flows.settings import Settings, settings

# Crawls end themselves after four hours (crawlers/job.py); reading and loading what they brought takes minutes.
RUN_SECONDS = 5 * 3600

# Another process loads (a person's `reextract`, say): that ends by itself. Nothing else that a task can meet does; what
# may heal on a site is asked for again by the crawl (crawlers/fetching/retries.py) and by the next run.
PATIENT: dict[str, Any] = {
    "cache_policy": NO_CACHE,
    "retries": 3,
    "retry_delay_seconds": [60, 300, 900],
    "retry_condition_fn": lambda task, run, state: is_passing(state),
}

# Where a terminal wants to see what a run does, it sets this; the UI gets the same events in any case.
watching: ContextVar[pipeline.Watch | None] = ContextVar("watching", default=None)


def is_passing(state: State[Any]) -> bool:
    """Whether a failed task failed by something that ends by itself."""
    return isinstance(state.result(raise_on_failure=False), WriterBusy)


def _name() -> str:
    given = flow_run.parameters
    return f"{given.get('source')} {date.today()}"


def _on_fault(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """A run that ended by a fault of its own, not by a promise that was not kept, is told as well.

    Runs that crashed with their worker are not: the worker's end is told once, and the next run takes up the rest.
    """
    if state.name == "Red":
        return
    source = str(flow_run.parameters.get("source"))
    message = f"{source}: the run ended by a fault: {state.message}. Its log in the Prefect UI tells where."
    with open_writer(settings().layout()) as writer:
        writer.open_alarm(source, "fault", message, str(flow_run.id))
        writer.publish()


@flow(
    name="collect",
    flow_run_name=_name,
    persist_result=False,
    timeout_seconds=RUN_SECONDS,
    on_failure=[_on_fault],
)
def collect(
    source: str,
    since: date | None = None,
    max_pages: Annotated[int, Field(ge=1)] | None = None,
    full: bool = False,
) -> State[Any]:
    """Collect one source: what is new on its list pages is fetched, read, archived, compared and published.

    Args:
        source: the name of the source's file, without .toml.
        since: go back to rows of this date, for filling gaps.
        max_pages: read at most so many list pages.
        full: fetch every listed page again, also those that are not due.
    """
    if is_made_up_for():
        return Cancelled(message="a run that began after this one was due has done its work")
    now = settings()
    site = now.source(source)
    try:
        with source_lock(now.layout(), source):
            return _collect(now, site, pipeline.Request(since, max_pages, full))
    except SourceBusy as busy:
        return Completed(message=str(busy), name="Skipped")


def _collect(now: Settings, site: Source, request: pipeline.Request) -> State[Any]:
    watch = shown.Watcher(site.name, get_run_logger(), watching.get())
    recovered = recover(now, site, watch)
    job = pipeline.prepare(now, site, request)
    run = crawl(job, watch)
    collected = load(now, site, job.folder, run, watch)
    ids = (*collected.new, *collected.changed, *recovered)
    copies = deduplicate(now, ids)
    alarm(now, site, collected)
    publish(now)
    accounts.confirm_published(now.layout(), collected.run)
    watch.close()
    summary = f"{shown.summary(collected)}; {copies} relations to other reports"
    shown.artifacts(now, site, collected, summary)
    if collected.is_red:
        return Failed(message=collected.run.message or summary, name="Red")
    return Completed(message=summary)


@task(**PATIENT, task_run_name="recover-{site.name}")
def recover(now: Settings, site: Source, watch: shown.Watcher) -> tuple[str, ...]:
    """Load what earlier runs of this source had fetched when they were cut off."""
    ids: list[str] = []
    landing.settle(now.layout().landing / site.name)
    for folder in pipeline.unfinished(now.layout(), site.name):
        watch.say(f"loading what run {folder.name} had fetched before it was cut off")
        collected = pipeline.load_run(now, site, folder, watch)
        ids += [*collected.new, *collected.changed]
    return tuple(ids)


@task(cache_policy=NO_CACHE, task_run_name="crawl-{job.source.name}")
def crawl(job: Any, watch: shown.Watcher) -> CrawlRun:
    """Fetch list pages, then the report pages that are new or due, into the landing folder."""
    return pipeline.crawl(job, watch)


@task(**PATIENT, task_run_name="load-{site.name}")
def load(
    now: Settings, site: Source, folder: Path, run: CrawlRun, watch: shown.Watcher
) -> pipeline.Collected:
    """Read the landed pages in worker processes and archive them, one transaction a batch."""
    return pipeline.load_run(now, site, folder, watch, (str(flow_run.id), str(flow_run.ui_url)))


@task(**PATIENT)
def deduplicate(now: Settings, ids: tuple[str, ...]) -> int:
    """Compare what is new, and what a run before loaded but did not compare, with the whole archive; the relations found."""
    with open_writer(now.layout()) as writer:
        return sum(writer.deduplicate(ids).relations.values())


@task(**PATIENT)
def alarm(now: Settings, site: Source, collected: pipeline.Collected) -> list[str]:
    """Write down what this run gives cause for, for flows/watch.py to tell; the causes that were not open before."""
    run = collected.run
    with open_writer(now.layout()) as writer:
        found = causes(site, run, writer.recent_runs(site.name, run.run_id))
        found += causes_of(site, *writer.doubts(site.name, run.run_id))
        messages = {cause.name: cause.message for cause in found}
        if run.state == "crashed":  # it saw too little to say that an earlier cause is gone
            messages |= writer.open_alarms(site.name)
        opened = writer.settle_alarms(site.name, messages, run.run_id)
    for name in opened:
        get_run_logger().warning("alarm: %s: %s", name, messages[name])
    return opened


@task(**PATIENT)
def publish(now: Settings) -> Path:
    """Make what was loaded visible in warehouse.duckdb, without disturbing anyone who reads it."""
    with open_writer(now.layout()) as writer:
        return writer.publish()
