"""A PostgreSQL server of our own, from the programs that Debian installs, on loopback and for the time of a test."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

# The newest of Debian's, else those on the PATH.
FOLDERS = [
    *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
    Path(shutil.which("initdb") or ".").parent,
]
PROGRAMS = next((folder for folder in FOLDERS if (folder / "initdb").exists()), None)

needs_lake = pytest.mark.skipif(
    PROGRAMS is None or find_spec("duckdb_extension_ducklake") is None,
    reason="needs PostgreSQL's programs and the lake's extensions: make test-lake, with postgresql installed",
)


@dataclass(frozen=True)
class Postgres:
    """A running server whose user `wr` needs no password."""

    port: int

    def database(self, name: str) -> str:
        """A new data base, in libpq's words."""
        run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "wr", name)
        return f"dbname={name} host=127.0.0.1 port={self.port} user=wr"


def run(program: str, *words: str) -> None:
    assert PROGRAMS is not None
    subprocess.run([PROGRAMS / program, *words], check=True, stdout=subprocess.DEVNULL, **_as_whom())


def _as_whom() -> dict[str, str]:
    """PostgreSQL refuses to run as root; Debian's package brings a user."""
    return {"user": "postgres", "group": "postgres", "cwd": "/"} if os.getuid() == 0 else {}


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Start a server on a port chosen now; stopped by its own process id."""
    assert PROGRAMS is not None
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "wr", "--no-sync")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [
            PROGRAMS / "postgres",
            "-D",
            f"{folder}/data",
            "-p",
            str(port),
            "-h",
            "127.0.0.1",
            "-k",
            "",
            "-F",
        ]
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, **_as_whom())
        try:
            _wait_for(port, server, folder / "log")
            yield Postgres(port)
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown: connections are ended
            server.wait(30)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port))
            return
        except subprocess.CalledProcessError:
            time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))
