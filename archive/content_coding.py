"""Undo the Content-Encoding of an archived body: gzip and deflate, the two that the crawl stores as they came."""

from __future__ import annotations

import zlib

# zlib's window argument: +32 finds out by itself whether the header is gzip's or zlib's.
_ANY_HEADER = zlib.MAX_WBITS + 32
# Some servers send deflate without any header.
_NO_HEADER = -zlib.MAX_WBITS
STORED_CODINGS = frozenset({b"gzip", b"x-gzip", b"deflate"})


def decode_content(body: bytes, coding: bytes) -> bytes:
    """The body without its coding; what cannot be decoded any further ends it, as browsers do.

    >>> decode_content(zlib.compress("总结".encode()), b"deflate").decode()
    '总结'
    >>> decode_content(b"plain", b"")
    b'plain'
    """
    for name in reversed([part.strip().lower() for part in coding.split(b",") if part.strip()]):
        if name in STORED_CODINGS:
            body = _inflate(body, _ANY_HEADER) or _inflate(body, _NO_HEADER)
    return body


def _inflate(body: bytes, window: int) -> bytes:
    """All members of a compressed body, in pieces, so that a damaged end costs only the end."""
    pieces: list[bytes] = []
    unpacker = zlib.decompressobj(window)
    try:
        while body:
            pieces.append(unpacker.decompress(body, 1 << 20))
            body = unpacker.unconsumed_tail
            if unpacker.eof:
                body = unpacker.unused_data.lstrip(b"\0")
                unpacker = zlib.decompressobj(window)
    except zlib.error:
        pass
    return b"".join(pieces)
