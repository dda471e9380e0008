"""What the workers take runs from: one pool, and a queue for every host that several sources ask."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from urllib.parse import urlsplit

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists

from crawlers.source import Source
from flows.server import POOL

# How many runs at once, on a worker and, until somebody sets another limit of the pool, on all: crawls wait for their
# sites most of the time, but each run is a process of about 130 MB.
RUNS_AT_ONCE = 4


def make_pool() -> None:
    """Make the work pool where there is none; what a person has set of it, a pause or a limit, stays."""
    with get_client(sync_client=True) as client, suppress(ObjectAlreadyExists):
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process", concurrency_limit=RUNS_AT_ONCE))


def make_queues(catalogue: dict[str, Source]) -> None:
    """One run at a time of all sources of one host, on all workers: each run by itself asks one thing at a time."""
    with get_client(sync_client=True) as client:
        for host in set(shared_hosts(catalogue).values()):
            with suppress(ObjectAlreadyExists):
                client.create_work_queue(host, work_pool_name=POOL, concurrency_limit=1)


def shared_hosts(catalogue: dict[str, Source]) -> dict[str, str]:
    """Source -> the host of its first column, where another source asks that host as well."""
    hosts = {
        name: urlsplit(source.columns[0]).hostname or ""
        for name, source in catalogue.items()
        if source.collect
    }
    n_sources = Counter(hosts.values())
    return {name: host for name, host in hosts.items() if n_sources[host] > 1}
