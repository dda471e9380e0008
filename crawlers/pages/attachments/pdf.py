"""PDF to text: paragraphs from the places of lines, ruled tables as rows; a scan is told from an empty file."""

from __future__ import annotations

import io
import re
import time
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from crawlers.pages.attachments.content import Content, row, whole
from crawlers.pages.attachments.layout import PlacedLine, paragraphs, without_font_spaces

MAX_SECONDS = 14  # of processor time for one file; about 200 pages. What was read until then is kept
_MAX_EDGES = 2_000  # of lines and boxes on a page; a full page of table has 400, a map has 50,000
_SCANNED_BELOW = 12  # characters a page: a scan holds at most a stamp or a page number as text
_WATERMARK_SHARE = 0.5  # of a page's characters; where more are aslant, the page was only turned
_UNMAPPED = re.compile(r"\(cid:\d+\)")  # what pdfminer writes for a glyph whose font names no character
_UNMAPPED_SHARE = 0.2  # of the text; with more, only OCR can read the pages


def read_pdf(body: bytes) -> Content:
    """The text of a PDF: note needs_ocr for a scan, encrypted where a password is asked for.

    Raises:
        PdfminerException: the file is broken beyond reading.
    """
    try:
        with pdfplumber.open(io.BytesIO(body)) as document:
            return _content(document)
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            return Content("pdf", None, "encrypted: the document asks for a password")
        raise


def _content(document: Any) -> Content:
    began = time.process_time()
    pages: list[list[PlacedLine]] = []
    n_images = 0
    for page in document.pages:
        if time.process_time() - began > MAX_SECONDS:
            break
        pages.append(_lines(page))
        n_images += len(page.images)
        page.close()
    content = whole("pdf", paragraphs(pages))
    n_chars = len(content.text or "")
    unmapped = sum(map(len, _UNMAPPED.findall(content.text or "")))
    if (n_images and n_chars < _SCANNED_BELOW * len(pages)) or unmapped > _UNMAPPED_SHARE * max(n_chars, 1):
        return Content(
            "pdf", None, f"needs_ocr: {n_images} images and {n_chars} characters on {len(pages)} pages"
        )
    if len(pages) < len(document.pages):
        return Content(
            "pdf", content.text, f"too_large: only {len(pages)} of {len(document.pages)} pages read"
        )
    return content


def _lines(page: Any) -> list[PlacedLine]:
    page = _printed_once(page)
    tables = _tables(page)
    boxes = [table.bbox for table in tables]
    running = page.filter(lambda thing: not _is_inside(thing, boxes)) if boxes else page
    lines = [
        PlacedLine(line["text"], line["x0"], line["x1"], line["top"], line["bottom"] - line["top"])
        for line in running.extract_text_lines(return_chars=False)
    ]
    return lines + [line for table in tables for line in _rows(table)]


def _printed_once(page: Any) -> Any:
    """The page without watermarks, which run aslant, and without the second print that makes a character bold."""
    aslant = sum(map(_is_aslant, page.chars))
    if 0 < aslant < _WATERMARK_SHARE * len(page.chars):
        page = page.filter(lambda thing: thing.get("object_type") != "char" or not _is_aslant(thing))
    places = {(char["text"], round(char["x0"]), round(char["top"])) for char in page.chars}
    return page.dedupe_chars(tolerance=1) if len(places) < len(page.chars) else page


def _is_aslant(char: dict[str, Any]) -> bool:
    across, up = char["matrix"][:2]
    return bool(abs(up) > 0.1 * abs(across))


def _tables(page: Any) -> list[Any]:
    """The ruled tables. A frame around the page or a line under a heading is found as one, too, of one cell."""
    if len(page.edges) > _MAX_EDGES:
        return []
    return [table for table in page.find_tables() if len(table.rows) > 1 and len(table.columns) > 1]


def _is_inside(thing: dict[str, Any], boxes: list[tuple[float, float, float, float]]) -> bool:
    if thing.get("object_type") != "char":
        return False
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


def _rows(table: Any) -> list[PlacedLine]:
    left, _, right, _ = table.bbox
    rows = zip(table.rows, table.extract(), strict=True)
    return [
        # A cell's line breaks are typesetting: between Chinese characters nothing stands there.
        PlacedLine(
            row([without_font_spaces((text or "").replace("\n", "")) for text in texts]),
            left,
            right,
            line.bbox[1],
            1.0,
            True,
        )
        for line, texts in rows
    ]
