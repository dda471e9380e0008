"""robots.txt as RFC 9309 has it, without the hole through which Scrapy 2.19 lets waiting requests pass."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

# RFC 9309, 2.5: at least 500 KiB must be read; what follows may be ignored.
READ_BYTES = 500 * 1024
# No real rule holds more; matching time grows with each, so a longer one is a trap and is left out.
MOST_WILDCARDS = 8


class RobotsForbid(IgnoreRequest):
    """robots.txt does not want this page to be fetched, or could not be asked."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware with one lock per host.

    While robots.txt is under way, Scrapy gives the third and later waiting requests no rules at all, and they go
    out unchecked. With a lock only one request asks, and the others find the rules.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._unreachable: dict[str, str] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host; None where there are none.

        Raises:
            RobotsForbid: robots.txt could not be had, so nothing may be fetched (RFC 9309, 2.3.1.4).
        """
        netloc = urlparse_cached(request).netloc
        async with self._locks[netloc]:
            parser = await super().robot_parser(request)
        if netloc in self._unreachable:
            raise RobotsForbid(f"robots.txt could not be read ({self._unreachable[netloc]})")
        return parser

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let the request pass, or forbid it by a name of its own."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsForbid("forbidden by robots.txt") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            raise IgnoreRequest(f"HTTP {response.status}")
        body = response.body if response.status < 400 else b""
        await super()._parse_robots(response.replace(body=readable_rules(body)), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unreachable[netloc] = str(exc) or type(exc).__name__
        super()._robots_error(exc, netloc)


def readable_rules(body: bytes) -> bytes:
    """The part of robots.txt that is read: whole lines of its first 500 KiB, without lines made to cost time.

    >>> readable_rules(b"User-agent: *\\nDisallow: /" + b"*a" * 50 + b"\\nDisallow: /x/")
    b'User-agent: *\\nDisallow: /x/'
    """
    head = body if len(body) <= READ_BYTES else body[:READ_BYTES].rpartition(b"\n")[0]
    return b"\n".join(line for line in head.splitlines() if line.count(b"*") <= MOST_WILDCARDS)
