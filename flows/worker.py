"""The process that brings the server in line with the source files and then runs what is due."""

from __future__ import annotations

import os
import sys

from flows import automations, deployments
from flows.settings import settings


def main() -> None:
    """Bring the server in line, then become Prefect's own worker for the archive's pool.

    The one argument, if there is one, is an alarm about the worker before this one.
    """
    now = settings()
    for line in deployments.bring_in_line(now.catalogue(), now.notify):
        print(line, flush=True)
    if len(sys.argv) > 1:
        automations.tell("worker", "worker died", sys.argv[1])
        automations.hand_in()
    command = ["prefect", "worker", "start", "--pool", deployments.POOL, "--type", "process"]
    limit = ["--limit", str(deployments.RUNS_AT_ONCE)]
    os.execv(sys.executable, [sys.executable, "-m", *command, *limit])


if __name__ == "__main__":
    main()
