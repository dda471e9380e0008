"""ListAnswer: one decoded answer to a list request, as the families read it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml.html import HtmlElement

from archive.models import ListRequest

# JSONP: name( … ) with an optional semicolon; the name may be dotted or empty.
_JSONP = re.compile(r"^\s*[\w$.]*\s*\((?P<json>.*)\)\s*;?\s*$", re.DOTALL)
_TAG_START = re.compile(r"<[a-zA-Z!/?]")


@dataclass(frozen=True)
class ListAnswer:
    """The text of one answer with its address. Trees and JSON are read when first asked for."""

    url: str
    text: str
    content_type: str = ""
    status: int = 200
    n_bytes: int = 0
    place: str = ""  # where the rows of the page before stood: beside a short last page, news may weigh more

    @cached_property
    def root(self) -> HtmlElement:
        """The element tree; of an answer that holds no markup, an empty document."""
        return parse_html(self.text)

    @cached_property
    def base_url(self) -> str:
        """What relative links count from: `<base href>` where the page has one."""
        for element in self.root.iter("base"):
            href = (element.get("href") or "").strip()
            if href:
                return join(self.url, href) or self.url
        return self.url

    @cached_property
    def data(self) -> Any:
        """The answer as JSON (also out of a JSONP call), or None where it is not JSON."""
        return read_json(self.text)

    def link(self, href: str | None) -> str:
        """The absolute http(s) address of a link on this page, or "" where it leads nowhere."""
        return join(self.base_url, href or "")


def parse_html(text: str) -> HtmlElement:
    """The tree of a page or of a fragment; never raises."""
    if not _TAG_START.search(text):
        return lxml.html.Element("html")
    parser = lxml.html.HTMLParser(encoding="utf-8")
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return lxml.html.Element("html")


def read_json(text: str) -> Any:
    """JSON or JSONP as plain values; None where it is neither.

    >>> read_json('cb({"a": [1]});')
    {'a': [1]}
    >>> read_json("<html>") is None
    True
    """
    text = text.lstrip("\ufeff").strip()
    call = None if text[:1] in "{[" else _JSONP.match(text)
    try:
        return json.loads(call["json"] if call else text)
    except (ValueError, RecursionError):
        return None


def join(base: str, href: str) -> str:
    """`href` as an absolute http(s) address without its fragment, or "" where it is no address.

    >>> join("http://a.example/zwgk/", "./202202/t1.html#top")
    'http://a.example/zwgk/202202/t1.html'
    >>> join("http://a.example/zwgk/", "javascript:;")
    ''
    """
    href = re.sub(r"[\s\u3000]+", "", href)
    if not href or href.startswith("#"):
        return ""
    try:
        url = urljoin(base, href).split("#")[0]
        is_web = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return ""
    return url if is_web else ""


def next_page(request: ListRequest, url: str, state: Mapping[str, Any] | None = None) -> ListRequest:
    """The GET request for the page after `request`; `state` replaces the family's memory where given."""
    kept = request.state if state is None else state
    return ListRequest(url=url, family=request.family, state=dict(kept), page_no=request.page_no + 1)
