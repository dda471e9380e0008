"""Serves the sample sites on loopback as a forward proxy, so that their addresses are the same on every run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawlers.sample_sites.proxy import Counts, Proxy
from crawlers.sample_sites.site import Site
from crawlers.sample_sites.world import build_sites

SOURCES = Path(__file__).parent / "sources"


@dataclass(frozen=True, slots=True)
class Running:
    """The served sites. A test may change them; the next request sees the change."""

    proxy: str  # http://127.0.0.1:PORT
    sites: tuple[Site, ...]
    counts: Counts

    def site(self, name: str) -> Site:
        """The site of a source.

        Raises:
            KeyError: no site has that name.
        """
        return {site.name: site for site in self.sites}[name]


@contextmanager
def serve(port: int = 0, log: Path | None = None) -> Iterator[Running]:
    """Serves fresh sites in a thread for as long as the block runs; port 0 takes a free one.

    `log` is a file that gets one JSON object a line for each request.
    """
    sites = build_sites()
    proxy = Proxy(port, sites, log)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Running(f"http://127.0.0.1:{proxy.server_port}", sites, proxy.counts)
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
