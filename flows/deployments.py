"""What runs when: one deployment per source from its file, and the archive's own chores."""

from __future__ import annotations

from typing import Any, cast

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentUpdate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.responses import DeploymentResponse
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from crawlers.source import Source
from flows import automations
from flows.collect import collect
from flows.deduplicate import deduplicate
from flows.maintain import maintain
from flows.publish import publish
from flows.reextract import reextract
from flows.server import POOL
from flows.settings import Settings
from flows.status import remember_deployed
from flows.tag import tag
from flows.work_pool import make_pool, make_queues, shared_hosts

ZONE = "Asia/Shanghai"
PAUSED = "Paused: "

# How a worker starts a run. Left to itself it starts two processes, one only to find out where the flow's code is: here
# it is what is installed beside the worker (flows/worker_child.py puts that first in its path).
RUN = {"command": "python -m prefect.engine"}

# The chores run when sites are quiet and sources (01:00-05:59) are done; the first two only follow new rules.
CHORES: tuple[tuple[Flow[Any, Any], str | None], ...] = (
    (deduplicate, "0 7 * * 0"),
    (tag, "30 6 * * *"),
    (maintain, "0 8 * * 0"),
    (publish, None),
    (reextract, None),
)


def of_source(source: Source, queue: str | None = None) -> RunnerDeployment:
    """The deployment of one source: its own schedule, one run at a time, a second one cancelled with a reason.

    `queue` is the work queue of a host that it shares with others.
    """
    made = collect.to_deployment(
        name=source.name,
        parameters={"source": source.name},
        schedule=Cron(source.cron, timezone=ZONE),
        tags=["source", source.kind],
        description=f"{source.title}\n\n" + "\n".join(f"- <{column}>" for column in source.columns),
        concurrency_limit=_one_at_a_time(),
        entrypoint_type=EntrypointType.MODULE_PATH,
        job_variables=RUN,
        work_queue_name=queue,
    )
    return cast(RunnerDeployment, made)  # Prefect's signature allows for callers in an event loop


def of_chore(chore: Flow[Any, Any], cron: str | None) -> RunnerDeployment:
    """The deployment of one of the archive's own flows."""
    made = chore.to_deployment(
        name=chore.name,
        schedule=Cron(cron, timezone=ZONE) if cron else None,
        tags=["archive"],
        description=chore.description,
        concurrency_limit=_one_at_a_time(),
        entrypoint_type=EntrypointType.MODULE_PATH,
        job_variables=RUN,
    )
    return cast(RunnerDeployment, made)  # Prefect's signature allows for callers in an event loop


def _one_at_a_time() -> ConcurrencyLimitConfig:
    # A run whose worker died before it began would hold its source's turn for five minutes.
    return ConcurrencyLimitConfig(
        limit=1,
        collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW,
        grace_period_seconds=int(automations.PENDING_AT_MOST.total_seconds()),
    )


def bring_in_line(now: Settings) -> list[str]:
    """Make the server's pool, deployments and automations what the files and settings say; what was done, in lines.

    Doing it twice changes nothing: deployments are known by their names.
    """
    catalogue = now.catalogue()
    make_pool()
    make_queues(catalogue)
    stopped = {d.name for d in on_server("source", "archive") if is_stopped_by_a_person(d)}
    for deployment in (made := wanted(catalogue)):
        deployment.paused = deployment.name in stopped
        deployment.apply(work_pool_name=POOL)
    paused = pause_removed(catalogue)
    automations.set_up(now.notify)
    remember_deployed(now, (name for name, source in catalogue.items() if source.collect))
    return [f"{len(made)} deployments", *paused]


def wanted(catalogue: dict[str, Source]) -> list[RunnerDeployment]:
    """All deployments that the sources' files ask for."""
    queues = shared_hosts(catalogue)
    sources = [of_source(each, queues.get(each.name)) for each in catalogue.values() if each.collect]
    return sources + [of_chore(chore, cron) for chore, cron in CHORES]


def on_server(*tags: str) -> list[DeploymentResponse]:
    """The deployments that the server has with any of these tags."""
    tagged = DeploymentFilter(tags=DeploymentFilterTags(any_=list(tags)))
    found: list[DeploymentResponse] = []
    with get_client(sync_client=True) as client:
        while page := client.read_deployments(deployment_filter=tagged, offset=len(found)):
            found += page
    return found


def is_stopped_by_a_person(deployment: DeploymentResponse) -> bool:
    """Whether somebody switched it off in the UI, or its schedule: that stays so, whatever is deployed."""
    switched_off = bool(deployment.schedules) and not any(s.active for s in deployment.schedules)
    return (deployment.paused or switched_off) and not (deployment.description or "").startswith(PAUSED)


def is_wanted(deployment: DeploymentResponse, catalogue: dict[str, Source]) -> bool:
    """Whether a source's file asks for this deployment."""
    return deployment.name in catalogue and catalogue[deployment.name].collect


def pause_removed(catalogue: dict[str, Source]) -> list[str]:
    """Pause the deployments of sources that are gone or say collect = false; what was done, in lines.

    Paused, not deleted: the history of their runs stays to be looked at. The reason stands in the description, which
    also tells our pause from a person's: only ours ends when the file comes back.
    """
    done = []
    for deployment in on_server("source"):
        if deployment.paused or is_wanted(deployment, catalogue):
            continue
        source = catalogue.get(deployment.name)
        reason = f"its file says collect = false ({source.reason})" if source else "its file is gone"
        update = DeploymentUpdate(description=f"{PAUSED}{reason}.\n\n{deployment.description or ''}")
        with get_client(sync_client=True) as client:
            client.update_deployment(deployment.id, update)
            client.pause_deployment(deployment.id)
        done.append(f"{deployment.name}: paused, since {reason}")
    return done
