"""A shell: the column page holds no list of its own but a frame of the same host that does."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer
from crawlers.listings._rows import find_rows

ORDER = 800

# Frames that are never lists: counters, logins, trees of columns, shares, heads and feet.
_NEVER = re.compile(
    r"visitcount|login|tree\.jsp|share|foot|head|top\.|tail|weather|map\.|player|counter|stat", re.IGNORECASE
)


def detect(answer: ListAnswer) -> bool:
    """No rows, and a frame of the same host."""
    return bool(_inner(answer)) and not find_rows(answer)


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """The frame's address as the next request, whose family is found from its own answer (family "")."""
    inner = _inner(answer)
    if not inner or request.state.get(
        "framed"
    ):  # one level only: a frame in a frame is a circle or a mistake
        return ListPage("", (), verdict="empty", detail="no list, and no frame that leads to one")
    return ListPage("", (), (ListRequest(inner, family="", state={"framed": True}),))


def _inner(answer: ListAnswer) -> str:
    host = urlsplit(answer.url).hostname
    for element in answer.root.iter("iframe", "frame"):
        url = answer.link(element.get("src"))
        if url and urlsplit(url).hostname == host and not _NEVER.search(url) and url != answer.url:
            return url
    return ""
