"""Answers as they came over the wire, before anything is decoded: what the archive stores."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from archive.content_coding import STORED_CODINGS
from archive.printable import printable_url
from archive.warc import Exchange, Headers

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from archive.landing import Landing

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class WireTap:
    """Innermost downloader middleware: keeps the raw answer for `exchange`, and archives what is only evidence.

    Evidence are the hops of a redirect and robots.txt: nothing is read from them, so they have no capture.
    """

    def __init__(self, landing: Landing) -> None:
        self._landing = landing

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WireTap:
        """Takes the landing from the spider."""
        spider: Any = crawler.spider
        return cls(spider.landing)

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Response:
        """Remember the answer; archive it here if nobody else will."""
        request.meta["wire"] = response
        is_hop = response.status in _REDIRECTS and b"Location" in response.headers
        if is_hop or request.meta.get("dont_obey_robotstxt"):
            self._landing.keep(exchange(request, response, response))
        return response


def exchange(request: Request, wire: Response, decoded: Response) -> Exchange:
    """The request and its raw answer. An answer in a coding that the archive cannot undo is stored decoded."""
    headers, body = _pairs(wire), wire.body
    codings = {
        part.strip().lower()
        for value in wire.headers.getlist(b"Content-Encoding")
        for part in value.split(b",")
    }
    if codings - STORED_CODINGS:
        headers, body = (
            tuple(pair for pair in headers if pair[0].lower() != b"content-encoding"),
            decoded.body,
        )
    return Exchange(
        url=printable_url(request.url),
        status=wire.status,
        response_headers=headers,
        body=body,
        fetched_at=datetime.now(UTC),
        method=request.method,
        request_headers=_pairs(request),
        request_body=request.body,
        ip_address=str(wire.ip_address) if wire.ip_address else None,
    )


def _pairs(message: Request | Response) -> Headers:
    return tuple((name, value) for name, values in message.headers.items() for value in values)
