"""拓尔思 TRS WCM: static pages index.html, index_1.html … named by a pager script in the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, join, next_page
from crawlers.listings._html import with_next
from crawlers.listings._pagers import Pager, read_pager

ORDER = 110

_CALL = re.compile(r"\bcreatePage(?:HTML|Html)?\s*\((?P<arguments>[^()]{1,200})\)")
# Pager({size:16, current:0, prefix:'index', suffix:'html'}) and other calls with named arguments
_NAMED = re.compile(
    r"\bPager\s*\(\s*\{(?P<fields>[^{}]{1,400})\}|pagination_script_config\s*=\s*\{(?P<config>[^{}]{1,600})\}"
)
_COUNT_PAGE = re.compile(r"\bvar\s+countPage\s*=\s*(?P<pages>\d{1,5})")
_CURRENT_PAGE = re.compile(r"\bvar\s+currentPage\s*=\s*(?P<current>\d{1,5})")
_FIELD = re.compile(r"[\"']?(\w+)[\"']?\s*:\s*[\"']?([\w./-]*)[\"']?")
_FILE = re.compile(r"(?P<stem>[\w.-]*?)(?:_(?P<number>\d{1,4}))?\.(?P<ext>\w+)$")


@dataclass(frozen=True)
class Paging:
    """Pages in all, the current one as the script counts (`base` is the number of the first page), and file names."""

    n_pages: int
    current: int
    stem: str
    ext: str
    base: int = 0


def detect(answer: ListAnswer) -> bool:
    """A call of createPageHTML, createPage or Pager, `var countPage`, or pagination_script_config."""
    return paging(answer.text, answer.url) is not None


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Rows of the page; the next file is the current number plus one, in every form of the call."""
    found = paging(answer.text, answer.url)
    observed = read_pager(answer)
    if found is None:
        # Deep pages of some sites carry links instead of the call.
        following = next_page(request, observed.next_url) if observed.next_url else None
        return with_next(answer, observed, following)
    pager = Pager(n_pages=found.n_pages, n_rows=observed.n_rows)
    if found.current - found.base + 1 >= found.n_pages:
        return with_next(answer, pager, None, is_end_known=True)
    url = observed.next_url or join(answer.base_url, f"{found.stem}_{found.current + 1}.{found.ext}")
    return with_next(answer, pager, next_page(request, url))


def paging(text: str, url: str) -> Paging | None:
    """What the pager script of a page says, or None where there is none.

    >>> paging('createPageHTML(4, 0, "index", "html")', "http://a.example/zw/")
    Paging(n_pages=4, current=0, stem='index', ext='html', base=0)
    >>> paging('createPageHTML(75, 4, 1, "index", "shtml")', "http://a.example/zw/").n_pages
    4
    """
    for match in _CALL.finditer(text):
        if found := _from_arguments(match["arguments"], text, url):
            return found
    for match in _NAMED.finditer(text):
        if found := _from_fields(dict(_FIELD.findall(match["fields"] or match["config"])), url):
            return found
    count, current = _COUNT_PAGE.search(text), _CURRENT_PAGE.search(text)
    if count and current:
        return Paging(int(count["pages"]), int(current["current"]), "index", "html")
    return Paging(int(count["pages"]), _number(url), *_name(url)) if count else None


def _from_arguments(arguments: str, text: str, url: str) -> Paging | None:
    values = [_resolved(value.strip(), text) for value in arguments.split(",")]
    # A leading name of an element is the form whose pages count from 1 (开普云's copy of the script).
    base = 1 if values and values[0][:1] in "\"'" else 0
    values = values[base:]
    leading = [int(value) for value in _while_digits(values)]
    if not leading:
        return None
    # Three leading numbers are (records, pages, current).
    numbers = leading[1:] if len(leading) == 3 else leading
    names = [value.strip("\"' ") for value in values[len(leading) :] if value[:1] in "\"'"]
    stem, ext = _name(url)
    stem, ext = (names[0] or stem, names[1].lstrip(".") or ext) if len(names) >= 2 else (stem, ext)
    return Paging(numbers[0], numbers[1] if len(numbers) > 1 else _number(url), stem, ext, base)


def _resolved(value: str, text: str) -> str:
    """An argument, or what the page's script says that it holds; a number in quotes is a number."""
    if value.isidentifier():
        said = re.search(rf"\b{value}\s*=\s*([\"'][\w.-]{{0,60}}[\"']|\d{{1,6}})", text)
        value = said[1] if said else value
    bare = value.strip("\"'")
    return bare if bare.isdigit() else value


def _while_digits(values: list[str]) -> list[str]:
    end = next((index for index, value in enumerate(values) if not value.isdigit()), len(values))
    return values[:end]


def _from_fields(fields: dict[str, str], url: str) -> Paging | None:
    pages = fields.get("size") or fields.get("total") or fields.get("pageCount") or ""
    if not pages.isdigit():
        return None
    stem, ext = _name(url)
    current = fields.get("current") or fields.get("index") or ""
    return Paging(
        int(pages),
        int(current) if current.isdigit() else _number(url),
        fields.get("prefix") or fields.get("name") or stem,
        (fields.get("suffix") or fields.get("ext") or ext).lstrip("."),
    )


def _name(url: str) -> tuple[str, str]:
    """Stem and extension of the column's files; index and html where the address is a folder."""
    match = _FILE.search(urlsplit(url).path.rsplit("/", 1)[-1])
    return (match["stem"] or "index", match["ext"]) if match else ("index", "html")


def _number(url: str) -> int:
    match = _FILE.search(urlsplit(url).path.rsplit("/", 1)[-1])
    return int(match["number"]) if match and match["number"] else 0
