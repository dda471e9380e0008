"""The process that brings the server in line with the source files and then runs what is due."""

from __future__ import annotations

import os
import socket
import sys

from flows import deployments, shown
from flows.server import POOL
from flows.settings import settings
from flows.work_pool import RUNS_AT_ONCE


def main() -> None:
    """Bring the server in line, then become Prefect's own worker for the archive's pool."""
    now = settings()
    for line in deployments.bring_in_line(now):
        print(line, flush=True)
    shown.front_page(now)
    command = ["prefect", "worker", "start", "--pool", POOL, "--type", "process"]
    # One name a machine: a worker that was started again is the same one to the server.
    own = ["--name", socket.gethostname(), "--limit", str(RUNS_AT_ONCE)]
    os.execv(sys.executable, [sys.executable, "-m", *command, *own])


if __name__ == "__main__":
    main()
