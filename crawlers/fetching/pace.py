"""How fast a host may be asked: one request at a time, with the pause that the site and the source ask for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawlers.fetching.hosts import is_own_machine

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

log = logging.getLogger("crawlers.pace")

# The pause of polite crawlers of government sites (0.35-1 s in public code); ours is never below it on live hosts.
LIVE_DELAY = 1.0


def seconds_between(host: str, proxy: str | None, asked: float | None) -> float:
    """Seconds from one request to the next. `asked` is the source's own delay, which can only lengthen the pause.

    The own machine needs no pause, nor does a proxy on it: behind that stands a replay of saved pages. A source
    that is read through a tunnel on the own machine says `delay = 1` in its file.

    >>> seconds_between("www.example", None, None), seconds_between("www.example", None, 0.2)
    (1.0, 1.0)
    >>> seconds_between("127.0.0.1", None, None), seconds_between("www.example", "http://127.0.0.1:8899", None)
    (0.0, 0.0)
    >>> seconds_between("127.0.0.1", None, 0.3), seconds_between("www.example", None, 5)
    (0.3, 5)
    """
    nearest = urlsplit(proxy).hostname or "" if proxy else host
    least = 0.0 if is_own_machine(nearest) else LIVE_DELAY
    return max(least, asked or 0.0)


class Pace:
    """Downloader middleware: sets the pause of each host before its first request, and Crawl-delay when it is read.

    Scrapy reads Crawl-delay but never applies it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._asked: float | None = crawler.settings.get("PACE_ASKED")
        self._longest = crawler.settings.getfloat("PACE_LONGEST")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pace:
        """Reads the settings PACE_ASKED (the source's delay) and PACE_LONGEST, both in seconds."""
        from scrapy import signals

        pace = cls(crawler)
        crawler.signals.connect(pace.robots_parsed, signal=signals.robots_parsed)
        return pace

    def process_request(self, request: Request, spider: Any = None) -> None:
        """Give the host its pause when it is first asked."""
        host = urlsplit(request.url).hostname or ""
        if host not in self._downloader.per_slot_settings:
            self._set(host, seconds_between(host, request.meta.get("proxy"), self._asked))

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Lengthen the pause to what robots.txt asks for. A pause beyond the run's own time is cut to that."""
        wanted = robotparser.crawl_delay(self._crawler.settings["USER_AGENT"]) or 0.0
        host = urlsplit(request.url).hostname or ""
        now = self._downloader.per_slot_settings.get(host, {}).get("delay", 0.0)
        if wanted > now:
            self._set(host, min(wanted, self._longest))
            log.info("%s asks for %g s between requests", host, wanted)

    def _set(self, host: str, delay: float) -> None:
        self._downloader.per_slot_settings[host] = {"concurrency": 1, "delay": delay, "jitter": 0}
        if host in self._downloader.slots:
            self._downloader.slots[host].delay = delay

    @property
    def _downloader(self) -> Any:
        return self._crawler.engine.downloader
