"""One row of a list: title, link and the date that stands in it or beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from lxml.html import HtmlElement

from archive.models import ListRow
from crawlers.listings._candidates import CUT, DATE_ONLY, Candidate, is_title, pieces, text_of, title_of
from crawlers.listings._dates import date_in_url, find_date, has_short_date, year_in_url

# A date that a link's own text ends in: 某局2022年工作总结 [2023-01-15]
_DATE_AT_END = re.compile(r"\W20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}[日\])）】\s]*$")
_PINNED = re.compile(r"置顶|\[顶\]|【顶】")
_YEAR_ONLY = re.compile(r"\W*((?:19|20)\d\d)\s*年?度?\W*$")
_MOST_SIBLINGS = 3  # a date stands within three elements of its title (dd, span, br)


@dataclass(frozen=True)
class ReadRow:
    """A row, and whether the page shows a date for it (its `date` may come from the address alone)."""

    row: ListRow
    shows_date: bool


def read_rows(members: Sequence[Candidate]) -> list[ReadRow]:
    """The members of a block as rows. Dates beside the rows are taken from the side that dates more of them."""
    inside = [read_row(member) for member in members]
    if all(one.shows_date for one in inside):
        return inside
    after = [read_row(member, _beside(member.row, is_after=True)) for member in members]
    before = [read_row(member, _beside(member.row, is_after=False)) for member in members]
    return max((inside, after, before), key=lambda rows: sum(one.shows_date for one in rows))


def read_row(candidate: Candidate, beside: Sequence[str] = ()) -> ReadRow:
    """A candidate as a row; `beside` are texts outside the row that may hold its date."""
    around = [_beyond_title(piece, candidate.title) for piece in pieces(candidate.row)]
    around += [told for time in candidate.row.iter("time") if (told := time.get("datetime"))]
    year = year_in_url(candidate.url)
    if year is None and has_short_date(" ".join(around)):
        year = _year_above(candidate.row)
    shown = _shown_date(around, year) or _shown_date(beside, year) or _trailing_date(candidate.title)
    is_pinned = bool(_PINNED.search(text_of(candidate.row)))
    row = ListRow(candidate.url, candidate.title, shown or date_in_url(candidate.url), is_pinned)
    return ReadRow(
        row, shown is not None or any(has_short_date(" ".join(texts)) for texts in (around, beside))
    )


def _year_above(row: HtmlElement) -> int | None:
    """The year of the group that a row stands in: <h2>2023年</h2><ul>…"""
    group = row.getparent()
    for _ in range(2):
        if group is None:
            return None
        before = group.getprevious()
        words = "" if before is None else " ".join(islice(pieces(before), 3))
        if found := _YEAR_ONLY.match(words):
            return int(found[1])
        group = group.getparent()
    return None


def _shown_date(texts: Sequence[str], year: int | None) -> date | None:
    """The date in texts that are nothing but a date (发布时间：2022-02-18), else the first in all of them.

    A summary beside the title may hold other dates.
    """
    bare = " ".join(text for text in texts if DATE_ONLY.match(text))
    return find_date(bare, year) or find_date(" ".join(texts), year)


def _beyond_title(piece: str, title: str) -> str:
    """A piece of the row without the title, so that years and days in titles are never taken for the row's date."""
    bare, bare_title = "".join(piece.split()), "".join(title.split())
    if DATE_ONLY.match(bare):
        return piece
    if bare_title in bare:
        return bare.replace(bare_title, " ")
    return "" if CUT.sub("", bare) in bare_title else piece


def _trailing_date(title: str) -> date | None:
    match = _DATE_AT_END.search(title)
    return find_date(match[0]) if match else None


def _beside(row: HtmlElement, is_after: bool) -> list[str]:
    """The texts between a row and its neighbour on one side: its tail, and siblings that hold no title."""
    texts = [row.tail or ""] if is_after else []
    sibling = row.getnext() if is_after else row.getprevious()
    for _ in range(_MOST_SIBLINGS):
        if sibling is None or _holds_title(sibling):
            break
        texts += [*pieces(sibling), sibling.tail or ""]
        sibling = sibling.getnext() if is_after else sibling.getprevious()
    if not is_after and sibling is not None:
        texts.append(sibling.tail or "")
    return texts


def _holds_title(element: HtmlElement) -> bool:
    return any(is_title(title_of(link)) for link in element.iter("a"))
