"""DOC and WPS to text: the piece table of a Word 97-2003 file ([MS-DOC] 2.4.1)."""

from __future__ import annotations

import io
import re
import struct

import olefile

from crawlers.pages.attachments.content import Content, row, whole
from crawlers.pages.attachments.doc_tables import mark_rows

_WORD_97 = 0x00C1  # nFib of Word 97; smaller numbers are Word 6 and 95, another layout
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200  # flags at offset 10 of the FIB
_TEXT_UNITS_AT = 0x4C  # ccpText: UTF-16 units of the main text; notes and headers come after it
_PIECES_AT = 0x01A2  # fcClx, lcbClx: where the table stream holds the piece table
_COMPRESSED = 0x40000000  # bit of a piece's address: one byte a character, and the address is doubled

# A field is \x13 instruction \x14 result \x15; only the result is shown. Fields nest, innermost first.
_FIELD = re.compile(r"\x13[^\x13\x14\x15]*(?:\x14([^\x13\x14\x15]*))?\x15")
_MAX_NESTING = 20
_SIGNS = str.maketrans({"\x0b": "\n", "\x0c": "\r", "\x0e": "\r", "\x1e": "-", "\xa0": " ", "\t": " "})
_CONTROLS = re.compile(r"[\x00-\x05\x08\x0e-\x1f]")


class DocError(ValueError):
    """The file is broken or encrypted; the message is the note."""


def read_doc(body: bytes) -> Content:
    """The main text of a DOC or WPS file; a table row is one line `a | b`. Automatic numbers are not in it.

    Raises:
        DocError: encrypted, or its tables point outside of the file.
    """
    with olefile.OleFileIO(io.BytesIO(body)) as ole:
        word = ole.openstream("WordDocument").read()
        if len(word) < _PIECES_AT + 8:
            raise DocError("unreadable: the Word stream is cut off")
        version, flags = struct.unpack_from("<H", word, 2)[0], struct.unpack_from("<H", word, 10)[0]
        if flags & _ENCRYPTED:
            raise DocError("encrypted: the document asks for a password")
        if version < _WORD_97:
            raise DocError("unreadable: a document of Word 6 or 95")
        table = ole.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
    return whole("doc", _lines(_text(mark_rows(word, table), table)))


def _text(word: bytes, table: bytes) -> str:
    """The main text joined from its pieces."""
    offset, length = struct.unpack_from("<II", word, _PIECES_AT)
    units_left = struct.unpack_from("<I", word, _TEXT_UNITS_AT)[0]
    plc = _piece_table(table[offset : offset + length])
    n_pieces = (len(plc) - 4) // 12  # n+1 positions of 4 bytes, then n descriptors of 8
    positions = struct.unpack_from(f"<{n_pieces + 1}I", plc)
    parts = []
    for i in range(n_pieces):
        address = struct.unpack_from("<I", plc, 4 * (n_pieces + 1) + 8 * i + 2)[0]
        n_units = min(positions[i + 1] - positions[i], units_left)
        parts.append(_piece(word, address, n_units))
        units_left -= n_units
    return "".join(parts)


def _piece_table(clx: bytes) -> bytes:
    """The piece table stands behind property modifiers: type 1 and two bytes of length, then type 2 and four."""
    at = 0
    while at + 5 <= len(clx):
        if clx[at] == 2:
            length = struct.unpack_from("<I", clx, at + 1)[0]
            return clx[at + 5 : at + 5 + length]
        if clx[at] != 1:
            break
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    raise DocError("unreadable: the document has no piece table")


def _piece(word: bytes, address: int, n_units: int) -> str:
    if n_units < 0 or n_units > len(word):
        raise DocError("unreadable: a piece points outside of the file")
    if address & _COMPRESSED:
        start = (address & ~_COMPRESSED) // 2
        return word[start : start + n_units].decode("cp1252", "replace")
    return word[address : address + 2 * n_units].decode("utf-16-le", "replace")


def _lines(text: str) -> list[str]:
    """Paragraphs end in \\r, cells in \\x07, rows in \\x06."""
    for _ in range(_MAX_NESTING):
        text, n_fields = _FIELD.subn(lambda found: found[1] or "", text)
        if not n_fields:
            break
    lines: list[str] = []
    for block in _CONTROLS.sub("", text.translate(_SIGNS)).split("\x06"):
        before, is_row, cells = block.partition("\x07")
        *running, last = before.split("\r")
        lines += running
        lines.append(row([last, *cells.split("\x07")[:-1]]) if is_row else last)
    return lines
