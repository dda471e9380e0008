"""`workreports serve` with schedules, faults of sites and of its own processes, and alarms that arrive once."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
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

pytestmark = [pytest.mark.slow, pytest.mark.timeout(800)]

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
def serving(home: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "WORKREPORTS_HOME": str(home), **settings}
    command = [sys.executable, "-m", "flows.cli", "serve"]
    with (home / "serve.log").open("w") as log:
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


def post(home: Path, path: str, body: dict[str, Any]) -> Any:
    url = json.loads((home / ".workreports/prefect/server.json").read_text())["url"]
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/api{path}", data, {"content-type": "application/json"})
    return json.load(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30))


def subject(alarm: dict[str, str]) -> str:
    return alarm["subject"].split(":")[0]


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
            wait_for("the first round", lambda: set(done_runs(tmp_path)) >= everything, 300)
            assert alarms == []
            with ask(Home(tmp_path)) as archive:
                n_first = archive.rows(
                    "SELECT count(*), count(DISTINCT url || '#' || part) FROM reports"
                ).rows[0]
            assert n_first[0] == n_first[1]

            sites.site(MOVED).respond = lambda site, request: page(MOVED_PAGE)
            sites.site(EMPTIED).entries.clear()
            sites.site(BLOCKED).respond = lambda site, request: page("<html></html>", status=412)
            os.kill(worker_pid(tmp_path), signal.SIGKILL)
            told = {MOVED, EMPTIED, BLOCKED, "worker"}
            wait_for("an alarm for each fault", lambda: {subject(alarm) for alarm in alarms} >= told, 300)
            server = json.loads((tmp_path / ".workreports/prefect/server.json").read_text())
            os.kill(server["pid"], signal.SIGKILL)
            before = done_runs(tmp_path)
            wait_for(
                "a round after the server's death",
                lambda: done_runs(tmp_path)[HEALTHY] > before[HEALTHY],
                200,
            )
            live = post(
                tmp_path, "/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["RUNNING"]}}}}
            )
            assert len(live) <= 4

        assert Counter(subject(alarm) for alarm in alarms) == dict.fromkeys(told, 1)
        assert f"{BLOCKED}: blocked" in {alarm["subject"] for alarm in alarms}
        status = subprocess.run(
            [sys.executable, "-m", "flows.cli", "status", "--json"],
            env={**os.environ, **settings, "WORKREPORTS_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        assert status.returncode == 3
        states = {row["source"]: row for row in json.loads(status.stdout)}
        assert {name for name, row in states.items() if row["state"] == "alarm"} == {MOVED, EMPTIED, BLOCKED}
        with ask(Home(tmp_path)) as archive:
            assert archive.rows("SELECT count(*) - count(DISTINCT url || '#' || part) FROM reports").rows == [
                (0,)
            ]
