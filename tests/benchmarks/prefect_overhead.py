"""What Prefect costs: one collect of 500 sample pages as the worker runs it, against the same steps as plain functions.

    python -m tests.benchmarks.prefect_overhead [--pages 500] [--rounds 5]

Both collect the same pages from the same loopback site into an archive of their own that was empty, in a fresh process,
turn and turn about. What counts as what:

- plain: one Python process that calls what the flow's tasks call, in the same order (`PLAIN` below), from its start to
  its end. It shows nothing to anybody.
- flow: a run of the source's deployment, taken by the worker that `workreports serve` starts, from the moment the worker
  takes it (state Pending) to its final state: start of the run's process, import of Prefect, its states, log lines,
  progress, tables and pictures. The server is already running and the worker has done one run; how long a run waits for the
  worker to ask again (some seconds, whatever it does) is not counted.

CPU seconds are those of all processes that each side starts, readers and crawl among them, and, for the flow, also what
server and worker spend from the run's creation to two seconds after its end, less what they spend in as much time when there
is no run. On a machine that does other work as well, only these can be compared. Linux only: it reads /proc.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from crawlers import sample_sites
from crawlers.sample_sites.site import Entry
from tests.composed import report as composed_report

SOURCE = "sample_yunhe_wjw"
IDLE_SECONDS = 20
ROWS_A_LIST_PAGE = 10
TICKS = os.sysconf("SC_CLK_TCK")

PLAIN = f"""
from archive.warehouse import open_writer
from flows import accounts, pipeline
from flows.alarms import causes
from flows.settings import settings

now = settings()
site = now.source("{SOURCE}")
job = pipeline.prepare(now, site, pipeline.Request())
pipeline.crawl(job, lambda event: None)
collected = pipeline.load_run(now, site, job.folder, lambda event: None)
with open_writer(now.layout()) as writer:
    writer.deduplicate([*collected.new, *collected.changed])
with open_writer(now.layout()) as writer:
    found = causes(site, collected.run, writer.recent_runs(site.name, collected.run.run_id))
    writer.settle_alarms(site.name, {{cause.name: cause.message for cause in found}}, collected.run.run_id)
    writer.publish()
accounts.confirm_published(now.layout(), collected.run)
print(len(collected.new))
"""


def entries(n_pages: int) -> list[Entry]:
    """Reports of as many units, one a day."""
    return [
        Entry(
            number=4_390_001 + n,
            title=f"云河县第{n}单位{2015 + n % 8}年工作总结",
            published_on=date(2023, 1, 1) - timedelta(n),
            paragraphs=tuple(composed_report(n, year=2015 + n % 8).splitlines()),
            publisher=f"云河县第{n}单位",
        )
        for n in range(n_pages)
    ]


@contextmanager
def serving(home: Path, environment: dict[str, str]) -> Iterator[str]:
    """`workreports serve`; the address of its server."""
    log = home / ".workreports/prefect/worker.log"
    with (home / "serve.log").open("w") as output:
        command = [sys.executable, "-m", "flows.cli", "serve"]
        child = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        while not (log.exists() and "started!" in log.read_text()):
            time.sleep(0.5)
        yield str(json.loads((log.parent / "server.json").read_text())["url"])
    finally:
        child.terminate()
        child.wait(60)


def plain(home: Path, environment: dict[str, str], n_pages: int) -> tuple[float, float]:
    """Wall and CPU seconds of the plain functions."""
    before, started = os.times(), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PLAIN],
        env=environment | {"WORKREPORTS_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    wall = time.monotonic() - started
    reap()
    after = os.times()
    assert int(done.stdout) == n_pages, done.stdout
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, spent


def adopt_orphans() -> None:
    """Readers outlive the process that they read for by a moment: the kernel then gives them to this one to wait for."""
    PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def reap() -> None:
    """Wait for what was adopted."""
    time.sleep(2)
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                return
        except ChildProcessError:
            return


def idle_share() -> float:
    """CPU seconds a second of server and worker without a run."""
    before = cpu_of_tree(os.getpid())
    time.sleep(IDLE_SECONDS)
    return (cpu_of_tree(os.getpid()) - before) / IDLE_SECONDS


def as_flow(home: Path, n_pages: int, idle: float = 0.0, max_pages: int | None = None) -> tuple[float, float]:
    """Wall and CPU seconds of a run of the deployment; `idle` CPU seconds a second are not its own."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(f"collect/{SOURCE}")
        before, began = cpu_of_tree(os.getpid()), time.monotonic()
        run = client.create_flow_run_from_deployment(
            deployment.id,
            parameters={"source": SOURCE, "max_pages": max_pages},
            job_variables={"env": {"WORKREPORTS_HOME": str(home)}},
        )
        while not (state := client.read_flow_run(run.id).state) or not state.is_final():
            time.sleep(0.5)
        reap()  # the server writes what it was told
        spent = cpu_of_tree(os.getpid()) - before - idle * (time.monotonic() - began)
        states = client.read_flow_run_states(run.id)
    assert state.is_completed() and state.message.startswith(f"{n_pages} new"), state
    return (moment(states, "COMPLETED") - moment(states, "PENDING")).total_seconds(), spent


def moment(states: Any, kind: str) -> datetime:
    """When a run came into a state."""
    found: datetime = next(state.timestamp for state in states if state.type.value == kind)
    return found


def cpu_of_tree(root: int) -> float:
    """CPU seconds of a process, its living descendants and those that were waited for."""
    parents: dict[int, int] = {}
    spent: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(entry.parent.name)] = int(fields[1])
        spent[int(entry.parent.name)] = sum(map(int, fields[11:15]))
    members = {root}
    while more := {pid for pid, parent in parents.items() if parent in members} - members:
        members |= more
    return sum(spent.get(pid, 0) for pid in members) / TICKS


def main() -> None:
    """Print a line a round and the medians of their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    ratios: list[tuple[float, float]] = []
    adopt_orphans()
    with tempfile.TemporaryDirectory() as place, sample_sites.serve() as sites:
        sites.site(SOURCE).entries = entries(asked.pages)
        environment = {
            **os.environ,
            "WORKREPORTS_HOME": place,
            "WORKREPORTS_SOURCES": str(sample_sites.SOURCES),
            "WORKREPORTS_SHIPPED": "false",
            "http_proxy": sites.proxy,
            "no_proxy": "127.0.0.1",
        }
        with serving(Path(place), environment) as url:
            os.environ |= {"PREFECT_API_URL": f"{url}/api", "PREFECT_HOME": f"{place}/.workreports/prefect"}
            as_flow(Path(place, "warm"), 3 * ROWS_A_LIST_PAGE, max_pages=3)
            idle = idle_share()
            for n in range(asked.rounds):
                wall, cpu = plain(Path(place, f"plain{n}"), environment, asked.pages)
                flow_wall, flow_cpu = as_flow(Path(place, f"flow{n}"), asked.pages, idle)
                ratios.append((flow_wall / wall, flow_cpu / cpu))
                print(
                    f"plain {wall:.1f} s, CPU {cpu:.1f} s; flow {flow_wall:.1f} s, CPU {flow_cpu:.1f} s; "
                    f"ratios {ratios[-1][0]:.2f}, CPU {ratios[-1][1]:.2f}",
                    flush=True,
                )
    walls, cpus = zip(*ratios, strict=True)
    print(f"median ratios: wall {statistics.median(walls):.2f}, CPU {statistics.median(cpus):.2f}")


if __name__ == "__main__":
    main()
