"""Text of a page to an element tree, for documents that are broken, huge or malicious."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

# 80,000 tags are six times the longest page seen; a tag costs up to 60 microseconds and 600 bytes, so
# this keeps any page under 6 seconds and 200 MB.
MAX_TAGS = 80_000
MAX_CHARS = 3_000_000

# libxml2 2.14 stops at the first </html>; pages put together from templates hold several, the first one
# in the middle (one in twenty Chinese pages). The parser needs none of them.
_END_TAGS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"<\?xml[^>]{0,200}\?>", re.IGNORECASE)
# That of lxml.html asks Python for the class of each element, to give forms classes of their own.
_ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)
# Pictures and fonts inside attributes: megabytes that nobody reads.
_DATA_URI = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=\s]{64,}")
_CONTROLS = bytes((*range(9), 11, 12, *range(14, 32)))
_CONTROL = re.compile(f"[{_CONTROLS.decode()}]")


def parse(text: str) -> HtmlElement | None:
    """The document's tree without comments, or None where there is no element in it."""
    text = _repair(text)
    # huge_tree lets nesting run past 256 levels and long text nodes through; the size is bounded above.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, etree.ParserError, ValueError):
        return None
    return root


def _repair(text: str) -> str:
    if "base64," in text:
        text = _DATA_URI.sub("", text)
    text = text[:MAX_CHARS]
    encoded = text.encode("utf-8", "replace")
    if len(encoded.translate(None, _CONTROLS)) < len(
        encoded
    ):  # a look at bytes costs a third of one at characters
        text = _CONTROL.sub("", text)
    text = _XML_DECLARATION.sub("", text)
    opened = text.rfind("<!--")
    if opened > text.rfind("-->"):  # a comment that is never closed would swallow the rest of the page
        text = text[:opened] + text[opened + 4 :]
    return _cut_tags(_END_TAGS.sub("", text))


def _cut_tags(text: str) -> str:
    if text.count("<") <= MAX_TAGS:
        return text
    end = -1
    for n, match in enumerate(re.finditer("<", text)):
        if n == MAX_TAGS:
            end = match.start()
            break
    return text[:end]
