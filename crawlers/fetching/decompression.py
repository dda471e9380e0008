"""Decompression as Scrapy does it, without its detour and with a name for what is too large."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response


class TooLarge(IgnoreRequest):
    """The answer is larger than a page may be, before or after decompression."""


class PlainDecompression(HttpCompressionMiddleware):
    """Hands Scrapy's own code a plain Response.

    As an HtmlResponse, copying it with a new body first detects the charset of the compressed bytes: 1.6 ms of a
    5.0 ms page, for nothing.
    """

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """The decoded answer.

        Raises:
            TooLarge: it exceeds the size limit once decoded.
        """
        if not response.headers.get(b"Content-Encoding"):
            return response
        plain = Response(
            response.url,
            status=response.status,
            headers=response.headers.copy(),
            body=response.body,
            flags=response.flags,
            request=response.request,
            ip_address=response.ip_address,
            protocol=response.protocol,
        )
        try:
            return super().process_response(request, plain)
        except IgnoreRequest as error:
            raise TooLarge(str(error)) from error
