"""The worker as a child of `workreports serve`: started, started again when it dies, stopped in good order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from archive.warehouse import Home
from flows import server as prefect_server
from flows.lifeline import bound
from flows.server import Server

# A worker that dies at once, again and again, has a fault that restarting does not heal: wait longer each time.
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
# One that has lived for so long is well again.
WELL_AFTER_SECONDS = 600.0
# Running crawls get 30 s from Prefect to write out what they have.
STOP_SECONDS = 35.0


class WorkerChild:
    """One worker process of an archive."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = SHORTEST_PAUSE_SECONDS
        self.started_at = 0.0

    @property
    def is_started(self) -> bool:
        """Whether it was started and not stopped since; it may have died."""
        return self.process is not None

    def died(self) -> int | None:
        """The status that it ended with, unasked; None while it lives."""
        return None if self.process is None else self.process.poll()

    @property
    def log(self) -> Path:
        """Where it writes what it does."""
        return prefect_server.folder(self.home) / "worker.log"

    def last_words(self) -> str:
        """The last line of its log."""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 2000))
            lines = log.read().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def next_pause(self) -> float:
        """Seconds to wait before it is started again."""
        if time.monotonic() - self.started_at > WELL_AFTER_SECONDS:
            self.pause = SHORTEST_PAUSE_SECONDS
        pause, self.pause = self.pause, min(2 * self.pause, LONGEST_PAUSE_SECONDS)
        return pause

    def start(self, server: Server) -> None:
        """Start it for this server. It ends with this process: a second one would take its runs twice."""
        environment = prefect_server.without_proxies(os.environ, server.own_url)
        environment |= prefect_server.environment(self.home, server.url)
        environment |= {"WORKREPORTS_HOME": str(self.home.path)} | prefect_server.LOGGED
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment.get('PATH', os.defpath)}"
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                bound(signal.SIGKILL, [sys.executable, "-m", "flows.worker"]),
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def stop(self) -> None:
        """End it; its runs write out what they have."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
