"""Every alarm goes through a real server to a webhook once, whatever is restarted, and again only when its cause came back."""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import pytest

from archive.warehouse import open_writer
from flows import health, server
from flows.settings import Settings, settings
from flows.watch import NEVER_STARTED, Patience, Watch, end_never_started
from flows.work_pool import POOL, RUNS_AT_ONCE
from tests.test_serve import call, receiver, text, wait_for
from tests.test_status import now

__all__ = ["now"]

pytestmark = pytest.mark.slow
AT_ONCE = Patience(timedelta(0), timedelta(0))


@pytest.fixture
def notified(
    now: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Settings, str, list[dict[str, str]]]]:
    """Settings whose alarms go to a webhook, the address of their server, and what came."""
    with patch.dict(os.environ), receiver() as (address, alarms):
        monkeypatch.setenv("WORKREPORTS_NOTIFY", address)
        with server.joined(now.layout()) as joined:
            yield settings(), joined.url, alarms


def settle(now: Settings, causes: dict[str, str]) -> None:
    with open_writer(now.layout()) as writer:
        writer.settle_alarms("yunhe", causes, "r1")
        writer.publish()


def test_each_cause_is_told_once(
    notified: tuple[Settings, str, list[dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, url, alarms = notified
    settle(now, {"blocked": "云河县: the site refuses us"})
    watch = Watch(now, AT_ONCE)
    watch.note("worker", "dead worker", "the worker ended")
    watch.look(url)
    assert not alarms, "nobody can be told before there is an automation"

    assert deploy() == deploy()
    died = runs_whose_process_is_gone(now.home)
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", shutil.disk_usage("/").total * 100)
    watch.look(url)
    told = [
        "yunhe: blocked",
        "silent: silent",
        "schedules: missed schedules",
        "archive: disk nearly full",
        "worker: dead worker",
    ]
    wait_for("all alarms", lambda: len(alarms) >= len(told), 90)
    watch.note("worker", "dead worker", "the worker ended again, a moment later")
    settle(now, {"blocked": "云河县: the site still refuses us"})
    watch.look(url)
    Watch(now, AT_ONCE).look(url)  # `serve` was started again
    settle(now, {})
    settle(now, {"blocked": "云河县: the site refuses us anew"})
    watch.look(url)
    wait_for("the cause that came back", lambda: len(alarms) > len(told), 90)
    time.sleep(2)
    assert Counter(alarm["subject"] for alarm in alarms) == Counter([*told, "yunhe: blocked"])
    assert "late should have run and did not" in text(alarms, "schedules")
    assert "make room" in text(alarms, "archive")
    assert all(url in alarm["text"] for alarm in alarms), "each leads to the UI"

    deploy(WORKREPORTS_NOTIFY="custom-webhook/workreports-alarms")  # a block of the user's, by its name
    watch.note("server", "server died", "the server ended")
    watch.look(url)
    wait_for("an alarm by a named block", lambda: "server: server died" in {a["subject"] for a in alarms}, 30)
    assert "has no block 'nobody'" in deploy(1, WORKREPORTS_NOTIFY="slack-webhook/nobody")
    check_that_a_persons_limit_of_all_crawls_stays(now.home)
    check_that_runs_end_whose_process_is_gone(now.home, url, died)


def run_in(home: Path, *states: str, force: bool = True) -> str:
    """A run of one source, brought into these states one after the other; no worker is there to take it.

    By force it does not wait for its source's turn.
    """
    deployment = call(home, "GET", "/deployments/name/collect/yunhe")["id"]
    run = str(call(home, "POST", f"/deployments/{deployment}/create_flow_run", {})["id"])
    for state in states:
        call(home, "POST", f"/flow_runs/{run}/set_state", {"state": {"type": state}, "force": force})
    return run


def state_of(home: Path, run: str) -> str:
    return str(call(home, "GET", f"/flow_runs/{run}")["state_type"])


def runs_whose_process_is_gone(home: Path) -> dict[str, str]:
    """Run -> how it must end: one that never began, one that began and fell silent, one that could not be cancelled."""
    silent = run_in(home, "PENDING", "RUNNING")
    beat = {
        "event": "prefect.flow-run.heartbeat",
        "occurred": datetime.now(UTC).isoformat(),
        "id": str(uuid4()),
    }
    call(
        home, "POST", "/events", [{**beat, "resource": {"prefect.resource.id": f"prefect.flow-run.{silent}"}}]
    )
    gone = run_in(home, "PENDING", "RUNNING", "CANCELLING")
    taken, late = (run_in(home, "PENDING", force=False) for _ in range(2))
    assert (state_of(home, taken), state_of(home, late)) == ("PENDING", "CANCELLED"), "one at a time"
    return {taken: "CRASHED", silent: "CRASHED", gone: "CANCELLED"}


def check_that_runs_end_whose_process_is_gone(home: Path, url: str, died: dict[str, str]) -> None:
    """Within the test above, for its server: by the server alone, and where it forgot by the watch."""
    (gone,) = (run for run, end in died.items() if end == "CANCELLED")
    # Prefect would take five minutes; most of the one that it is told to take has passed
    wait_for("the end of what was cancelled", lambda: state_of(home, gone) == "CANCELLED", 120)
    wait_for("their end", lambda: {run: state_of(home, run) for run in died} == died, 240)
    taken = run_in(home, "PENDING", force=False)
    end_never_started(url, datetime.now(UTC))
    assert state_of(home, taken) == "PENDING", "the turn is free again, and it may still begin"
    end_never_started(url, datetime.now(UTC) + 2 * NEVER_STARTED)
    assert state_of(home, taken) == "CRASHED"


def check_that_a_persons_limit_of_all_crawls_stays(home: Path) -> None:
    """Within the test above, for its server."""
    pool = f"/work_pools/{POOL}"
    assert call(home, "GET", pool)["concurrency_limit"] == RUNS_AT_ONCE
    call(home, "PATCH", pool, {"concurrency_limit": 7, "is_paused": True})
    deploy()
    found = call(home, "GET", pool)
    assert (found["concurrency_limit"], found["is_paused"]) == (7, True)


def deploy(status: int = 0, **settings: str) -> str:
    """What the command says, from a process of its own: Prefect knows one server a process."""
    command = [sys.executable, "-m", "flows.cli", "deploy"]
    done = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr
