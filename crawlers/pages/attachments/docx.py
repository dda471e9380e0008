"""DOCX to text: paragraphs and tables in document order, text boxes and tracked insertions included."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from crawlers.pages.attachments.content import Content, row, whole
from crawlers.pages.attachments.numbering import Numbering
from crawlers.pages.attachments.packages import check, local_name, parse_xml

# Deleted text, the second copy of a drawing for old programs, and pinyin above characters.
_SKIPPED = frozenset(("del", "moveFrom", "Fallback", "rt"))
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_docx(body: bytes) -> Content:
    """The text of a DOCX; a table row is one line `a | b`.

    Raises:
        zipfile.BadZipFile, KeyError, PackageError: not a package, no document in it, or one that is refused.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        check(package)
        document = parse_xml(package.read("word/document.xml"))
        numbering = Numbering.of(package)
    return whole("docx", _blocks(document, numbering))


def _blocks(parent: etree._Element, numbering: Numbering) -> list[str]:
    lines: list[str] = []
    for child in parent:
        name = local_name(child)
        if name == "p":
            lines += (numbering.label(child) + _inline(child)).split("\n")
        elif name == "tbl":
            lines += _rows(child, numbering)
        elif name not in _SKIPPED:
            lines += _blocks(child, numbering)
    return lines


def _rows(table: etree._Element, numbering: Numbering) -> list[str]:
    lines = []
    for line in (child for child in table if local_name(child) == "tr"):
        cells = [child for child in line if local_name(child) in ("tc", "sdt")]
        lines.append(row(["\n".join(_blocks(cell, numbering)) for cell in cells]))
    return lines


def _inline(paragraph: etree._Element) -> str:
    parts = []
    for child in paragraph:
        name = local_name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name in _BREAKS:
            parts.append(_BREAKS[name])
        elif name == "txbxContent":
            parts.append("\n" + "\n".join(map(_inline, child)) + "\n")
        elif name and name not in _SKIPPED:
            parts.append(_inline(child))
    return "".join(parts)
