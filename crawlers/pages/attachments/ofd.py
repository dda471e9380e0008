"""OFD to text (GB/T 33190-2016): the text codes of every page in order, joined to paragraphs by their places."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

from crawlers.pages.attachments.content import Content, whole
from crawlers.pages.attachments.layout import PlacedLine, paragraphs
from crawlers.pages.attachments.packages import PackageError, check, local_name, parse_xml

_SAME_LINE = 0.5  # of a character's height: text objects whose tops differ by less stand on one line


def read_ofd(body: bytes) -> Content:
    """The text of an OFD. Pages that hold images alone are a scan: needs_ocr.

    Raises:
        zipfile.BadZipFile, KeyError, PackageError: not a package, a part is missing, or one that is refused.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        check(package)
        pages = [parse_xml(package.read(name)) for name in _page_names(package)]
    text = paragraphs([_lines(page) for page in pages])
    if not text and any(True for page in pages for _ in _named(page, "ImageObject")):
        return Content("ofd", None, "needs_ocr: the pages hold images alone")
    return whole("ofd", text)


def _page_names(package: zipfile.ZipFile) -> Iterator[str]:
    """OFD.xml names the documents, each document its pages; a location is relative to the part that names it."""
    for root in _named(parse_xml(package.read("OFD.xml")), "DocRoot"):
        document = (root.text or "").strip().lstrip("/")
        for page in _named(parse_xml(package.read(document)), "Page"):
            location = str(page.get("BaseLoc") or "")
            if location:
                folder = "" if location.startswith("/") else posixpath.dirname(document)
                yield posixpath.normpath(posixpath.join(folder, location.lstrip("/")))


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in root.iter() if local_name(element) == name)


def _lines(page: etree._Element) -> list[PlacedLine]:
    lines: list[PlacedLine] = []
    for found in sorted(map(_placed, _named(page, "TextObject")), key=lambda line: (line.top, line.left)):
        last = lines[-1] if lines else None
        if last and found.top - last.top < _SAME_LINE * last.size and found.left >= last.left:
            right = max(last.right, found.right)
            lines[-1] = PlacedLine(last.text + found.text, last.left, right, last.top, last.size)
        else:
            lines.append(found)
    return lines


def _placed(element: etree._Element) -> PlacedLine:
    """A text object with its place in millimetres: Boundary is left, top, width and height."""
    try:
        left, top, width, height = map(float, str(element.get("Boundary") or "").split())
        size = float(str(element.get("Size") or height))
    except ValueError as error:
        raise PackageError(f"unreadable: a text object without a place ({error})") from error
    text = "".join(code.text or "" for code in _named(element, "TextCode"))
    return PlacedLine(text, left, left + width, top, size)
