"""When an answer is asked for again, and how long to wait first."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from crawlers.fetching.answers import is_garbled

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

log = logging.getLogger("crawlers.retries")

# Statuses that pass: overload, time-outs, and the shields that speak for an origin that is away for a moment.
BUSY = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
# Failures that pass. OSError is a compressed body that is none.
PASSING = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    TunnelError,
    ConnectionDone,
    ConnectError,
    ConnectionLost,
    OSError,
)
# A quarter of answers failing, as in the worst networks tried, then costs one page in about 4,000.
TIMES = 5
# An answer that took its full time is likely to do so again.
TIMES_AFTER_TIMEOUT = 1
# A longer wish is not waited for within a run: the page is tried again by the next run.
LONGEST_WAIT = 120.0
# Where a host has no pause (the own machine), the first wait after a failure, in seconds.
SHORTEST_STEP = 0.02
# A person who watches wonders about a silence of this many seconds.
WORTH_TELLING = 5.0


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, given in seconds or as a date; None where it says nothing.

    >>> retry_after("120", datetime.now(UTC)), retry_after("soon", datetime.now(UTC))
    (120.0, None)
    >>> retry_after("Mon, 23 Nov 2026 08:00:30 GMT", datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    30.0
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def wait_before(attempt: int, pause: float, wish: float | None) -> float:
    """Seconds before attempt 1, 2 …: doubling from the host's own pause, or what the host wishes if that is longer.

    >>> [wait_before(n, 1.0, None) for n in (1, 2, 3)], wait_before(1, 1.0, 30), wait_before(9, 1.0, None)
    ([1.0, 2.0, 4.0], 30, 120.0)
    """
    step = max(pause, SHORTEST_STEP) * float(2 ** (attempt - 1))
    return min(max(step, wish or 0.0), LONGEST_WAIT)


class PatientRetry:
    """Downloader middleware in the place of Scrapy's own, which retries at once and knows no Retry-After.

    It waits before it hands the request back, and as a crawl has one request under way, nothing else is asked
    meanwhile.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetry:
        """As Scrapy builds it."""
        return cls(crawler)

    async def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """The answer, or the same request after a wait, where the server was busy or sent garbage."""
        content_type = response.headers.get(b"Content-Type") or b""
        if response.status in BUSY:
            reason = f"HTTP {response.status}"
        elif response.status == 200 and is_garbled(response.body, content_type):
            reason = "garbled"
        else:
            return response
        header = (response.headers.get(b"Retry-After") or b"").decode("latin-1")
        return await self._again(request, reason, retry_after(header, datetime.now(UTC))) or response

    async def process_exception(
        self, request: Request, exception: Exception, spider: Any = None
    ) -> Request | None:
        """The same request after a wait, where the connection failed or the answer was cut short."""
        if not isinstance(exception, PASSING):
            return None
        is_slow = isinstance(exception, DownloadTimeoutError)
        if is_slow and request.meta.get("retry_times", 0) >= TIMES_AFTER_TIMEOUT:
            return None
        return await self._again(request, type(exception).__name__, None)

    async def _again(self, request: Request, reason: str, wish: float | None) -> Request | None:
        spider = self._crawler.spider
        assert spider is not None
        again = get_retry_request(
            request, spider=spider, reason=reason, max_retry_times=TIMES, give_up_log_level="DEBUG"
        )
        if again is not None:
            await self._wait(again, wish)
        return again

    async def _wait(self, again: Request, wish: float | None) -> None:
        host = urlsplit(again.url).hostname or ""
        engine: Any = self._crawler.engine
        slot = engine.downloader.slots.get(host)
        seconds = wait_before(again.meta["retry_times"], slot.delay if slot else 0.0, wish)
        if seconds >= WORTH_TELLING:
            log.info("waiting %.0f s before asking %s again", seconds, host)
        await asyncio.sleep(seconds)
