"""The one task that carries a batch to a worker of a cluster; which work it is stands in the name of its run."""

from __future__ import annotations

import pickle

from prefect import task
from prefect.cache_policies import NO_CACHE


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="{work}")
def run_batch(work: str, packed: bytes) -> bytes:
    """Call the packed function with its packed arguments; the packed result."""
    function, job = pickle.loads(packed)
    return pickle.dumps(function(*job))
