"""Rows of an HTML list: the block of sibling links that has the most dates and the longest titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.models import ListRow
from crawlers.listings._answer import ListAnswer, parse_html
from crawlers.listings._candidates import DATE_ONLY, Candidate, candidates, pieces, text_of
from crawlers.listings._dates import date_in_url, find_date, year_in_url

# Words in the class or id of a block that frames a page. Whole words or word starts only: "headline" is no header.
_CHROME = re.compile(
    r"(?:^|[-_\s\d])(?:nav\w*|menu\w*|header|head|top|foot\w*|bottom|crumb\w*|breadcrumb\w*|position|location|weizhi|dqwz|sidebar|"
    r"friend\w*|yqlj|copyright|pager?|pagination|paging|fenye|banner|tags?|login|search|share)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_CHROME_TAGS = frozenset({"nav", "header", "footer", "aside", "select"})
# The shapes of article addresses (table C3 of the field notes); columns end in "/" or index.
_ARTICLE = re.compile(
    r"/t\d{8}_\d+\.|/art[_/]|/content[_/]|/content\.|post_\d+|/info/\d+/\d+|wbnewsid=|/\d{6,}\.\w+$|[0-9a-f]{32}|"
    r"/c\d{4,}/|/\d{4}-?\d\d/|/20\d{6}/|articleid=|[?&](?:id|aid|newsid|infoid)=\d+|\.(?:pdf|docx?|wps|ofd)$|/\d+\.s?html?$",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"(?:/|/(?:index|list|default|main)[\w-]*\.\w+)$", re.IGNORECASE)
# A date that a link's own text ends in: 某局2022年工作总结 [2023-01-15]
_DATE_AT_END = re.compile(r"\W20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}[日\])）】\s]*$")
_PINNED = re.compile(r"置顶|\[顶\]|【顶】")


@dataclass(frozen=True)
class Block:
    """Candidates that stand in the same place of the page's structure."""

    members: tuple[Candidate, ...]
    score: float
    n_dated: int


def find_rows(answer: ListAnswer) -> tuple[ListRow, ...]:
    """The rows of the page's list in the order shown; () where no block looks like a list of articles.

    A row without a link (a script that only a browser runs) has url "".
    """
    blocks: dict[str, list[Candidate]] = {}
    for candidate in candidates(answer):
        blocks.setdefault(_place(candidate.row), []).append(candidate)
    best = max(
        (_weigh(_one_per_row(block), answer) for block in blocks.values()),
        key=lambda b: b.score,
        default=None,
    )
    if best is None or not _is_list(best):
        return ()
    return distinct(_dated_rows(best.members))


def rows_of_fragment(base_url: str, fragments: Iterable[str]) -> tuple[ListRow, ...]:
    """The rows of pieces of HTML that hold one row each, as Hanweb's XML and JSON answers send them."""
    rows: list[ListRow] = []
    for fragment in fragments:
        answer = ListAnswer(base_url, f"<div>{fragment}</div>")
        found = candidates(answer)
        if found:
            chosen = max(found, key=lambda one: len(one.title))
            rows.append(_row(chosen, " ".join(pieces(answer.root)), ""))
    return distinct(rows)


def rows_of_html(base_url: str, html: str) -> tuple[ListRow, ...]:
    """The rows of a piece of HTML that holds a whole list and nothing else."""
    return (
        find_rows(ListAnswer(base_url, f"<html><body>{html}</body></html>"))
        if parse_html(html) is not None
        else ()
    )


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
    steps += [f"{ancestor.tag}.{(ancestor.get('class') or '').strip()}" for ancestor in row.iterancestors()]
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
    rows = _dated_rows(members)
    score = 0.0
    n_dated = 0
    for member, row in zip(members, rows, strict=True):
        shown = row.date is not None and (row.date != date_in_url(row.url) or _shows_date(member, row.date))
        n_dated += shown
        weight = 3.0 if shown else 1.0 if _ARTICLE.search(row.url) else 0.3
        if not shown and (
            _COLUMN.search(row.url) or not row.url or (urlsplit(row.url).hostname or "") != host
        ):
            weight *= 0.3
        # Titles of the field run to about 20 characters and more; names of columns stay below 8.
        score += weight * max(0.2, min(len(row.title), 20) / 20)
    return Block(members, score * (0.2 if _is_chrome(members[0].row) else 1.0), n_dated)


