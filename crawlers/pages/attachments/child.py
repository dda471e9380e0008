"""The child process that reads one file: bytes on standard input, one JSON object on standard output."""

from __future__ import annotations

import json
import sys

from crawlers.pages.attachments import limits
from crawlers.pages.attachments.content import Content
from crawlers.pages.attachments.sniffing import sniff

_IMAGES = ("png", "jpg", "gif", "tif", "bmp")
_NOTES = {
    "encrypted": "encrypted: the document asks for a password",
    "html": "unreadable: a web page came instead of a file",
    "ole": "unreadable: an office file that is broken or of no known program",
}


def read(body: bytes, *, inside_zip: bool = False) -> Content:
    """The content of a file of any format; an archive inside an archive stays closed. Never raises."""
    file_format = sniff(body)
    try:
        return _read_format(file_format, body, inside_zip)
    except MemoryError:
        return Content(file_format, None, f"too_large: needs more than {limits.MEMORY_BYTES} bytes of memory")
    except RecursionError:
        return Content(file_format, None, "unreadable: nested too deeply")
    except Exception as error:  # what a parser raises on a broken file has no common class
        note = str(error) if _is_note(str(error)) else f"unreadable: {type(error).__name__}: {error}"
        return Content(file_format, None, " ".join(note.split())[:300])


def _is_note(text: str) -> bool:
    return text.startswith(("unreadable: ", "encrypted: ", "too_large: "))


def _read_format(file_format: str, body: bytes, inside_zip: bool) -> Content:
    """One reader a format, imported when it is needed: pdfplumber alone takes longer than most files."""
    match file_format:
        case "pdf":
            from crawlers.pages.attachments.pdf import read_pdf

            return read_pdf(body)
        case "docx":
            from crawlers.pages.attachments.docx import read_docx

            return read_docx(body)
        case "doc":
            from crawlers.pages.attachments.doc import read_doc

            return read_doc(body)
        case "xlsx":
            from crawlers.pages.attachments.xlsx import read_xlsx

            return read_xlsx(body)
        case "rtf":
            from crawlers.pages.attachments.rtf import read_rtf

            return read_rtf(body)
        case "ofd":
            from crawlers.pages.attachments.ofd import read_ofd

            return read_ofd(body)
        case "zip" if not inside_zip:
            from crawlers.pages.attachments.zipped import read_zip

            return read_zip(body, lambda member: read(member, inside_zip=True))
    return Content(file_format, None, _why_not(file_format))


def _why_not(file_format: str) -> str:
    if file_format in _IMAGES:
        return "needs_ocr: an image"
    return _NOTES.get(file_format, f"unreadable: no reader for {file_format}")


def main() -> None:
    """Reads standard input under the limits and writes {format, text, note}."""
    body = sys.stdin.buffer.read()
    limits.apply()
    content = read(body)
    answer = {"format": content.format, "text": content.text, "note": content.note}
    sys.stdout.write(json.dumps(answer))  # ASCII: half a surrogate pair in a text cannot break it


if __name__ == "__main__":
    main()
