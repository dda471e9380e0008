"""Decompression as Scrapy does it, without its detours and with a name for what is too large."""

from __future__ import annotations

import zlib
from typing import Any

from isal import isal_zlib
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

_GZIP = zlib.MAX_WBITS + 16


class TooLarge(IgnoreRequest):
    """The answer is larger than a page may be, before or after decompression."""


class PlainDecompression(HttpCompressionMiddleware):
    """A whole body in gzip is unpacked in one go, by ISA-L; everything else is left to Scrapy's own code.

    That is handed a plain Response: as an HtmlResponse, copying it with a new body first detects the charset of the
    compressed bytes: 1.6 ms of a 5.0 ms page, for nothing.
    """

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """The decoded answer.

        Raises:
            TooLarge: it exceeds the size limit once decoded.
        """
        coding = response.headers.get(b"Content-Encoding")
        if not coding:
            return response
        body = unzip(response.body, self._max_size) if coding == b"gzip" else None
        plain = Response(
            response.url,
            status=response.status,
            headers=response.headers,
            body=response.body if body is None else body,
            flags=response.flags,
            request=response.request,
            ip_address=response.ip_address,
            protocol=response.protocol,
        )
        if body is not None:
            del plain.headers[b"Content-Encoding"]
            return plain
        try:
            return super().process_response(request, plain)
        except IgnoreRequest as error:
            raise TooLarge(str(error)) from error


def unzip(body: bytes, most: int) -> bytes | None:
    """A body that is one whole gzip member of at most `most` bytes; None for any other.

    >>> import gzip
    >>> unzip(gzip.compress(b"page"), 4), unzip(gzip.compress(b"page"), 3), unzip(gzip.compress(b"page")[:-9], 4)
    (b'page', None, None)
    """
    unpacker = isal_zlib.decompressobj(_GZIP)
    try:
        data = unpacker.decompress(body, most + 1)
    except isal_zlib.error:  # type: ignore[misc]  # the library's stub calls the class an instance
        return None
    return data if unpacker.eof and not unpacker.unused_data and len(data) <= most else None
