"""Batches of pure work on many cores: processes of this machine or a Dask cluster, by the setting `runner`."""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flows.settings import Settings, SettingsError

Job = tuple[Any, ...]  # the arguments of one call: paths, names, or the values of one batch


class WorkerDied(RuntimeError):
    """The process that worked on a batch was killed, by the batch or by something else."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Where batches run. `call(function, job)` starts one and gives what waits for its result; `n` run at once."""

    call: Callable[[Callable[..., Any], Job], Callable[[], Any]]
    n: int

    def in_order(
        self, function: Callable[..., Any], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Callable[[], Any]]]:
        """Each job with what waits for its result, in the order of the jobs.

        At most two a worker are under way and a job is asked for only when there is room, so memory stays flat
        however slow the caller is.
        """
        coming = iter(jobs)
        flying = deque((job, self.call(function, job)) for job in islice(coming, 2 * self.n))
        while flying:
            done = flying.popleft()
            flying.extend((job, self.call(function, job)) for job in islice(coming, 1))
            yield done

    def results(self, function: Callable[..., Any], jobs: Iterable[Job]) -> Iterator[Any]:
        """The results alone, in order.

        Raises:
            WorkerDied: a worker was killed.
        """
        return (result() for _, result in self.in_order(function, jobs))


@contextmanager
def workers(now: Settings) -> Iterator[Workers]:
    """The workers that the settings name. Those of Dask need a Prefect run around them.

    Raises:
        SettingsError: the setting asks for Dask, which is not installed.
    """
    kind, _, address = now.runner.partition(":")
    with _dask(address, now.processes) if kind == "dask" else local(now.processes) as made:
        yield made


# ---------------------------------------------------------------- processes of this machine


@contextmanager
def local(n: int) -> Iterator[Workers]:
    """Worker processes that start with the first batch; after one was killed the next batch gets new ones."""
    pools: list[ProcessPoolExecutor] = []

    def call(function: Callable[..., Any], job: Job) -> Callable[[], Any]:
        if not pools:
            pools.append(_pool(n))
        try:
            future = pools[-1].submit(function, *job)
        except BrokenProcessPool:
            pools.append(_pool(n))
            future = pools[-1].submit(function, *job)
        return lambda: _result(future)

    try:
        yield Workers(call, n)
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)


def _result(future: Any) -> Any:
    try:
        return future.result()
    except BrokenProcessPool as broken:
        raise WorkerDied("a worker process was killed") from broken


def _pool(n: int) -> ProcessPoolExecutor:
    # A fork of a process with threads (Prefect's) may hang; the fork server has none and imports the reader once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["flows.transform"])
    return ProcessPoolExecutor(n, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """End this worker when the process that it reads for is gone; it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True, name="end with parent").start()


# ---------------------------------------------------------------- a Dask cluster


@contextmanager
def _dask(address: str, n: int) -> Iterator[Workers]:
    """Workers of the cluster at an address, or of one on loopback for the time of this block; a batch is a task run."""
    try:
        from distributed.scheduler import KilledWorker
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise SettingsError(
            f"setting 'runner' asks for Dask, which is not installed ({error}): "
            "pip install 'work-report-archive[dask]'"
        ) from error
    from flows.batch import run_batch

    loopback = {
        "n_workers": n,
        "threads_per_worker": 1,
        "host": "127.0.0.1",
        "dashboard_address": "127.0.0.1:0",
    }
    loopback["silence_logs"] = logging.CRITICAL  # workers that are told to end complain of the scheduler's
    made = DaskTaskRunner(address=address) if address else DaskTaskRunner(cluster_kwargs=loopback)

    def call(function: Callable[..., Any], job: Job) -> Callable[[], Any]:
        # Packed: Prefect would look into every value of the arguments for results of other tasks.
        future = runner.submit(
            run_batch, {"work": function.__name__, "packed": pickle.dumps((function, job))}
        )

        def result() -> Any:
            try:
                return pickle.loads(future.result())
            except KilledWorker as killed:
                raise WorkerDied(str(killed)) from killed

        return result

    with made as runner:
        yield Workers(call, sum(runner.client.nthreads().values()) or n)
