"""Takes the answers of some addresses out of landings, so that every other record stays where the log says it is."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Collection
from pathlib import Path

from archive.landing import LOG
from archive.warc_scan import scan

# A gzip member (RFC 1952) whose header has a comment, which may be as long as it likes; no time, any system.
HEADER = b"\x1f\x8b\x08\x10\0\0\0\0\0\xff"
REMOVED = (
    b"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
    b"WARC-Date: 1970-01-01T00:00:00Z\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
)


def erase(folder: Path, urls: Collection[str]) -> int:
    """Take all that a run stored and logged of these addresses out of its files; the number of records."""
    n = sum(_erase_records(path, urls) for path in sorted(folder.glob("*.warc.gz")))
    if (folder / LOG).exists():
        _replace(folder / LOG, b"".join(line for line in _lines(folder / LOG) if not _names(line, urls)))
    (folder / "known.jsonl").unlink(missing_ok=True)  # told to the crawl, which is over
    return n


def _erase_records(path: Path, urls: Collection[str]) -> int:
    places = [offset for offset, record in scan(path) if record.headers.get("warc-target-uri") in urls]
    if not places:
        return 0
    draft = path.with_suffix(".tmp")
    shutil.copyfile(path, draft)
    with draft.open("r+b") as file:
        for offset in places:
            file.seek(offset)
            length = _member_length(file.read(path.stat().st_size - offset))
            file.seek(offset)
            file.write(_filler(length))
        os.fsync(file.fileno())
    draft.replace(path)
    return len(places)


def _member_length(data: bytes) -> int:
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
    unpacker.decompress(data)
    return len(data) - len(unpacker.unused_data)


def _filler(length: int) -> bytes:
    """A record of exactly this length that says nothing, so that no offset after it changes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(REMOVED) + packer.flush()
    end = zlib.crc32(REMOVED).to_bytes(4, "little") + len(REMOVED).to_bytes(4, "little")
    comment = length - len(HEADER) - 1 - len(body) - len(end)
    if comment < 0:
        return bytes(length)  # shorter than any answer with headers: readers step over it
    return HEADER + b" " * comment + b"\0" + body + end


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def _names(line: bytes, urls: Collection[str]) -> bool:
    try:
        ((_, entry),) = json.loads(line).items()
        return any(entry.get(key) in urls for key in ("url", "parent_url", "final_url"))
    except (ValueError, AttributeError):
        return False


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_suffix(".tmp")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
