"""Scrapy's downloader without its queues: the spider has one request under way, so nothing ever waits in one."""

from __future__ import annotations

import asyncio
import time

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.http import Response


class OneAtATime(Downloader):
    """For the setting DOWNLOADER: middlewares, the host's pause, the handler, and nothing in between.

    Scrapy's way through its engine and queues costs a third of a crawl's time for each page, most of it in tasks that
    hand one value on.
    """

    async def answer(self, request: Request) -> Response:
        """The last answer to a request: redirects are followed and failures tried again as the middlewares say.

        Raises:
            Exception: what the handler or a middleware raised.
        """
        while True:
            result = await self.middleware.download_async(self._enqueue_request, request)
            if isinstance(result, Response):
                result.request = result.request or request
                return result
            request = result

    async def _enqueue_request(self, request: Request) -> Response:
        """Scrapy's name; also taken by robots.txt, which the middleware asks for through the engine."""
        _, slot = self._get_slot(request)
        wait = slot.lastseen + slot.delay - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        slot.lastseen = time.monotonic()
        return await self.handlers.download_request_async(request)