def _shows_date(member: Candidate, day: date) -> bool:
    return find_date(text_of(member.row), day.year) == day


def _is_chrome(row: HtmlElement) -> bool:
    for ancestor in (row, *row.iterancestors()):
        if ancestor.tag in _CHROME_TAGS:
            return True
        if ancestor.tag not in ("body", "html") and _CHROME.search(
            f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        ):
            return True
    return False


def _is_list(block: Block) -> bool:
    """A block is a list when a row shows its date, or when its links look like articles with titles of a length."""
    if block.n_dated and block.score >= 0.5:
        return True
    n = len(block.members)
    articles = sum(
        bool(_ARTICLE.search(member.url)) and not _COLUMN.search(member.url) for member in block.members
    )
    mean_length = sum(len(member.title) for member in block.members) / n
    # Two rows at least, most of them articles; eight characters is where names of columns end.
    return n >= 2 and articles >= 0.6 * n and mean_length >= 8 and block.score >= 0.6


def _dated_rows(members: Sequence[Candidate]) -> list[ListRow]:
    """The members as rows. Where dates stand beside the rows, the side that dates more of them is the right one."""
    inside = [_row(member, _text_around_title(member), "") for member in members]
    if all(row.date and row.date != date_in_url(row.url) for row in inside):
        return inside
    after = [_row(member, _text_around_title(member), _beside(member.row, "after")) for member in members]
    before = [_row(member, _text_around_title(member), _beside(member.row, "before")) for member in members]
    return max((inside, after, before), key=_n_shown)


def _n_shown(rows: Sequence[ListRow]) -> int:
    return sum(row.date is not None and row.date != date_in_url(row.url) for row in rows) * 2 + sum(
        row.date is not None for row in rows
    )


def _row(candidate: Candidate, around: str, beside: str) -> ListRow:
    year = year_in_url(candidate.url)
    shown = find_date(around, year) or find_date(beside, year) or _trailing_date(candidate.title)
    pinned = bool(_PINNED.search(text_of(candidate.row)))
    return ListRow(candidate.url, candidate.title, shown or date_in_url(candidate.url), pinned)


def _trailing_date(title: str) -> date | None:
    match = _DATE_AT_END.search(title)
    return find_date(match[0]) if match else None


def _text_around_title(candidate: Candidate) -> str:
    """The row's text without its title, so that years and days in titles are never taken for the row's date."""
    return " ".join(_beyond_title(piece, candidate.title) for piece in pieces(candidate.row))


def _beyond_title(piece: str, title: str) -> str:
    bare, bare_title = "".join(piece.split()), "".join(title.split())
    if DATE_ONLY.match(bare):
        return piece
    if bare_title in bare:
        return bare.replace(bare_title, " ")
    return "" if bare in bare_title else piece


def _beside(row: HtmlElement, side: str) -> str:
    """The text between a row and its neighbour on one side: its tail, and siblings that hold no link."""
    step = row.getnext if side == "after" else row.getprevious
    parts = [row.tail or ""] if side == "after" else []
    sibling = step()
    for _ in range(3):  # a date stands within three elements of its title (dd, span, br)
        if (
            sibling is None
            or not isinstance(sibling.tag, str)
            or sibling.tag == "a"
            or sibling.find(".//a") is not None
        ):
            break
        parts += [text_of(sibling), sibling.tail or ""]
        sibling = sibling.getnext() if side == "after" else sibling.getprevious()
    if side == "before" and sibling is not None and sibling.tail:
        parts.append(sibling.tail)
    return " ".join(parts)
