"""Tells a file's format by its first bytes and inner names, never by its name: sites rename files freely."""

from __future__ import annotations

import io
import zipfile

import olefile

# First bytes -> format. Those that no reader stands for are named all the same, for the note.
_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),  # an archive without members
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"BM", "bmp"),
)
_PDF_WITHIN = 1024  # bytes: readers accept a PDF header that stands this far in (ISO 32000-1, annex H.3.4.1)
_ZIP_MARKS = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("OFD.xml", "ofd"),
    ("ppt/presentation.xml", "pptx"),
    ("content.xml", "odt"),
)
_OLE_MARKS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)


def sniff(body: bytes) -> str:
    """The format: pdf, doc, docx, xlsx, ofd, zip, rtf, html, xls, rar, png … or `unknown`.

    >>> sniff(b"%PDF-1.4 ...")
    'pdf'
    >>> sniff(b"\\r\\n<!DOCTYPE html><html>")
    'html'
    """
    if b"%PDF-" in body[:_PDF_WITHIN]:
        return "pdf"
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return {"zip": _in_zip, "ole": _in_ole}[name](body) if name in ("zip", "ole") else name
    start = body[:_PDF_WITHIN].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if start.startswith((b"<!doctype", b"<html", b"<head", b"<script")) else "unknown"


def _in_zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            names = {name.lower() for name in package.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "zip"
    return next((kind for mark, kind in _ZIP_MARKS if mark.lower() in names), "zip")


def _in_ole(body: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as ole:
            return next((kind for mark, kind in _OLE_MARKS if ole.exists(mark)), "ole")
    except Exception:  # olefile raises whatever a broken directory leads it into
        return "ole"
