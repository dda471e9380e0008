"""A team's archive: one Prefect server on PostgreSQL, workers on several machines, one lake; a machine dies mid-run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive import landing
from archive.warehouse import Home, Lake, ask, open_writer
from crawlers import sample_sites
from flows import pipeline
from flows.api import post
from flows.settings import settings
from flows.work_pool import shared_hosts
from tests.crashes import descendants
from tests.postgres import Postgres, needs_lake, postgres
from tests.test_lake import state
from tests.test_serve import wait_for

pytestmark = [needs_lake, pytest.mark.slow, pytest.mark.timeout(800)]

# One whose crawl takes seconds, and two of the same host.
LONG, ONE, TWIN = "sample_yunhe_wjw", "sample_biganzi", "sample_biganzi_again"


def sources(folder: Path) -> Path:
    """Three sources that run only when they are told to."""
    folder.mkdir()
    for name, like in ((LONG, LONG), (ONE, ONE), (TWIN, ONE)):
        text = (sample_sites.SOURCES / f"{like}.toml").read_text("utf-8")
        kept = [line for line in text.splitlines() if not line.startswith(("schedule", "delay", "at_least"))]
        # of one address that two sources show, the report belongs to the first
        added = ['schedule = "0 0 1 1 *"', f"delay = {0.3 if name == LONG else 0}", "at_least = 0"]
        (folder / f"{name}.toml").write_text("\n".join([*kept, *added]) + "\n", "utf-8")
    return folder


class Team:
    """The machines of a team: folders of their own, with the landings and the lake's data as the shared ones."""

    def __init__(self, folder: Path, server: Postgres, given: dict[str, str]) -> None:
        self.folder, self.given = folder, given
        self.lake = Lake(f"ducklake:postgres:{server.database('lake')}", folder / "data")
        server.database("prefect")
        self.state = f"postgresql+asyncpg://wr@127.0.0.1:{server.port}/prefect"
        for shared in (self.lake.data, folder / "landing"):
            shared.mkdir()

    def home(self, name: str) -> Home:
        """One machine's folder."""
        path = self.folder / name
        if not path.exists():
            path.mkdir()
            (path / "landing").symlink_to(self.folder / "landing")
        return Home(path, self.lake)

    @property
    def url(self) -> str:
        """Where the Prefect server answers."""
        written = self.folder / "server/.workreports/prefect/server.json"
        return str(
            json.loads(wait_for("the server", lambda: written.exists() and written.read_text(), 300))["url"]
        )

    @contextmanager
    def machine(self, name: str, *words: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
        """`workreports serve` on one machine."""
        home = self.home(name)
        environment = {
            **os.environ,
            **self.given,
            "WORKREPORTS_HOME": str(home.path),
            "WORKREPORTS_ARCHIVE": self.lake.catalog,
            "WORKREPORTS_ARCHIVE_DATA": str(self.lake.data),
            **more,
        }
        command = [sys.executable, "-m", "flows.cli", "serve", *words]
        with (home.path / "serve.log").open("wb") as log:
            child = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield child
        finally:
            child.send_signal(signal.SIGINT)
            child.wait(60)

    def run(self, source: str) -> str:
        """Ask for a run of a source; its id."""
        found = post(self.url, "/deployments/filter", {"deployments": {"name": {"any_": [source]}}})
        return str(post(self.url, f"/deployments/{found[0]['id']}/create_flow_run", {})["id"])

    def runs(self, *ids: str) -> list[dict[str, Any]]:
        """What the server says of runs."""
        found = post(self.url, "/flow_runs/filter", {"flow_runs": {"id": {"any_": ids}}})
        return sorted(found, key=lambda run: run["start_time"] or "")

    def is_ready(self, name: str) -> bool:
        """Whether a machine's worker takes runs."""
        log = self.home(name).private / "prefect/worker.log"
        return log.exists() and "started!" in log.read_text("utf-8")


def kill(machine: subprocess.Popen[bytes]) -> None:
    """As a power cut does: every process of it at once."""
    for pid in [machine.pid, *descendants(machine.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def runs_a_flow(machine: subprocess.Popen[bytes]) -> bool:
    with suppress(OSError):
        return any(
            b"prefect.engine" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in descendants(machine.pid)
        )
    return False


def n_pages(landings: Path) -> int:
    """Report pages that all runs of a source have fetched so far."""
    return sum(
        1
        for log in landings.glob(f"*/{landing.LOG}")
        for c in landing.captures(log.parent)
        if c.kind == "report"
    )


def on_a_single_machine(home: Home) -> dict[str, list[str]]:
    """What an archive in a file says after the same sources."""
    now = settings()
    new: list[str] = []
    for name in (LONG, ONE, TWIN):
        job = pipeline.prepare(now, now.source(name), pipeline.Request())
        pipeline.crawl(job, lambda event: None)
        new += pipeline.load_run(now, now.source(name), job.folder, lambda event: None).new
    with open_writer(home) as writer:
        writer.deduplicate(new)
        writer.publish()
    return state(home)


def test_a_team_that_loses_a_machine_ends_with_the_rows_of_a_single_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sample_sites.serve() as sites, postgres() as server:
        given = {
            "WORKREPORTS_SOURCES": str(sources(tmp_path / "sources")),
            "WORKREPORTS_SHIPPED": "false",
            "WORKREPORTS_PROCESSES": "1",
            "http_proxy": sites.proxy,
            "https_proxy": sites.proxy,
        }
        team = Team(tmp_path, server, given)
        with team.machine("server", "--server-only", PREFECT_SERVER_DATABASE_CONNECTION_URL=team.state):
            api = {"PREFECT_API_URL": f"{team.url}/api"}
            with team.machine("a", **api) as a, team.machine("b", **api) as b:
                for name, value in {**given, "WORKREPORTS_HOME": str(tmp_path / "single")}.items():
                    monkeypatch.setenv(name, value)
                wanted = on_a_single_machine(Home(tmp_path / "single"))
                wait_for("both workers", lambda: team.is_ready("a") and team.is_ready("b"), 300)

                cut_off = team.run(LONG)
                wait_for("pages", lambda: n_pages(tmp_path / "landing" / LONG) > 4, 200)
                kill(a if runs_a_flow(a) else b)
                # The server itself says so after 100 s without a sign of life (flows/automations.py).
                crashed = {"state": {"type": "CRASHED", "message": "its machine is gone"}, "force": True}
                post(team.url, f"/flow_runs/{cut_off}/set_state", crashed)

                ids = [team.run(name) for name in (LONG, ONE, TWIN)]
                ended = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
                wait_for("the runs", lambda: {run["state_type"] for run in team.runs(*ids)} <= ended, 400)
                runs = team.runs(*ids)
        assert {run["state_type"] for run in runs} == {"COMPLETED"}, runs
        first, second = [run for run in runs if run["parameters"]["source"] in (ONE, TWIN)]
        assert datetime.fromisoformat(first["end_time"]) <= datetime.fromisoformat(second["start_time"])
        reader = team.home("reader")
        with open_writer(reader) as writer:
            writer.publish()
        assert state(reader) == wanted
        with ask(reader) as archive:  # what the killed machine had fetched was not fetched in vain
            sql = "SELECT count(DISTINCT run_id) FROM captures WHERE source = ?"
            assert archive.rows(sql, [LONG]).rows == [(2,)]


def test_sources_of_one_host_share_a_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKREPORTS_SOURCES", str(sources(tmp_path / "sources")))
    monkeypatch.setenv("WORKREPORTS_SHIPPED", "false")
    host = "www.biganzi.example"
    assert shared_hosts(settings().catalogue()) == {ONE: host, TWIN: host}
