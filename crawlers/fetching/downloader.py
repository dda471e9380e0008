"""Scrapy's downloader without its queues: the spider has one request under way, so nothing ever waits in one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from inspect import iscoroutine
from typing import Any

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.http import Response
from scrapy.utils.defer import _process_pending_io


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
            result = await self._once(request)
            if isinstance(result, Response):
                result.request = result.request or request
                return result
            request = result

    async def _once(self, request: Request) -> Response | Request:
        """Scrapy's DownloaderMiddlewareManager.download_async, which makes a coroutine of every plain value."""
        methods: dict[str, Iterable[Any]] = dict(self.middleware.methods)
        result: Response | Request | None
        try:
            result = await _first(methods["process_request"], request=request)
            result = result or await self._enqueue_request(request)
        except Exception as error:
            await _process_pending_io()
            result = await _first(methods["process_exception"], request=request, exception=error)
            if result is None:
                raise
        for method in methods["process_response"]:
            if isinstance(result, Request):
                break
            value = method(request=request, response=result)
            result = await value if iscoroutine(value) else value
        return result

    async def _enqueue_request(self, request: Request) -> Response:
        """Scrapy's name; also taken by robots.txt, which the middleware asks for through the engine."""
        _, slot = self._get_slot(request)
        wait = slot.lastseen + slot.delay - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        slot.lastseen = time.monotonic()
        return await self.handlers.download_request_async(request)


async def _first(methods: Iterable[Any], **given: Any) -> Response | Request | None:
    """What the first method that decides says; None where none does."""
    for method in methods:
        value = method(**given)
        result = await value if iscoroutine(value) else value
        if isinstance(result, (Response, Request)):
            return result
    return None
