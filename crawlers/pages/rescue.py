"""A slow second parser for documents that lxml finds next to nothing in."""

from __future__ import annotations

from html import escape

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from lxml.html import HtmlElement

from crawlers.pages.document import parse
from crawlers.pages.elements import BLOCKS, NEVER_READ

# html.parser reads 100,000 characters a second of the worst input, and its time is quadratic in unclosed
# comments and declarations: larger or stranger documents are given up.
MAX_RESCUED_CHARS = 200_000
MAX_DECLARATIONS = 300


def rescue(text: str) -> HtmlElement | None:
    """The text of a broken document as a flat tree of paragraphs, or None where it cannot be had.

    BeautifulSoup with html.parser reads on where libxml2 gives up: after a comment that is never closed, and
    below 2,048 levels of nesting.
    """
    text = text[:MAX_RESCUED_CHARS]
    if text.count("<!") + text.count("<?") > MAX_DECLARATIONS:
        return None
    soup = BeautifulSoup(text, "html.parser")
    title = soup.title.get_text() if soup.title is not None else ""
    paragraphs = [line.strip() for line in "".join(_pieces(soup)).split("\n") if line.strip()]
    if not paragraphs:
        return None
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return parse(f"<html><head><title>{escape(title)}</title></head><body>{body}</body></html>")


def _pieces(soup: BeautifulSoup) -> list[str]:
    """The strings of a document in order, with a line break where a block begins. Linear in any nesting."""
    pieces: list[str] = []
    for node in soup.descendants:
        if isinstance(node, Tag):
            if node.name in BLOCKS or node.name == "br":
                pieces.append("\n")
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            parent = node.parent.name if node.parent is not None else ""
            if parent not in NEVER_READ and parent != "title":
                pieces.append(str(node).replace("\n", " "))
    return pieces
