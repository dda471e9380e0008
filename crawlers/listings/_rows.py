"""Rows of an HTML list: the block of sibling links that has the most dates and the longest titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.models import ListRow
from crawlers.lexicon import is_report_title
from crawlers.listings._answer import ListAnswer
from crawlers.listings._candidates import Candidate, candidates, text_of
from crawlers.listings._row import ReadRow, read_row, read_rows

# Words in the class or id of a block that frames a page. Whole words or word starts only: "headline" is no header.
_CHROME = re.compile(
    r"(?:^|[-_\s\d])(?:nav\w*|menu\w*|header|head|top|foot\w*|bottom|crumb\w*|breadcrumb\w*|position|location|weizhi|dqwz|sidebar|"
    r"friend\w*|yqlj|copyright|pager?|pagination|paging|fenye|banner|tags?|login|search|share|"
    r"hot\w*|rank\w*|recommend\w*|related|tuijian|remen|paihang|rebang)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
# Headings of blocks beside the list: other lists' best, never the column's own rows.
_BESIDE = re.compile(
    r"热门|热点|热榜|推荐|排行|相关(?:阅读|文章|链接|信息|范文)|猜你喜欢|大家都在看|最新更新|最新发布|友情链接|精彩图"
)
_LONGEST_HEADING = 14  # characters
_CHROME_TAGS = frozenset({"nav", "header", "footer", "aside", "select"})
# The shapes of article addresses (table C3 of the field notes); columns end in "/" or index.
_ARTICLE = re.compile(
    r"/t\d{8}_\d+\.|/art[_/]|/content[_/]|/content\.|post_\d+|/info/\d+/\d+|wbnewsid=|/\d{6,}\.\w+$|[0-9a-f]{32}|"
    r"/c\d{4,}/|/\d{4}-?\d\d/|/20\d{6}/|articleid=|[?&](?:id|aid|newsid|infoid)=\d+|\.(?:pdf|docx?|wps|ofd)$|/\d+\.s?html?$",
    re.IGNORECASE,
)
# What a class says of an element's position among its like: row1, odd, last.
_POSITION = re.compile(r"\d+|\b(?:odd|even|first|last|active|cur|current|on)\b", re.IGNORECASE)
_COLUMN = re.compile(r"(?:/|/(?:index|list|default|main)[\w-]*\.\w+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """Rows that stand in the same place of the page's structure."""

    rows: tuple[ReadRow, ...]
    score: float
    n_dated: int
    is_frame: bool  # stands beside the list: navigation, recommendations


def find_rows(answer: ListAnswer) -> tuple[ListRow, ...]:
    """The rows of the page's list in the order shown; () where no block looks like a list of articles.

    A row without a link (a script that only a browser runs) has url "".
    """
    _, best = _best_block(answer)
    if best is None:
        return ()
    # Where rows show dates, a text without date and link is a heading of the list, not a row.
    return distinct(one.row for one in best.rows if one.row.url or one.shows_date or not best.n_dated)


def place_of_rows(answer: ListAnswer) -> str:
    """Where in the page's structure its list stands: the same on every page of a column; "" where there is none."""
    return _best_block(answer)[0]


@lru_cache(maxsize=2)  # detection and reading ask for the rows of one page several times
def _best_block(answer: ListAnswer) -> tuple[str, Block | None]:
    """The block that stood for the list on the page before, else the one of most weight."""
    blocks: dict[str, list[Candidate]] = {}
    for candidate in candidates(answer):
        blocks.setdefault(_place(candidate.row), []).append(candidate)
    weighed = {place: _weigh(_one_per_row(members), answer) for place, members in blocks.items()}
    lists = {place: block for place, block in weighed.items() if _is_list(block)}
    if answer.place in lists:
        return answer.place, lists[answer.place]
    return max(lists.items(), key=lambda item: item[1].score, default=("", None))


def rows_of_fragment(base_url: str, fragments: Iterable[str]) -> tuple[ListRow, ...]:
    """The rows of pieces of HTML that hold one row each, as Hanweb's XML and JSON answers send them."""
    rows: list[ListRow] = []
    for fragment in fragments:
        answer = ListAnswer(base_url, f"<div>{fragment}</div>")
        found = candidates(answer)
        if found:
            chosen = max(found, key=lambda one: len(one.title))
            rows.append(read_row(chosen, [text_of(answer.root)]).row)
    return distinct(rows)


