"""Where the rows of a DOC's tables end: its text has one sign for the end of a cell and of a row ([MS-DOC] 2.4.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

ROW_END = 0x06  # put in place of the cell mark that ends a row; Word's text never holds it
_CELL_END, _PARAGRAPH_END, _LINE_BREAK = 0x07, 0x0D, 0x0B
_BINS_AT = (
    0x0102  # fcPlcfBtePapx, lcbPlcfBtePapx: where the table stream lists the pages of paragraph properties
)
_PAGE = 512  # bytes of one such page in the Word stream
_PAGE_NUMBER = 0x3FFFFF  # the low 22 bits of an entry
_BX = 13  # bytes of one entry of a page; the first is the place of the properties, halved
_SPRM_ROW_END, _SPRM_IN_TABLE = b"\x17\x24\x01", b"\x16\x24\x01"  # sprmPFTtp and sprmPFInTable, switched on


def mark_rows(word: bytes, table: bytes) -> bytes:
    """The Word stream with ROW_END for the mark of each row, and line breaks for paragraph ends inside of cells."""
    marked = bytearray(word)
    for end, properties in _paragraphs(word, table):
        if _SPRM_ROW_END in properties:
            _replace(marked, end, _CELL_END, ROW_END)
        elif _SPRM_IN_TABLE in properties:
            _replace(marked, end, _PARAGRAPH_END, _LINE_BREAK)
    return bytes(marked)


def _paragraphs(word: bytes, table: bytes) -> Iterator[tuple[int, bytes]]:
    """Each paragraph's end in the Word stream and its properties; pages that are cut off or absurd are left out."""
    offset, length = struct.unpack_from("<II", word, _BINS_AT)
    bins = table[offset : offset + length]
    n_pages = max(0, (len(bins) - 4) // 8)
    for number in struct.unpack_from(f"<{n_pages}I", bins, 4 * (n_pages + 1)) if n_pages else ():
        at = (number & _PAGE_NUMBER) * _PAGE
        page = word[at : at + _PAGE]
        if len(page) == _PAGE and 4 * (page[-1] + 1) + _BX * page[-1] < _PAGE:
            yield from _on_page(page, page[-1])


def _on_page(page: bytes, count: int) -> Iterator[tuple[int, bytes]]:
    ends = struct.unpack_from(f"<{count + 1}I", page)[1:]
    for i, end in enumerate(ends):
        at = 2 * page[4 * (count + 1) + _BX * i]
        if 0 < at < _PAGE - 2:
            size = page[at]
            start, length = (at + 1, 2 * size - 1) if size else (at + 2, 2 * page[at + 1])
            yield end, page[start : start + length]


def _replace(marked: bytearray, end: int, old: int, new: int) -> None:
    """Changes the last character before `end`, which takes two bytes or, in compressed pieces, one."""
    if marked[end - 2 : end] == bytes((old, 0)):
        marked[end - 2] = new
    elif marked[end - 1 : end] == bytes((old,)):
        marked[end - 1] = new
