"""The Prefect server on this machine: find it, start it, stop it. Starting imports nothing of Prefect itself."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from archive.warehouse import Home
from flows.api import CLIENT_WORDS, is_healthy, lets_in
from flows.lifeline import bound
from flows.listening import LOOPBACK, is_loopback, reached_at

# A fresh data base takes 17-25 s on two busy cores before /health answers; a loaded machine three times that.
START_TIMEOUT_SECONDS = 120

# The consoles of server and worker are files, read when something is wrong.
LOGGED = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO", "PREFECT_SERVER_LOGGING_LEVEL": "WARNING"}


# The work pool that every worker of an archive takes its runs from.
POOL = "workreports"

# What the server asks for, user:password (Prefect's own variable).
WORDS = "PREFECT_SERVER_API_AUTH_STRING"


class ServerError(RuntimeError):
    """The server could not be started or reached: the message says where its log is and what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """A reachable Prefect server. `pid` is None where somebody else runs it."""

    url: str  # http://127.0.0.1:PORT, or what else this machine reaches it by
    pid: int | None = None
    is_ours: bool = False  # started by this process, which must stop it

    @property
    def own_url(self) -> str:
        """Its address where it is this archive's own, else nothing."""
        return "" if self.pid is None else self.url

    @property
    def api_url(self) -> str:
        """The address for PREFECT_API_URL."""
        return f"{self.url}/api"

    def run_url(self, flow_run_id: str) -> str:
        """The page of one run in the UI."""
        return f"{self.url}/runs/flow-run/{flow_run_id}"


def folder(home: Home) -> Path:
    """Where the server keeps its data base, log and address."""
    return home.private / "prefect"


def environment(home: Home, server_url: str) -> dict[str, str]:
    """The Prefect settings that server, worker and flows of one archive share. Set them before importing Prefect.

    Why each: the API port must be told to the UI as well, or it looks for 4200; analytics and promotion off, since
    the archive works offline; leases on disk, or a restart of the server keeps slots occupied for ever; other web
    pages in the user's browser may not call the API; a run without a server is an error, not a hidden second
    server; a dead run is noticed after three missed heartbeats of 30 s.
    """
    port = server_url.rsplit(":", 1)[1].split("/")[0]
    return {
        "PREFECT_HOME": str(folder(home)),
        "PREFECT_API_URL": f"{server_url}/api",
        "PREFECT_UI_URL": server_url,
        "PREFECT_SERVER_API_HOST": LOOPBACK,
        "PREFECT_SERVER_API_PORT": port,
        "PREFECT_SERVER_UI_API_URL": f"{server_url}/api",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",  # the newer UI asks a foreign host for its settings
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": server_url,
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        # a run has 30 s to end after it was cancelled; one that died meanwhile is not waited for five minutes
        "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_CANCELLING_TIMEOUT_SECONDS": "60",
        "PREFECT_RUNNER_POLL_FREQUENCY": "2",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        # A terminal shows what flows/terminal.py shows; the log of a run is in the UI.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    }


def find(home: Home) -> Server | None:
    """The server that is already there: a team's (PREFECT_API_URL), or the one this archive started."""
    configured = os.environ.get("PREFECT_API_URL")
    if configured:
        return Server(configured.removesuffix("/api").rstrip("/"))
    written = recorded(home)
    return written if written is not None and is_healthy(written.url) else None


def recorded(home: Home) -> Server | None:
    """The server that this archive started last, whether it runs or not."""
    try:
        written = json.loads((folder(home) / "server.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return Server(written["url"], written["pid"])


def is_alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def start(home: Home, host: str = LOOPBACK) -> Server:
    """Start a server of this archive's own and wait until it answers. Beyond loopback the caller sees to its password.

    The port is the one it had before, where that is free, so that links stored in `crawl_runs` go on working.

    Raises:
        ServerError: it ended, or did not answer in time.
    """
    place = folder(home)
    place.mkdir(parents=True, exist_ok=True)
    before = recorded(home)
    port = _free_port(host, int(before.url.rsplit(":", 1)[1]) if before else 0)
    url = f"http://{reached_at(host)}:{port}"
    log = place / "server.log"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", str(port)]
    with log.open("ab") as output:
        child = subprocess.Popen(
            bound(signal.SIGTERM, command),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=without_proxies(os.environ, url) | environment(home, url) | _seen_from(host) | LOGGED,
            start_new_session=True,
        )
    _wait_until_healthy(url, child, log)
    temporary = place / "server.json.new"
    temporary.write_text(json.dumps({"url": url, "pid": child.pid}), "utf-8")
    temporary.replace(place / "server.json")
    return Server(url, child.pid, is_ours=True)


def _seen_from(host: str) -> dict[str, str]:
    """What a server beyond loopback needs beside `environment`: its pages ask for the API where they came from."""
    return {} if is_loopback(host) else {"PREFECT_SERVER_API_HOST": host, "PREFECT_SERVER_UI_API_URL": "/api"}


def share_words() -> None:
    """What this archive's own server asks for, its clients say: one environment variable is enough for both.

    Raises:
        ServerError: there are two, and they differ.
    """
    words = os.environ.get(WORDS)
    if (
        words
        and not os.environ.get("PREFECT_API_URL")
        and os.environ.setdefault(CLIENT_WORDS, words) != words
    ):
        raise ServerError(
            f"{WORDS} and {CLIENT_WORDS} differ: no worker would be let in. Set one, or both alike."
        )


def without_proxies(environ: os._Environ[str] | dict[str, str], own_url: str = "") -> dict[str, str]:
    """An environment in which nothing between server, worker and flows goes through the crawl's proxy."""
    hosts = environ.get("no_proxy") or environ.get("NO_PROXY")
    local = ",".join(filter(None, [hosts, "127.0.0.1,localhost", urlsplit(own_url).hostname]))
    return {**environ, "no_proxy": local, "NO_PROXY": local}


def _free_port(host: str, wanted: int) -> int:
    problem = None
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                problem = error.strerror
                continue
            return int(probe.getsockname()[1])
    raise ServerError(f"no free port on {host}: {problem}")


def _wait_until_healthy(url: str, child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise ServerError(
                f"the Prefect server ended with status {child.returncode}; its last words are in {log}"
            )
        if is_healthy(url):
            return
        time.sleep(0.3)
    stop_process(child.pid)
    raise ServerError(
        f"the Prefect server did not answer at {url} within {START_TIMEOUT_SECONDS} s; see {log}"
    )


def stop_process(pid: int, patience: float = 15.0) -> None:
    """End a child process by its own id: asked first, then made to."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                if os.waitpid(pid, os.WNOHANG)[0] == pid:
                    return
            except ChildProcessError:
                return
            time.sleep(0.1)


@contextmanager
def joined(home: Home) -> Iterator[Server]:
    """A server for as long as the block runs: the one that is there, or one of our own, stopped at the end.

    Sets the process environment for Prefect, so import Prefect only inside the block.
    """
    share_words()
    server = find(home) or start(home)
    if server.pid is not None and not lets_in(server.url):
        raise ServerError(f"the server at {server.url} asks for its user and password: set {CLIENT_WORDS}")
    os.environ.update(without_proxies(os.environ, server.own_url) | environment(home, server.url))
    try:
        yield server
    finally:
        if server.is_ours and server.pid is not None:
            if "prefect" in sys.modules:
                from flows.automations import hand_in

                hand_in()
            stop_process(server.pid)
