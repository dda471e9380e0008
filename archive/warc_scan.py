"""Every record that can still be read in a WARC file, whatever happened to the bytes between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.warc import Record, WarcError, read_record

# A gzip member begins so (RFC 1952): two bytes of identity and the only method there is.
MEMBER = b"\x1f\x8b\x08"
# Searched in pieces of this size, so that a file of a gigabyte takes no memory.
PIECE = 1 << 20


def scan(path: Path) -> Iterator[tuple[int, Record]]:
    """(offset, record) of every whole record, in order; damaged stretches are stepped over."""
    for offset in _beginnings(path):
        try:
            yield offset, read_record(path, offset)
        except WarcError:
            continue  # the three bytes stood inside a record, or the record is damaged


def _beginnings(path: Path) -> Iterator[int]:
    with path.open("rb") as file:
        before, at = b"", 0
        while piece := file.read(PIECE):
            window = before + piece
            start = at - len(before)
            found = window.find(MEMBER)
            while found >= 0:
                yield start + found
                found = window.find(MEMBER, found + 1)
            before, at = window[-(len(MEMBER) - 1) :], at + len(piece)
