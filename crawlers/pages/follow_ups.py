"""Links on a report page that must be fetched to have the whole report: attachments, further pages, frames."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from archive.models import FollowUp, Page
from archive.printable import printable_url
from crawlers.decode import decode
from crawlers.pages.document import parse
from crawlers.pages.elements import weigh
from crawlers.pages.lines import clean

# Reading a page only for its links is wasted on most pages: without one of these bytes there are none.
# Plain searches in the lowered bytes: one expression over all of them, in any case, took ten times as long.
_SIGN_WORDS = (
    b"<iframe",
    b"<frame",
    b"<embed",
    b"<object",
    b"download",
    b"data-value",
    b"pdfshow",
    b"filename=",
    b"countpage",
    b"createpagehtml",
)
_SIGNS = (
    re.compile(rb"\.(?:pdf|docx?|wps|wpt|xlsx?|et|ofd|zip|rar|pptx?|7z|txt)\b"),
    re.compile(rb"_\d{1,3}\.s?html?"),
    re.compile(rb"page=\d"),
)
_FILES = re.compile(rb"\.(?:pdf|doc|wp[st]|xls|et|ofd|zip|rar|ppt|7z|txt)")
_LOWER, _BEYOND_ASCII = bytes(range(256)).lower(), bytes(range(128, 256))
_FILE = re.compile(r"\.(?:pdf|docx?|wps|wpt|xlsx?|et|ofd|zip|rar|7z|pptx?|txt)$", re.IGNORECASE)
# Downloads without a file name in the path: VSB, Hanweb, 新点 and others.
_DOWNLOAD = re.compile(
    r"download(?:attach)?\.(?:jsp|do|action|aspx?|php)|/download/(?:file|attach)|downfile|DownloadServlet|attachment/download|filedown",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"""['"]([^'"\s<>]{5,400})['"]""")
_SEE_ATTACHMENT = re.compile(r"附件|附表|附图|下载|查看|全文|原文")
MAX_FOLLOW_UPS = 60


def follow_ups(page: Page) -> list[FollowUp]:
    """What else must be fetched for the report on this page, in reading order. Never raises.

    Attachments (href, onclick, iframe, embed, `viewer?file=`, data-value), the further pages of an article over
    several pages, and frames that hold the body. Costs next to nothing on a page without any.
    """
    if not may_have_follow_ups(page.body):
        return []
    try:
        root = parse(decode(page.body, page.content_type))
        return collect(root, page.url) if root is not None else []
    except Exception:  # the spider calls this on every page: a broken page has no follow-ups
        return []


def may_have_follow_ups(body: bytes) -> bool:
    """A cheap look at the bytes of a page: False means that it certainly has none.

    First at those in ASCII only, of which a Chinese page has few: what stands together stays together there.
    """
    ascii_only = body.translate(_LOWER, _BEYOND_ASCII)
    words = [word for word in _SIGN_WORDS if word in ascii_only]
    if not words and not any(sign.search(ascii_only) for sign in (_FILES, *_SIGNS[1:])):
        return False
    lowered = body.lower()
    return any(word in lowered for word in words) or any(sign.search(lowered) for sign in _SIGNS)


def collect(root: HtmlElement, url: str) -> list[FollowUp]:
    """The follow-ups of a page that has been parsed."""
    found: dict[str, FollowUp] = {}
    base = _base(root, url)
    for follow in (*_attachments(root, base), *_continuations(root, url, base), *_frames(root, base)):
        target = printable_url(follow.url.partition("#")[0])
        if target not in found and target != url and urlsplit(target).scheme in ("http", "https"):
            found[target] = FollowUp(target, follow.kind, follow.caption)
        if len(found) >= MAX_FOLLOW_UPS:
            break
    return list(found.values())


def _resolve(base: str, address: str) -> str:
    """An address made absolute; "" where it is none (http://[broken is an error to the URL parser)."""
    try:
        target = urljoin(base, address)
        urlsplit(target)
    except ValueError:
        return ""
    return target


def _base(root: HtmlElement, url: str) -> str:
    element = next(root.iter("base"), None)
    return _resolve(url, element.get("href") or "") if element is not None else url


def _attachments(root: HtmlElement, base: str) -> Iterator[FollowUp]:
    is_sure = _MAY_NAME_FILE.search(base) is None
    for element in root.iter("a", "iframe", "embed", "object", "input", "div", "span", "button", "p", "li"):
        for value in _addresses(element):
            if is_sure and not _MAY_NAME_FILE.search(value):
                continue
            target = _file_target(value, base)
            if target:
                yield FollowUp(target, "attachment", _caption(element, target))


# What `_file_target` looks for begins with one of these, in the address itself or in that of the page; so plain a look
# spares most links of a page from being taken apart. White space and % may hide a sign.
_MAY_NAME_FILE = re.compile(r"\.[pdwxeozrt7]|down|[%\t\r\n]", re.IGNORECASE)
_ADDRESS_NAMES = (
    "href",
    "src",
    "data",
    "data-value",
    "data-url",
    "data-src",
    "data-href",
    "data-file",
    "fileurl",
)
_TELLING = frozenset((*_ADDRESS_NAMES, "onclick", "id"))


def _addresses(element: HtmlElement) -> Iterator[str]:
    """The attribute values of an element that may hold a file's address."""
    if _TELLING.isdisjoint(element.keys()):
        return
    values = dict(element.items())
    for name in _ADDRESS_NAMES:
        value = values.get(name)
        if value:
            yield value.strip()
    onclick = values.get("onclick")
    if onclick:
        yield from _QUOTED.findall(onclick[:2000])
    if values.get("href", "").lower().startswith("javascript:"):
        yield from _QUOTED.findall(values["href"][:2000])
    if values.get("id") == "pdfshow" and values.get("value"):
        yield values["value"]


def _file_target(value: str, base: str) -> str | None:
    """The file that an address names: itself, or the one that a viewer is asked to show."""
    if value.lower().startswith(("javascript:", "mailto:", "data:", "#")) or len(value) > 1500:
        return None
    try:
        target = _resolve(base, value)
        parts = urlsplit(target)
        shown = [v for name in ("file", "url", "src", "fileurl") for v in parse_qs(parts.query).get(name, [])]
    except ValueError:
        return None
    for file in shown:
        if _FILE.search(unquote(file).partition("?")[0]):
            return _resolve(target, file)
    if _FILE.search(unquote(parts.path)) or _DOWNLOAD.search(target):
        return target
    names = [v for values in parse_qs(parts.query).values() for v in values]
    return target if any(_FILE.search(name) for name in names) else None


def _caption(element: HtmlElement, target: str) -> str:
    text = clean("".join(element.itertext()))[:200] or clean(element.get("title") or "")[:200]
    return text or unquote(urlsplit(target).path.rpartition("/")[2])


_NEXT_PAGE = re.compile(
    r"下一?页|后一?页|[>»]|\[?\d{1,3}\]?|第?\s*\d{1,3}\s*页|\d{1,3}[、.].{1,40}|末页|尾页"
)


def _continuations(root: HtmlElement, url: str, base: str) -> Iterator[FollowUp]:
    """Pages 2, 3, … of this article: same name with _N (12308_2.html), or page=N, in the order of N."""
    pattern = _sibling_pattern(url)
    if pattern is None:
        return
    name = _last_name(url)
    pages: dict[int, str] = {}
    for element in root.iter("a"):
        address = (element.get("href") or "").strip()
        if base == url and name not in address and not re.search(r"[\t\r\n]", address):
            continue  # the name of this page can come from nowhere else
        target = _resolve(base, address)
        match = pattern.fullmatch(target.partition("#")[0])
        if match and _NEXT_PAGE.fullmatch(clean("".join(element.itertext()))[:60]):
            pages[int(match.group(1))] = match.group(0)
    first = min(pages, default=0)
    if first in (1, 2):  # a lone _57 is another article
        for number in sorted(pages):
            yield FollowUp(pages[number], "continuation", str(number))


def _sibling_pattern(url: str) -> re.Pattern[str] | None:
    """What the further pages of this URL are called; None for a URL that is itself a further page or a list.

    >>> bool(_sibling_pattern("http://a.example/wz/12308.html").fullmatch("http://a.example/wz/12308_2.html"))
    True
    """
    match = re.fullmatch(r"(https?://[^?#]+?)(\.s?html?|\.jsp|\.aspx?|\.php)", url.partition("#")[0])
    if match is None or re.search(r"/(?:index|list|default)\w*$", match.group(1)):
        return None
    return re.compile(
        rf"{re.escape(match.group(1))}(?:_|-|/|_p|\?page=)(\d{{1,3}})(?:{re.escape(match.group(2))})?"
    )


def _last_name(url: str) -> str:
    """The last part of a page's address without its ending: what the addresses of its further pages hold too."""
    return url.partition("#")[0].rpartition("/")[2].rpartition(".")[0]


_ARTICLE_FRAME = re.compile(r"(?i)content|article|zw|body|main|view|detail|info|text|show|news")
_NOT_A_FRAME = re.compile(
    r"(?i)about:|javascript:|weather|tianqi|counter|stat|ads?[./_]|share|search|login|comment|map\.|top\.|foot|head|menu|nav|left"
)


# A page that shows its text in a frame says little itself: title, dates, the imprint.
MAX_PROSE_OF_SHELL = 400


def _frames(root: HtmlElement, base: str) -> Iterator[FollowUp]:
    """Frames that may hold the body: on the same host, large or named so, not a widget; none on a page with text."""
    found = list(_named_frames(root, base))
    if found and weigh(root)[root].prose <= MAX_PROSE_OF_SHELL:
        yield from found


def _named_frames(root: HtmlElement, base: str) -> Iterator[FollowUp]:
    for element in root.iter("frame", "iframe"):
        source = (element.get("src") or "").strip()
        if not source or _NOT_A_FRAME.search(source) or _file_target(source, base):
            continue
        target = _resolve(base, source)
        if urlsplit(target).netloc != urlsplit(base).netloc or urlsplit(target).scheme not in (
            "http",
            "https",
        ):
            continue
        name = f"{element.get('name') or ''} {element.get('id') or ''} {source}"
        if element.tag == "frame" or _ARTICLE_FRAME.search(name) or _is_large(element):
            yield FollowUp(target, "frame", "")


def _is_large(element: HtmlElement) -> bool:
    width, height = element.get("width") or "", element.get("height") or ""
    # A third of a screen of 2004 (800x600); counters and weather are smaller.
    return width in ("100%", "98%", "95%") or (height.isdigit() and int(height) >= 300)
