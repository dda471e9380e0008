"""`workreports serve`: server, UI, deployments and worker in one group of processes that heals itself."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from archive.warehouse import Home
from flows import server as prefect_server
from flows.server import Server

# How often the supervisor looks after its children.
LOOK_SECONDS = 1.0
# A worker that dies at once, again and again, has a fault that restarting does not heal: wait longer each time.
LONGEST_PAUSE_SECONDS = 60.0

Say = Callable[[str], None]


class AlreadyServing(RuntimeError):
    """Another `serve` of this archive is running; the message holds its address."""


@contextmanager
def serve_lock(home: Home) -> Iterator[None]:
    """Hold the right to serve this archive; the operating system frees it when the process ends, however it ends.

    Raises:
        AlreadyServing: another process holds it.
    """
    place = prefect_server.folder(home)
    place.mkdir(parents=True, exist_ok=True)
    with (place / "serve.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            found = prefect_server.find(home)
            where = found.url if found else "an address that does not answer yet"
            raise AlreadyServing(f"already serving at {where}") from None
        yield


class Supervisor:
    """Starts server and worker, restarts what dies, and stops the worker before its server.

    The order matters: a worker whose server is gone hangs in its shutdown, and after a restart of the server an old
    worker no longer hears of cancellations, so it is restarted with it.
    """

    def __init__(self, home: Home, say: Say, with_worker: bool = True) -> None:
        self.home = home
        self.say = say
        self.with_worker = with_worker
        self.stopping = threading.Event()
        self.server: Server | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        self.pause = LOOK_SECONDS

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM."""
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, self._on_signal)
        try:
            self._look()
            self._announce()
            while not self.stopping.wait(LOOK_SECONDS):
                self._look()
        finally:
            self.stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _announce(self) -> None:
        assert self.server is not None
        self.say(f"Prefect UI: {self.server.url}")
        self.say(f"Archive:    {self.home.warehouse}")
        self.say("Stop with Ctrl-C.")

    def _look(self) -> None:
        if self.server is None or not self._server_lives():
            self._restart_server()
        if self.with_worker and (self.worker is None or self.worker.poll() is not None):
            self._restart_worker()

    def _server_lives(self) -> bool:
        assert self.server is not None
        if self.server.is_ours and self.server.pid is not None:
            try:
                return os.waitpid(self.server.pid, os.WNOHANG) == (0, 0)
            except ChildProcessError:
                return False
        return True  # somebody else's server: theirs to restart

    def _restart_server(self) -> None:
        if self.server is not None:
            self.say("the Prefect server has ended; starting it again")
        self._stop_worker()
        self.server = prefect_server.find(self.home) or prefect_server.start(self.home)

    def _restart_worker(self) -> None:
        assert self.server is not None
        alarm: list[str] = []
        if self.worker is not None:
            alarm = [f"the worker ended with status {self.worker.returncode} and was started again"]
            self.say(
                f"the worker has ended (status {self.worker.returncode}); starting it again in {self.pause:.0f} s"
            )
            self.stopping.wait(self.pause)
            self.pause = min(2 * self.pause, LONGEST_PAUSE_SECONDS)
        environment = prefect_server.without_proxies(os.environ)
        environment |= prefect_server.environment(self.home, self.server.url)
        environment |= {"WORKREPORTS_HOME": str(self.home.path)} | prefect_server.LOGGED
        with (prefect_server.folder(self.home) / "worker.log").open("ab") as output:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "flows.worker", *alarm],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )

    def _stop_worker(self) -> None:
        if self.worker is not None and self.worker.poll() is None:
            self.worker.terminate()
            try:
                # Running crawls get 30 s from Prefect to write out what they have.
                self.worker.wait(35)
            except subprocess.TimeoutExpired:
                self.worker.kill()
                self.worker.wait()
        self.worker = None

    def stop(self) -> None:
        """Stop the worker, then the server if it is ours."""
        self.say("stopping")
        self._stop_worker()
        if self.server is not None and self.server.is_ours and self.server.pid is not None:
            prefect_server.stop_process(self.server.pid)


def serve(home: Home, say: Say, with_worker: bool = True) -> None:
    """Serve an archive until told to stop.

    Raises:
        AlreadyServing: it is being served already.
        ServerError: the server cannot be started.
    """
    with serve_lock(home):
        Supervisor(home, say, with_worker).run()
