"""What runs when: one deployment per source from its file, and the archive's own chores."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any, cast
from urllib.parse import urlsplit

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentUpdate, WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.responses import DeploymentResponse
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
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

ZONE = "Asia/Shanghai"
PAUSED = "Paused: "

# How many runs at once on each worker: crawls wait for their sites most of the time, but each run is a process of about
# 130 MB.
RUNS_AT_ONCE = 4

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
    return ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def bring_in_line(now: Settings) -> list[str]:
    """Make the server's pool, deployments and automations what the files and settings say; what was done, in lines.

    Doing it twice changes nothing: deployments are known by their names.
    """
    catalogue = now.catalogue()
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"), overwrite=True)
        for host in set(shared_hosts(catalogue).values()):
            _make_queue(client, host)
    returned = [
        d.id for d in of_sources() if (d.description or "").startswith(PAUSED) and is_wanted(d, catalogue)
    ]
    for deployment in (made := wanted(catalogue)):
        deployment.apply(work_pool_name=POOL)
    with get_client(sync_client=True) as client:
        for deployment_id in returned:
            client.resume_deployment(deployment_id)
    paused = pause_removed(catalogue)
    automations.set_up(now.notify)
    remember_deployed(now, (name for name, source in catalogue.items() if source.collect))
    return [f"{len(made)} deployments", *paused]


def wanted(catalogue: dict[str, Source]) -> list[RunnerDeployment]:
    """All deployments that the sources' files ask for."""
    queues = shared_hosts(catalogue)
    sources = [of_source(each, queues.get(each.name)) for each in catalogue.values() if each.collect]
    return sources + [of_chore(chore, cron) for chore, cron in CHORES]


def shared_hosts(catalogue: dict[str, Source]) -> dict[str, str]:
    """Source -> the host of its first column, where another source asks that host as well."""
    hosts = {
        name: urlsplit(source.columns[0]).hostname or ""
        for name, source in catalogue.items()
        if source.collect
    }
    n_sources = Counter(hosts.values())
    return {name: host for name, host in hosts.items() if n_sources[host] > 1}


def _make_queue(client: SyncPrefectClient, host: str) -> None:
    """One run at a time of all sources of one host, on all workers: each run by itself asks one thing at a time."""
    with suppress(ObjectAlreadyExists):
        client.create_work_queue(host, work_pool_name=POOL, concurrency_limit=1)


def of_sources() -> list[DeploymentResponse]:
    """The deployments of sources that the server has."""
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=["source"]))
    found: list[DeploymentResponse] = []
    with get_client(sync_client=True) as client:
        while page := client.read_deployments(deployment_filter=tagged, offset=len(found)):
            found += page
    return found


def is_wanted(deployment: DeploymentResponse, catalogue: dict[str, Source]) -> bool:
    """Whether a source's file asks for this deployment."""
    return deployment.name in catalogue and catalogue[deployment.name].collect


def pause_removed(catalogue: dict[str, Source]) -> list[str]:
    """Pause the deployments of sources that are gone or say collect = false; what was done, in lines.

    Paused, not deleted: the history of their runs stays to be looked at. The reason stands in the description, which
    also tells our pause from a person's: only ours ends when the file comes back.
    """
    done = []
    for deployment in of_sources():
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