def rows_of_html(base_url: str, html: str) -> tuple[ListRow, ...]:
    """The rows of a piece of HTML that holds a whole list and nothing else."""
    return find_rows(ListAnswer(base_url, f"<html><body>{html}</body></html>"))


def distinct(rows: Iterable[ListRow]) -> tuple[ListRow, ...]:
    """Each linked page once, under its longest title, at its first place; rows without a link by title."""
    kept: dict[str, ListRow] = {}
    for row in rows:
        key = row.url or f"title {row.title} {row.date}"
        first = kept.setdefault(key, row)
        if len(row.title) > len(first.title) or (first.date is None and row.date):
            title = max(first.title, row.title, key=len)
            kept[key] = ListRow(row.url, title, first.date or row.date, first.is_pinned or row.is_pinned)
    return tuple(kept.values())


def _place(row: HtmlElement) -> str:
    """The path of a row without positions: tags and classes above it, its own tag only (classes alternate)."""
    steps = [str(row.tag)]
    for ancestor in row.iterancestors():
        steps.append(f"{ancestor.tag}.{_POSITION.sub('', ancestor.get('class') or '').strip()}")
    return "/".join(reversed(steps))


def _one_per_row(block: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Of several links in one row, the one with the longest title."""
    kept: dict[HtmlElement, Candidate] = {}
    for candidate in block:
        other = kept.get(candidate.row)
        if other is None or len(candidate.title) > len(other.title):
            kept[candidate.row] = candidate
    return tuple(kept.values())


def _weigh(members: tuple[Candidate, ...], answer: ListAnswer) -> Block:
    """Score a block: dated rows count most, then addresses of article shape; frames of the page hardly count."""
    host = urlsplit(answer.url).hostname or ""
    rows = read_rows(members)
    score = sum(_weight(one, host) for one in rows)
    n_dated = sum(one.shows_date for one in rows)
    is_frame = _is_frame(members[0].row)
    return Block(tuple(rows), score * (0.2 if is_frame else 1.0), n_dated, is_frame)


def _weight(one: ReadRow, host: str) -> float:
    url = one.row.url
    if one.shows_date:
        weight = 3.0
    else:
        is_elsewhere = not url or (urlsplit(url).hostname or "") != host or bool(_COLUMN.search(url))
        weight = (1.0 if _ARTICLE.search(url) else 0.3) * (0.3 if is_elsewhere else 1.0)
    # Titles of the field run to about 20 characters and more; names of columns stay below 8.
    return weight * max(0.2, min(len(one.row.title), 20) / 20)


def _is_frame(row: HtmlElement) -> bool:
    """Whether a row stands in the frame of a page: in an element of a frame's name, or under such a heading."""
    for depth, ancestor in enumerate((row, *row.iterancestors())):
        if ancestor.tag in _CHROME_TAGS or (depth <= 3 and _is_under_heading(ancestor)):
            return True
        names = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        if ancestor.tag not in ("body", "html") and _CHROME.search(names):
            return True
    return False


def _is_under_heading(element: HtmlElement) -> bool:
    before = element.getprevious()
    if before is None or len(before) > 5:
        return False
    heading = text_of(before)
    return len(heading) <= _LONGEST_HEADING and bool(_BESIDE.search(heading))


def _is_list(block: Block) -> bool:
    """A block is a list when a row shows its date, or when its links look like articles with titles of a length."""
    if block.n_dated or block.is_frame:
        return block.n_dated > 0 and block.score >= 0.5
    urls = [one.row.url for one in block.rows]
    n = len(urls)
    articles = sum(bool(_ARTICLE.search(url)) and not _COLUMN.search(url) for url in urls)
    mean_length = sum(len(one.row.title) for one in block.rows) / n
    # Most of them articles; eight characters is where names of columns end.
    if n >= 2:
        return articles >= 0.6 * n and mean_length >= 8 and block.score >= 0.6
    # A column may hold a single article. One link proves nothing by its place, so its title must promise a report.
    return mean_length >= 8 and not _COLUMN.search(urls[0]) and is_report_title(block.rows[0].row.title)
