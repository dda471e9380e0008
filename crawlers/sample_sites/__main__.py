"""python -m crawlers.sample_sites --port P: serves the sample sites until it is stopped."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from crawlers.sample_sites.server import SOURCES, serve


def main() -> int:
    """Prints one JSON line with the proxy's address and the sites, then serves until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m crawlers.sample_sites", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", type=Path, help="append one JSON line for each request to this file")
    options = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with serve(options.port, options.log) as running:
        sites = [{"source": site.name, "host": site.host, "title": site.title} for site in running.sites]
        print(json.dumps({"proxy": running.proxy, "sources": str(SOURCES), "sites": sites}), flush=True)
        stopped.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
