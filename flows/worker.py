"""The process that keeps the deployments in line with the source files and runs what is due."""

from __future__ import annotations

import sys

from prefect import serve

from flows import automations, deployments
from flows.settings import settings

# Crawls wait for their sites most of the time, but each run is a process of about 130 MB.
RUNS_AT_ONCE = 4


def main() -> None:
    """Bring the server in line, then run scheduled and asked-for runs until stopped.

    The one argument, if there is one, is an alarm about the worker before this one.
    """
    now = settings()
    catalogue = now.catalogue()
    automations.set_up(now.notify)
    if len(sys.argv) > 1:
        automations.tell("worker", "worker died", sys.argv[1])
    for name in deployments.pause_removed(catalogue):
        print(f"{name}: paused, since its file is gone or says collect = false", flush=True)
    wanted = deployments.wanted(catalogue)
    print(f"{len(wanted)} deployments", flush=True)
    # Schedules go on existing while nobody serves them: what was missed is then late, not forgotten.
    serve(*wanted, pause_on_shutdown=False, print_starting_message=False, limit=RUNS_AT_ONCE)


if __name__ == "__main__":
    main()
