"""The title of a report: what the page calls it, not its column or its site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lxml.html import HtmlElement

from crawlers.pages.chrome import is_furniture, is_meta_line
from crawlers.pages.elements import id_and_classes, is_unread, names
from crawlers.pages.lines import HEADINGS, Line, clean

MIN_CHARS, MAX_CHARS = 4, 150

_TITLE_NAME = re.compile(
    r"(?:art|arc|article|news|info|detail|content|doc|page|main|xl|xw|wz|con|text|show|view|h)?(?:title|tit|bt|biaoti|headline|subject|timu)\d?"
)
# Separators between title, column and site in <title>; a single hyphen only as the last resort, because
# titles hold hyphens of their own ("安图县-林业局2018年报告").
_STRONG_SEPARATOR = re.compile(r"\s*[_|｜»]+\s*|\s+[-–—]+\s*|\s*[-–—]+\s+|\s*--+\s*")
_WEAK_SEPARATOR = re.compile(r"[-–]")
_EXTENSION = re.compile(r"\.(?:docx?|pdf|wps|txt|xlsx?|pptx?|ofd)$", re.IGNORECASE)
_NOT_A_TITLE = re.compile(
    r"(?:网站)?首页|[\[【].{1,15}[\]】]|正文|详情|内容页?|新闻内容|文章内容|详细(?:页|信息|内容)|信息公开|通知公告|政务公开|无标题(?:文档)?|untitled.*|信息内容|文章正文|友情链接|.{0,12}(?:门户网站|官方网站|政府网|信息网|官网)|\(新闻\)",
    re.IGNORECASE,
)
_PAGE_NO = re.compile(r"\s*[（(]\s*(?:第?\s*\d+\s*页|\d+\s*/\s*\d+)\s*[)）]\s*$|\s*第\s*\d+\s*页\s*$|\(\d\)$")


@dataclass(frozen=True, slots=True)
class Title:
    """A title and where it was found."""

    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class TitleEvidence:
    """All that may name the report, each as the page gives it; empty where the page is silent."""

    meta: str
    labelled: str
    document: str  # the <title> element
    visible: tuple[str, ...]  # headings and elements called title, in page order
    head_lines: tuple[str, ...]  # lines before the body
    lines_above: tuple[str, ...]  # the last few of them, unjoined
    body_lines: tuple[str, ...]
    listed: str
    not_titles: tuple[str, ...]  # names of the site and the column


def squeeze(text: str) -> str:
    """A title as compared: no white space, no quotation marks or dashes that templates change."""
    return re.sub(r"[\s\u3000·“”\"'‘’—–\-_]+", "", text)


def choose_title(evidence: TitleEvidence) -> Title:
    """The best supported title; an empty one where nothing names the page.

    Order: <meta ArticleTitle>, a visible line that <title> begins with, the labelled 名称, a visible heading,
    <title> without column and site, the row of the list, the first line.
    """
    for find in (
        _from_meta,
        _from_document_match,
        _from_label,
        _from_heading,
        _from_line_above,
        _from_document,
        _from_list,
    ):
        title = find(evidence)
        if title is not None:
            return title
    first = next((line for line in evidence.body_lines if MIN_CHARS <= len(line) <= 60), "")
    return Title(first, "first_line" if first else "")


def _usable(text: str, evidence: TitleEvidence) -> bool:
    squeezed = squeeze(text)
    if not MIN_CHARS <= len(squeezed) <= MAX_CHARS or _NOT_A_TITLE.fullmatch(text):
        return False
    return squeezed not in {squeeze(name) for name in evidence.not_titles}


def _tidy(text: str) -> str:
    return _EXTENSION.sub("", _PAGE_NO.sub("", clean(text))).strip(" >»|_")


def _from_meta(evidence: TitleEvidence) -> Title | None:
    text = _tidy(evidence.meta)
    return Title(text, "meta:ArticleTitle") if _usable(text, evidence) else None


def _from_document_match(evidence: TitleEvidence) -> Title | None:
    """A visible text that <title> begins with: two witnesses for the same words."""
    document = squeeze(evidence.document)
    begins = document[:MIN_CHARS]
    is_compound = _STRONG_SEPARATOR.search(evidence.document) is not None
    best: Title | None = None
    for origin, texts in (
        ("heading", evidence.visible),
        ("line", evidence.head_lines),
        ("line", evidence.body_lines),
    ):
        for text in texts:
            if not all(map(text.__contains__, begins)):  # what is squeezed loses characters and gains none
                continue
            squeezed = squeeze(_tidy(text))
            if is_compound and squeezed == document:  # the whole <title>, shown as it is
                continue
            is_longer = best is None or len(squeezed) > len(squeeze(best.text))
            if is_longer and document.startswith(squeezed) and _usable(_tidy(text), evidence):
                best = Title(_tidy(text), origin)
        if best is not None:
            return best
    return None


def _from_label(evidence: TitleEvidence) -> Title | None:
    text = _tidy(evidence.labelled)
    return Title(text, "label:名称") if _usable(text, evidence) else None


def _from_heading(evidence: TitleEvidence) -> Title | None:
    usable = [_tidy(text) for text in evidence.visible if _usable(_tidy(text), evidence)]
    document = squeeze(evidence.document)
    for text in usable:
        # <title> says it too, or says only a part of it: a column's name such as 工作总结.
        if squeeze(text) in document or (len(document) >= MIN_CHARS and document in squeeze(text)):
            return Title(text, "heading")
    if usable and not _document_names(evidence):
        return Title(max(usable, key=len), "heading")
    return None


def _document_names(evidence: TitleEvidence) -> str:
    """<title> without the parts that name column and site; empty where nothing is left."""
    parts = [part for part in _STRONG_SEPARATOR.split(evidence.document) if part]
    usable = [_tidy(part) for part in parts if _usable(_tidy(part), evidence)]
    if len(parts) > 1:
        usable = [part for part in usable if not _is_site(part, evidence)]
    if not usable:
        return ""
    first = usable[0]
    if len(parts) == 1:
        pieces = _WEAK_SEPARATOR.split(first)
        while len(pieces) > 1 and (len(squeeze(pieces[-1])) <= 16 and _is_site(pieces[-1], evidence)):
            pieces.pop()
        first = "-".join(pieces)
    return first


def _is_site(text: str, evidence: TitleEvidence) -> bool:
    squeezed = squeeze(text)
    named = any(squeezed and squeezed in squeeze(name) for name in evidence.not_titles)
    return (
        named
        or re.search(
            r"(?:网|网站|局|委|委员会|政府|大学|学院|学校|平台|厅|频道|文库|中心|办公室|处|部|院|站|门户)$",
            text.strip(),
        )
        is not None
    )


def _from_document(evidence: TitleEvidence) -> Title | None:
    text = _document_names(evidence)
    return Title(text, "title") if text else None


def _from_line_above(evidence: TitleEvidence) -> Title | None:
    """The line above the body, where <title> names only the site."""
    if _document_names(evidence):
        return None
    for text in reversed(evidence.lines_above):
        if _usable(_tidy(text), evidence) and not _is_beside_title(text):
            return Title(_tidy(text), "line_above")
    return None


_DATE_FIRST = re.compile(r"\D{0,8}(?:19|20)\d\d\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d")


def _is_beside_title(text: str) -> bool:
    return "。" in text or is_furniture(text) or is_meta_line(text) or _DATE_FIRST.match(text) is not None


def _from_list(evidence: TitleEvidence) -> Title | None:
    text = _tidy(evidence.listed)
    return Title(text, "list") if _usable(text, evidence) else None


def visible_titles(root: HtmlElement, body: HtmlElement) -> Iterator[str]:
    """Headings and elements called title, bt, headline …, up to the body and inside its top."""
    n_inside = 0
    body_reached = False
    for element in root.iter():
        if element is body:
            body_reached = True
        tag = element.tag
        is_title = tag in HEADINGS or _is_title(id_and_classes(element))
        if not (is_title or body_reached) or tag in ("body", "title", "ul", "a") or is_unread(element):
            continue
        if body_reached:
            n_inside += 1
            if n_inside > 30:  # a title inside the body stands at its top
                return
        if is_title:
            text = clean("".join(_texts(element, 40)))
            if text:
                yield text


@lru_cache(maxsize=4096)
def _is_title(both: str) -> bool:
    return any(_TITLE_NAME.fullmatch(name) for name in names(both))


def _texts(element: HtmlElement, limit: int) -> list[str]:
    """The text runs below an element, the first few."""
    found: list[str] = []
    for text in element.itertext():
        found.append(text)
        if len(found) >= limit:
            break
    return found


def joined(lines: Sequence[Line]) -> tuple[str, ...]:
    """Each line, and two or three neighbours as one: titles are broken with <br>."""
    texts = [line.text for line in lines if len(line.text) <= MAX_CHARS]
    pairs = ["".join(pair) for pair in pairwise(texts)]
    triples = ["".join(texts[start : start + 3]) for start in range(len(texts) - 2)]
    return (*texts, *pairs, *triples)
