"""Pagers: the link to the next page, and what a page says of its number of pages and rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from crawlers.listings._answer import ListAnswer
from crawlers.listings._candidates import target, text_of

_NEXT_WORDS = frozenset({"下一页", "下页", "下一頁", "后一页", "后页", "向后", "next", "nextpage"})
_NEXT_CLASS = re.compile(r"(?:^|[-_\s])next(?:$|[-_\s])", re.IGNORECASE)
_NAMES_FILE = re.compile(r"[/.?=]")
_COUNT_BEHIND = re.compile(r"[（(].*")  # 下一页（共9页）
_NEXT_SIGNS = frozenset({">", "›", "»", "→", "▶"})
_N_PAGES = (
    re.compile(r"共\s*(\d{1,5})\s*页"),
    re.compile(r"(?:总页数|页数|总共页数)\s*[:：]?\s*(\d{1,5})"),
    re.compile(r"(?:第|页次\s*[:：]?)\s*\d{1,5}\s*(?:页)?\s*/\s*(?:共)?\s*(\d{1,5})\s*页?"),
    re.compile(r"(?<![\d/.-])\d{1,4}\s*/\s*(\d{1,4})\s*页"),
    re.compile(r"条\s*\d{1,4}\s*/\s*(\d{1,4})(?![\d/])"),  # VSB: 共612条 1/31
)
_N_ROWS = (
    re.compile(r"共\s*(?:有)?\s*(\d{1,7})\s*(?:条|篇|项|个文件)"),
    re.compile(r"(?:总记录数|记录总数|总数)\s*[:：]?\s*(\d{1,7})"),
)
_CURRENT = re.compile(
    r"(?:^|[-_\s])(?:current|active|on|now|cur|thisclass|selected|this|hover|page-?now)(?:$|[-_\s])",
    re.IGNORECASE,
)
_DISABLED = re.compile(r"disabled", re.IGNORECASE)
_IS_PAGE = re.compile(r"\d{1,3}$")  # four digits are a year's tab far more often than a page
_NUMBER_TAGS = ("a", "b", "strong", "span", "em", "li", "i", "font")
# Calls of pager scripts in use: without a link beside them they lead on to no address that the page names.
_SCRIPT = re.compile(r"laypage|\.(?:pagination|paging|jqPaginator|createPage|page)\(\s*\{", re.IGNORECASE)
_PAGER_LINKS = 80  # no pager of the field has more
_AT_MOST = 12  # characters of a pager's link; longer texts are titles


@dataclass(frozen=True)
class Pager:
    """What the page's pager says. `next_url` is None where there is no further page or no link to it."""

    next_url: str | None = None
    n_pages: int | None = None
    n_rows: int | None = None
    is_scripted: bool = False  # it leads on only by a script that names no address


@lru_cache(maxsize=2)  # detection and reading ask for the pager of one page several times
def read_pager(answer: ListAnswer) -> Pager:
    """The pager of a page as its links and texts show it."""
    links = [
        (element, _word(element))
        for element in answer.root.iter("a", "span", "button", "input", "link")
        if len(text_of(element)) <= _AT_MOST
    ]
    signs = [element for element, word in links if word in _NEXT_SIGNS][:_PAGER_LINKS]
    forward = [element for element, word in links if word in _NEXT_WORDS or element.get("rel") == "next"]
    forward += [element for element in signs if _stands_in_pager(element)]
    text = text_of(answer.root)
    linked = [url for element in forward if (url := _leads_to(element, answer))]
    url = linked[0] if linked else _next_number(links, answer) or _next_option(answer)
    is_scripted = any(_is_scripted(element) for element in forward) or _SCRIPT.search(answer.text) is not None
    return Pager(
        url, claimed_pages(text), _first_number(_N_ROWS, text), is_scripted=url is None and is_scripted
    )


def claimed_pages(text: str) -> int | None:
    """How many pages a text says there are.

    >>> claimed_pages("首页 上一页 1 2 下一页 尾页 共 31 页"), claimed_pages("共612条 1/31"), claimed_pages("2022年")
    (31, 31, None)
    """
    return _first_number(_N_PAGES, text)


def _first_number(forms: tuple[re.Pattern[str], ...], text: str) -> int | None:
    for form in forms:
        if match := form.search(text):
            return int(match[1])
    return None


def _word(element: HtmlElement) -> str:
    word = text_of(element) or element.get("title") or ""
    if element.tag == "input" and element.get("type") in ("button", "submit"):
        word = element.get("value") or ""
    for image in element.iter("img"):
        word = word or image.get("alt") or image.get("title") or ""
    if not word and element.tag == "a" and _NEXT_CLASS.search(element.get("class") or ""):
        return "next"  # an arrow that the style draws
    bare = _COUNT_BEHIND.sub("", "".join(word.split()).lower().strip("[]【】()"))
    return bare.strip(">»›") or bare


def _stands_in_pager(element: HtmlElement) -> bool:
    """A lone > counts only beside page numbers."""
    for parent in islice(element.iterancestors(), 2):
        words = (_word(link) for link in islice(parent.iter("a", "span", "b", "strong", "em"), _PAGER_LINKS))
        if sum(word.isdigit() for word in words) >= 2:
            return True
    return False


def _is_scripted(element: HtmlElement) -> bool:
    """A pager's link that works, but by a script that names no address. A bare # or no href is a link switched off."""
    marks = f"{element.get('class') or ''} {element.get('disabled') or ''}"
    runs = (element.get("href") or "").startswith("javascript:") or bool(element.get("onclick"))
    return runs and not target(element) and not _DISABLED.search(marks)


def _leads_to(element: HtmlElement, answer: ListAnswer) -> str | None:
    if _DISABLED.search(element.get("class") or ""):
        return None
    url = answer.link(target(element))
    return url if url and url != answer.url.split("#")[0] else None


def _next_number(links: list[tuple[HtmlElement, str]], answer: ListAnswer) -> str | None:
    """Without a 下一页, the link whose number follows the number that is no link."""
    by_number = {
        int(word): url
        for element, word in links
        if _IS_PAGE.match(word) and (url := _leads_to(element, answer))
    }
    if not by_number:
        return None
    numbers = [(element, _word(element)) for element in answer.root.iter(*_NUMBER_TAGS)]
    current = next(
        (int(word) for element, word in numbers if _IS_PAGE.match(word) and _is_current(element, answer)),
        None,
    )
    return by_number.get(current + 1) if current is not None else None


def _next_option(answer: ListAnswer) -> str | None:
    """Where a pager is a list to choose from, the option behind the chosen one."""
    for select in answer.root.iter("select"):
        options = [option for option in select.iter("option") if _IS_PAGE.match(_word(option))]
        chosen = [number for number, option in enumerate(options) if option.get("selected") is not None]
        after = options[chosen[0] + 1 :] if chosen else []
        if after and _NAMES_FILE.search(after[0].get("value") or ""):
            return answer.link(after[0].get("value")) or None
    return None


def _is_current(element: HtmlElement, answer: ListAnswer) -> bool:
    if _CURRENT.search(element.get("class") or ""):
        return True
    has_link = element.tag == "a" and bool(_leads_to(element, answer))
    around = element.getparent()
    if has_link or element.find(".//a") is not None or (around is not None and around.tag == "a"):
        return False
    return _has_number_neighbour(element)


def _has_number_neighbour(element: HtmlElement) -> bool:
    neighbours = [element.getprevious(), element.getnext()]
    return any(
        near is not None and isinstance(near.tag, str) and _word(near).isdigit() for near in neighbours
    )
