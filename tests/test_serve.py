"""`workreports serve` with schedules, faults of sites and of its own processes, and alarms that arrive once."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from archive.warehouse import Home, ask
from crawlers import sample_sites
from crawlers.sample_sites.site import Answer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

HEALTHY, MOVED, EMPTIED, BLOCKED = (
    "sample_biganzi",
    "sample_yunhe_wjw",
    "sample_fanwenku",
    "sample_qingshihe",
)


# What a column looks like after a site was rebuilt: the same frame, and rows that a script would have to draw.
MOVED_PAGE = (
    "<html><head><title>规划计划</title></head><body><div id='app'></div>"
    + "<!-- -->" * 100
    + "</body></html>"
)


def page(text: str, status: int = 200) -> Answer:
    return Answer(text.encode(), "text/html; charset=utf-8", "list", date(2026, 1, 1), status)


class Receiver(BaseHTTPRequestHandler):
    """Takes alarms as a webhook would."""

    received: list[dict[str, str]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.received.append(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Not on the test's output."""


@contextmanager
def receiver() -> Iterator[tuple[str, list[dict[str, str]]]]:
    received: list[dict[str, str]] = []
    handler = type("Handler", (Receiver,), {"received": received})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/alarms", received
    server.shutdown()


def sources(folder: Path) -> Path:
    """Four sample sources that run every minute."""
    folder.mkdir()
    for name in (HEALTHY, MOVED, EMPTIED, BLOCKED):
        text = (sample_sites.SOURCES / f"{name}.toml").read_text("utf-8")
        kept = [line for line in text.splitlines() if not line.startswith("schedule")]
        (folder / f"{name}.toml").write_text("\n".join([*kept, 'schedule = "* * * * *"']) + "\n", "utf-8")
    return folder


@contextmanager
def serving(home: Path, *options: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "WORKREPORTS_HOME": str(home), **settings}
    command = [sys.executable, "-m", "flows.cli", "serve", *options]
    with (home / f"serve{''.join(options)}.log").open("w") as log:
        child = subprocess.Popen(command, env=environment, stdout=log, stderr=log, text=True)
        try:
            yield child
        finally:
            child.send_signal(signal.SIGINT)
            child.wait(60)


def wait_for(what: str, is_there: Callable[[], Any], seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = is_there()
        if found:
            return found
        time.sleep(1)
    raise AssertionError(f"{what}: not within {seconds:.0f} s")


def call(home: Path, method: str, path: str, body: Any = None) -> Any:
    """What the archive's own Prefect server answers."""
    url = json.loads((home / ".workreports/prefect/server.json").read_text())["url"]
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{url}/api{path}", data, {"content-type": "application/json"}, method=method
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for pause in (1, 3, 9, 0):
        try:
            with opener.open(request, timeout=90) as answer:  # SQLite may be held for a minute
                said = answer.read()
                break
        except urllib.error.HTTPError as error:
            if error.code != 503 or not pause:  # its data base is busy
                raise
            time.sleep(pause)
    return json.loads(said) if said else None


def post(home: Path, path: str, body: dict[str, Any]) -> Any:
    return call(home, "POST", path, body)


def subjects(alarms: list[dict[str, str]]) -> set[str]:
    return {alarm["subject"] for alarm in alarms}


def text(alarms: list[dict[str, str]], subject: str) -> str:
    return next(alarm["text"] for alarm in alarms if alarm["subject"].startswith(subject))


def done_runs(home: Path) -> Counter[str]:
    """Runs per source that ended, as the archive tells it."""
    if not (home / "warehouse.duckdb").exists():
        return Counter()
    with ask(Home(home)) as archive:
        rows = archive.rows(
            "SELECT source, count(*) FROM crawl_runs WHERE state <> 'running' GROUP BY 1"
        ).rows
    return Counter(dict(rows))


def worker_pid(home: Path) -> int:
    """The worker of this archive; other tests may have theirs."""
    command = ["pgrep", "-f", "prefect worker start --pool workreports"]
    found = subprocess.run(command, capture_output=True, text=True).stdout.split()
    mine = f"WORKREPORTS_HOME={home}\0".encode()
    return next(int(pid) for pid in found if mine in Path(f"/proc/{pid}/environ").read_bytes())


def unended(home: Path) -> Counter[str]:
    """Runs that are in no final state, those that only wait for their time left out."""
    kinds = ["RUNNING", "PENDING", "CANCELLING"]
    found = post(home, "/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": kinds}}}})
    return Counter(run["state"]["name"] for run in found)


