"""List pages (栏目): first_request starts a column, read_list reads an answer into rows and the requests that lead on.

Each family of list pages is one module of this package with ORDER, detect(answer) and read(answer, request); the
folder is the list. Modules whose names begin with _ are shared parts.

What the caller does with a ListPage: verdict "ok" with rows, or with no rows and a `next` (a frame or script shell
whose rows come with the next answer), goes on; "end" is a proven end; every other verdict is an alarm. A request
whose state has "probe" asks for a page that may not exist: hand its answer to read_list whatever its HTTP status.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol, cast

from archive.models import ListPage, ListRequest, ListRow, Page
from archive.printable import printable, printable_url
from crawlers.decode import decode
from crawlers.listings._answer import ListAnswer
from crawlers.listings._rows import place_of_rows

# An answer below 600 bytes is a stub, never a list page: measured on deep pages of TRS sites (300-600 bytes).
STUB_BYTES = 600
_LEADS_ON = re.compile(r"<a\s|<i?frame\s|http-equiv=[\"']?refresh|location", re.IGNORECASE)


class Family(Protocol):
    """What a family's module offers. `ORDER`: detection asks lower numbers first; equal numbers by name."""

    ORDER: int

    def detect(self, answer: ListAnswer) -> bool:
        """Whether the answer to the column's own address is of this family."""

    def read(self, answer: ListAnswer, request: ListRequest) -> ListPage:
        """The rows and next requests of an answer."""


@cache
def families() -> dict[str, Family]:
    """Every family by name, in the order of detection."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    modules = {name: cast(Family, importlib.import_module(f"{__name__}.{name}")) for name in names}
    return dict(sorted(modules.items(), key=lambda item: (item[1].ORDER, item[0])))


def first_request(column_url: str, family: str | None = None) -> ListRequest:
    """The request that a column starts with. A column's #fragment goes into the state: servers never see it."""
    url, _, fragment = column_url.partition("#")
    return ListRequest(url=url, family=family, state={"fragment": fragment} if fragment else {})


def detect(page: Page) -> str:
    """The name of the family that a column's first page belongs to; "general" where no fingerprint matches."""
    return _detect(_answer(page))


def read_list(page: Page, request: ListRequest) -> ListPage:
    """Read one answer: rows as shown (newest first), the requests that lead on, and a verdict. Never raises.

    Rows that name no address are left out; a page of nothing else is "unreadable".
    """
    whole = read_with_unlinked(page, request)
    linked = tuple(row for row in whole.rows if row.url)
    if whole.rows and not linked:
        detail = f"{len(whole.rows)} rows, but their links are scripts that name no address"
        return replace(whole, rows=(), next=(), verdict="unreadable", detail=detail)
    return replace(whole, rows=linked)


def read_with_unlinked(page: Page, request: ListRequest) -> ListPage:
    """As read_list, with the rows whose link the page does not name (url "")."""
    name = request.family or "general"
    try:
        answer = replace(_answer(page), place=str(request.state.get("stood", "")))
        name = request.family if request.family in families() else _detect(answer)
        if stub := _stub(answer, request, name):
            return stub
        found = families()[name].read(answer, request)
    except Exception as error:  # what a page can hold is without end; a broken page is an alarm, not a crash
        return ListPage(name, (), verdict="unreadable", detail=f"{type(error).__name__}: {error}")
    rows = tuple(replace(row, url=printable_url(row.url), title=printable(row.title)) for row in found.rows)
    page_read = _judge(replace(found, family=name, rows=rows), request)
    return _remember_place(page_read, answer) if page_read.rows and page_read.next else page_read


def _answer(page: Page) -> ListAnswer:
    return ListAnswer(
        page.url, decode(page.body, page.content_type), page.content_type, page.status, len(page.body)
    )


def _detect(answer: ListAnswer) -> str:
    return next(name for name, family in families().items() if family.detect(answer))


def _stub(answer: ListAnswer, request: ListRequest, name: str) -> ListPage | None:
    """HTML too small to be a list; JSON and XML answers may be small."""
    looks_like_html = (
        answer.text.lstrip()[:1] == "<" and "<record" not in answer.text and "<?xml" not in answer.text[:80]
    )
    if answer.n_bytes and ((answer.text.strip() and not looks_like_html) or answer.n_bytes >= STUB_BYTES):
        return None
    if "probe" in request.state or _LEADS_ON.search(answer.text):
        return None
    return ListPage(name, (), verdict="stub", detail=f"{answer.n_bytes} bytes, below {STUB_BYTES}")


def _judge(found: ListPage, request: ListRequest) -> ListPage:
    """The rules that hold for every family: repeated and empty pages are alarms, and requests remember what they follow."""
    if found.verdict not in ("ok", "end"):
        return replace(found, next=())
    digest = _digest(found.rows)
    if found.rows and digest == request.state.get("seen"):
        if found.n_pages and request.page_no > found.n_pages:
            return replace(
                found, rows=(), next=(), verdict="end", detail="the last page links itself as the next"
            )
        detail = "the same links as on the page before"
        return replace(found, rows=(), next=(), verdict="repeated", detail=detail)
    if not found.rows and not found.next and request.page_no == 1 and "probe" not in request.state:
        return replace(found, verdict="empty", detail=found.detail or "no rows on the first page")
    seen = {"seen": digest} if found.rows else {}
    # A family that sends the reader elsewhere (a frame) asks with "" to have the next answer's family found anew.
    following = tuple(
        replace(one, family="" if one.family == "" else found.family, state={**one.state, **seen})
        for one in found.next
    )
    return replace(found, next=following)


def _remember_place(found: ListPage, answer: ListAnswer) -> ListPage:
    if answer.data is not None:
        return found
    stood = {"stood": place_of_rows(answer)}
    return replace(found, next=tuple(replace(one, state={**one.state, **stood}) for one in found.next))


def _digest(rows: Sequence[ListRow]) -> str:
    text = "\n".join(row.url or row.title for row in rows)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
