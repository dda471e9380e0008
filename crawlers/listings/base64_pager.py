"""Lists whose pager stands on the page in base64 and is unpacked by window.atob (云南 and others)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, next_page
from crawlers.listings._candidates import text_of
from crawlers.listings._html import with_next
from crawlers.listings._pagers import read_pager

ORDER = 85

_PACKED = re.compile(r"^[A-Za-z0-9+/\s]{24,}={0,2}$")


def detect(answer: ListAnswer) -> bool:
    """window.atob in a script, and an element whose text unpacks to links."""
    return "atob(" in answer.text and bool(_unpacked(answer))


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Rows of the page; the next page from the unpacked pager."""
    pager = read_pager(replace(answer, text=f"<html><body>{_unpacked(answer)}</body></html>"))
    return with_next(answer, pager, next_page(request, pager.next_url) if pager.next_url else None)


def _unpacked(answer: ListAnswer) -> str:
    for element in answer.root.iter("div", "span", "p", "input", "textarea"):
        packed = (element.get("value") or text_of(element)) if len(element) == 0 else ""
        if _PACKED.match(packed):
            html = _unpack(packed)
            if "<a" in html:
                return html
    return ""


def _unpack(packed: str) -> str:
    try:
        return base64.b64decode("".join(packed.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
