"""Scrapy's HTTP handler with a bound on headers: a server that never ends them would fill the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.tcp import Connection
from twisted.web._newclient import BODY

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Browsers stop at 256 to 400 KB. The first piece of the body may come with the last of the headers, and is counted.
MOST_HEADER_BYTES = 320 * 1024


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Counts what arrives before the body, and hangs up when it is too much."""

    _header_bytes = 0

    def request(self, request: Any) -> Any:
        """A new request on this connection starts a new count."""
        self._header_bytes = 0
        answer = super().request(request)
        transport = cast(Any, self.transport)
        if isinstance(transport, Connection) and not transport.TLS:
            # Now and not when the reactor finds that it can be written: it can, nothing else is under way.
            cast(Any, transport).doWrite()
        return answer

    def dataReceived(self, data: bytes) -> None:
        """Pass the data on, unless headers have gone on for too long."""
        parser = self._parser
        if parser is not None and parser.state != BODY:
            self._header_bytes += len(data)
            if self._header_bytes > MOST_HEADER_BYTES:
                cast(Any, self.transport).abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _BoundedProtocol:
        """A protocol that counts."""
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedHandler(HTTP11DownloadHandler):
    """For the setting DOWNLOAD_HANDLERS."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory
