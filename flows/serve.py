"""`workreports serve`: server, UI, deployments and worker in one group of processes that heals itself."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType

from archive.landing import LandingError
from archive.warehouse import Home, WarehouseError
from crawlers.source import SourceError
from flows import server as prefect_server
from flows.listening import LOOPBACK
from flows.server import Server
from flows.settings import Settings
from flows.watch import Watch
from flows.worker_child import WorkerChild

# How often the supervisor looks after its children.
LOOK_SECONDS = 1.0

SERVER_DIED = (
    "the Prefect server ended and was started again, and the worker with it; what was being collected is taken up by "
    "the next runs. Nothing to do, unless it happens again: its last words are in"
)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Parts:
    """What this process takes care of: a server, a worker or both."""

    server: bool = True
    worker: bool = True
    host: str = LOOPBACK  # where the server listens


class AlreadyServing(RuntimeError):
    """Another `serve` of this archive is running; the message holds its address."""


@contextmanager
def right_to(part: str, home: Home) -> Iterator[bool]:
    """Whether this process has the right to a part of serving this archive; others then have not.

    The operating system frees it when the process ends, however it ends.
    """
    place = prefect_server.folder(home)
    place.mkdir(parents=True, exist_ok=True)
    with (place / f"{part}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


class Supervisor:
    """Starts server and worker, restarts what dies, and stops the worker before its server.

    The order matters: a worker whose server is gone hangs in its shutdown, and after a restart of the server an old
    worker no longer hears of cancellations, so it is restarted with it.
    """

    def __init__(self, now: Settings, say: Say, parts: Parts) -> None:
        self.home = now.layout()
        self.say = say
        self.parts = parts
        self.stopping = threading.Event()
        self.server: Server | None = None
        self.worker = WorkerChild(self.home)
        self.watch = Watch(now)
        self.rights = ExitStack()
        self.watches = False
        self.complaint = ""

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM."""
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, self._on_signal)
        try:
            while not self.stopping.is_set():
                self._look()
                self._watch()
                self.stopping.wait(LOOK_SECONDS)
        finally:
            self.stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _announce(self, server: Server) -> None:
        self.say(f"Prefect UI: {server.url}")
        self.say(f"Sources:    {server.url}/artifacts/key/sources")
        self.say(f"Archive:    {self.home.warehouse}")
        self.say("Stop with Ctrl-C.")

    def _look(self) -> None:
        if self.server is not None and not self._server_lives(self.server):
            self.say("the Prefect server has ended")
            if self.parts.server:
                self.watch.note(
                    "server", "server died", f"{SERVER_DIED} {self.home.private}/prefect/server.log"
                )
            self.worker.stop()
            self.server = None
        if self.server is None:
            self._find_server()
        if self.server is not None and self.parts.worker:
            self._keep_worker(self.server)

    def _find_server(self) -> None:
        self.server = prefect_server.find(self.home)
        if self.server is None and self.parts.server:
            self.server = prefect_server.start(self.home, self.parts.host)
        if self.server is not None:
            self._announce(self.server)
        else:
            self._complain(
                "waiting for this archive's server: start `workreports serve --server-only`, or set PREFECT_API_URL"
            )

    def _server_lives(self, server: Server) -> bool:
        if server.pid is None:
            return True  # a team's server: theirs to restart
        if not server.is_ours:
            return prefect_server.recorded(self.home) == server and prefect_server.is_alive(server.pid)
        try:
            return os.waitpid(server.pid, os.WNOHANG) == (0, 0)
        except ChildProcessError:
            return False

    def _keep_worker(self, server: Server) -> None:
        status = self.worker.died()
        if self.worker.is_started and status is None:
            return
        if status is not None:
            pause = self.worker.next_pause()
            self.say(
                f"the worker has ended (status {status}): {self.worker.last_words()}\nstarting it again in {pause:.0f} s"
            )
            self.watch.note(
                "worker",
                "dead worker",
                f"the worker ended with status {status} and was started again; what it was collecting is taken up by "
                f"the next runs. Nothing to do, unless it happens again: its last words are in {self.worker.log}",
            )
            self.stopping.wait(pause)
        if not self.stopping.is_set():
            self.worker.start(server)

    def _watch(self) -> None:
        """Tell what there is to tell; what cannot be told or looked at now is so at a later look."""
        if self.server is None:
            return
        try:
            self.watch.look(self.server.url, everything=self._watches())
        except (OSError, ValueError, WarehouseError, LandingError, SourceError) as error:
            self._complain(f"alarms could not be looked after: {error}")

    def _watches(self) -> bool:
        """Whether what stands is this process's to tell, as of one of an archive; each tells of its own children."""
        with ExitStack() as trial:
            if not self.watches and trial.enter_context(right_to("watch", self.home)):
                self.rights, self.watches = trial.pop_all(), True
        return self.watches

    def _complain(self, message: str) -> None:
        if message != self.complaint:
            self.say(message)
        self.complaint = message

    def stop(self) -> None:
        """Stop the worker, then the server if it is ours."""
        self.say("stopping")
        self.rights.close()
        self.worker.stop()
        if self.server is not None and self.server.is_ours and self.server.pid is not None:
            prefect_server.stop_process(self.server.pid)


def serve(now: Settings, say: Say, parts: Parts) -> None:
    """Serve an archive until told to stop.

    Raises:
        AlreadyServing: it is being served already.
        ServerError: the server cannot be started.
    """
    prefect_server.share_words()
    home = now.layout()
    with ExitStack() as held:
        for part, wanted in (("server", parts.server), ("worker", parts.worker)):
            if wanted and not held.enter_context(right_to(part, home)):
                found = prefect_server.find(home)
                where = found.url if found else "an address that does not answer yet"
                raise AlreadyServing(f"already serving at {where}: another process has the {part}")
        Supervisor(now, say, parts).run()
