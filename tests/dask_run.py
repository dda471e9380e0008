"""The flows that a cluster can work for, first with processes of this machine, then with Dask: what a test compares.

    python -m tests.dask_run HOME OTHER_HOME

Both homes hold the same landings. The first flow gets a cluster of its own, the others one at an address.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from distributed import LocalCluster

from archive.warehouse import Home, open_writer
from flows import server


def run(home: Path, runners: dict[str, str]) -> None:
    """Read, tag and compare everything; `runners` says where by the name of the flow."""
    from flows.deduplicate import deduplicate
    from flows.reextract import reextract
    from flows.tag import tag

    os.environ["WORKREPORTS_HOME"] = str(home)
    flows: tuple[Callable[..., Any], ...] = (reextract, tag, deduplicate)
    for flow in flows:
        os.environ["WORKREPORTS_RUNNER"] = runners.get(flow.__name__, "processes")
        state = flow(return_state=True)
        print(flow.__name__, os.environ["WORKREPORTS_RUNNER"], state.message, flush=True)
        with open_writer(Home(home)) as writer:  # as if the rules had been others
            writer.execute("UPDATE report_heads SET rules_version = '0' WHERE version = 1")


def main() -> None:
    """Run both."""
    home, other = map(Path, sys.argv[1:])
    with server.joined(Home(home)):
        run(home, {})
        kwargs: dict[str, Any] = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
        with LocalCluster(host="127.0.0.1", **kwargs) as cluster:
            address = f"dask:{cluster.scheduler_address}"
            run(other, {"reextract": "dask", "tag": address, "deduplicate": address})


if __name__ == "__main__":
    main()