def pause(home: Path) -> None:
    """No run is begun any more."""
    call(home, "PATCH", "/work_pools/workreports", {"is_paused": True})


def healthy_runs(home: Path) -> list[tuple[str, int]]:
    """State and number of archived reports after each run of the healthy source that was not cut off."""
    with ask(Home(home)) as archive:
        sql = (
            "SELECT state, n_reports FROM crawl_runs WHERE source = ? AND state NOT IN ('running', 'crashed')"
        )
        return archive.rows(f"{sql} AND stop_reason <> 'stopped' ORDER BY started_at", [HEALTHY]).rows


def test_schedules_faults_and_alarms(tmp_path: Path) -> None:
    with sample_sites.serve() as sites, receiver() as (address, alarms):
        settings = {
            "WORKREPORTS_SOURCES": str(sources(tmp_path / "sources")),
            "WORKREPORTS_SHIPPED": "false",
            "WORKREPORTS_NOTIFY": address,
            "http_proxy": sites.proxy,
            "https_proxy": sites.proxy,
        }
        with serving(tmp_path, **settings):
            everything = {HEALTHY, MOVED, EMPTIED, BLOCKED}

            def rounds() -> bool:
                done = done_runs(tmp_path)
                return set(done) >= everything and min(done.values()) >= 3

            wait_for("three rounds", rounds, 700)
            assert alarms == []

            sites.site(MOVED).respond = lambda site, request: page(MOVED_PAGE)
            sites.site(EMPTIED).entries.clear()
            sites.site(BLOCKED).respond = lambda site, request: page("<html></html>", status=412)
            os.kill(worker_pid(tmp_path), signal.SIGKILL)
            told = {
                f"{MOVED}: family changed",
                f"{EMPTIED}: red",
                f"{BLOCKED}: blocked",
                "worker: dead worker",
            }
            wait_for("an alarm for each fault", lambda: subjects(alarms) >= told, 300)
            server = json.loads((tmp_path / ".workreports/prefect/server.json").read_text())
            os.kill(server["pid"], signal.SIGKILL)
            before = done_runs(tmp_path)
            told |= {"server: server died"}
            wait_for(
                "a round after the server's death",
                lambda: done_runs(tmp_path)[HEALTHY] > before[HEALTHY] and subjects(alarms) >= told,
                300,
            )
            pause(tmp_path)
            wait_for("the end of every run", lambda: not unended(tmp_path), 300)

        assert Counter(alarm["subject"] for alarm in alarms) == dict.fromkeys(told, 1)
        assert all("`workreports sources check" in text(alarms, name) for name in (MOVED, EMPTIED))
        assert "in a browser" in text(alarms, BLOCKED)
        status = subprocess.run(
            [sys.executable, "-m", "flows.cli", "status", "--json"],
            env={**os.environ, **settings, "WORKREPORTS_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        assert status.returncode == 3
        states = {row["source"]: row for row in json.loads(status.stdout)}
        assert {name for name, row in states.items() if row["state"] == "alarm"} == {MOVED, EMPTIED, BLOCKED}
        rounds_of_healthy = healthy_runs(tmp_path)
        assert len(rounds_of_healthy) >= 4
        assert set(rounds_of_healthy) == {("done", 9)}
        with ask(Home(tmp_path)) as archive:
            n_twice = archive.rows("SELECT count(*) - count(DISTINCT url || '#' || part) FROM reports")
            assert n_twice.rows == [(0,)]
