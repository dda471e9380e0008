"""Takes the answers of some addresses out of landings, so that every other record stays where the log says it is."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from archive.durable import rename, write_whole
from archive.landing import LOG
from archive.models import Forgotten
from archive.warc_scan import scan

# A gzip member (RFC 1952) whose header has a comment, which may be as long as it likes; no time, any system.
HEADER = b"\x1f\x8b\x08\x10\0\0\0\0\0\xff"
# A member is read in pieces of this size to find its end.
PIECE = 1 << 16
# What was removed, one address or source a line: outlives the warehouse, which may be rebuilt from the landings.
MEMORY = "forgotten.txt"
REMOVED = (
    b"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
    b"WARC-Date: 1970-01-01T00:00:00Z\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
)


def remember(root: Path, what: str) -> None:
    """Note an address or a source under `landing/` as removed for good."""
    known = (root / MEMORY).read_bytes() if (root / MEMORY).exists() else b""
    if what.encode() not in known.splitlines():
        root.mkdir(parents=True, exist_ok=True)
        write_whole(root / MEMORY, known + what.encode() + b"\n")


def remembered(root: Path) -> Forgotten:
    """All that was noted under `landing/`."""
    lines = (root / MEMORY).read_text("utf-8").splitlines() if (root / MEMORY).exists() else []
    return Forgotten.of(lines)


def erase(folder: Path, urls: Collection[str]) -> int:
    """Take all that a run stored and logged of these addresses out of its files; the number of records."""
    n = sum(_erase_records(path, urls) for path in sorted(folder.glob("*.warc.gz")))
    if (folder / LOG).exists():
        write_whole(folder / LOG, b"".join(line for line in _lines(folder / LOG) if not _names(line, urls)))
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
            length = _member_length(file, offset)
            file.seek(offset)
            file.write(_filler(length))
        os.fsync(file.fileno())
    rename(draft, path)
    return len(places)


def _member_length(file: BinaryIO, offset: int) -> int:
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
    file.seek(offset)
    n_read = 0
    while not unpacker.eof and (piece := file.read(PIECE)):
        unpacker.decompress(piece)
        n_read += len(piece)
    return n_read - len(unpacker.unused_data)


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
