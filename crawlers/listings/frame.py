"""A shell: the column page holds no list but leads to one, by a frame of the same host or by sending readers on."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer
from crawlers.listings._rows import find_rows

ORDER = 800

# Frames that are never lists: counters, logins, trees of columns, shares, heads and feet.
_NEVER = re.compile(
    r"visitcount|login|tree\.jsp|share|foot|head|top\b|tail|weather|map\.|player|counter|stat|left|menu|nav|banner",
    re.IGNORECASE,
)


# <meta http-equiv="refresh" content="0;URL=./zzjs/"> and location.href = "./zzjs/", on a page of little else.
_SENDS_ON = re.compile(
    r"""http-equiv=["']?refresh["']?\s+content=["']\s*\d+\s*;\s*url=(?P<meta>[^"'>]{1,200})
    |   location(?:\.href)?\s*=\s*["'](?P<script>[\w./?=&-]{1,200})["']
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LITTLE = 2000  # characters; columns that only send on have a few hundred


def detect(answer: ListAnswer) -> bool:
    """No rows, and a frame of the same host or the address that the page sends its readers to."""
    return bool(_inner(answer)) and not find_rows(answer)


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """That address as the next request, whose family is found from its own answer (family "")."""
    inner = _inner(answer)
    if not inner or request.state.get(
        "framed"
    ):  # one level only: a frame in a frame is a circle or a mistake
        return ListPage("", (), verdict="empty", detail="no list, and nothing that leads to one")
    return ListPage("", (), (ListRequest(inner, family="", state={"framed": True}),))


def _inner(answer: ListAnswer) -> str:
    frames = answer.root.iter("iframe", "frame")
    links = [frame.get("src") for frame in frames if not _NEVER.search(frame.get("name") or "")]
    sends_on = _SENDS_ON.search(answer.text) if len(answer.text) < _LITTLE else None
    if sends_on:
        links.append(sends_on["meta"] or sends_on["script"])
    host = urlsplit(answer.url).hostname
    for link in links:
        url = answer.link(link)
        if url and urlsplit(url).hostname == host and not _NEVER.search(url) and url != answer.url:
            return url
    return ""
