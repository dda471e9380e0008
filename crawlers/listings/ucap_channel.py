"""开普云 channel: a meta tag names the channel; its rows come as JSON from searchList or common/search."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, join
from crawlers.listings._api import Fields, count_of, dig, get_request, paged, refused, rows_of_records

ORDER = 50

_ID = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
# The interface's path as the page's own script writes it; sites differ in it.
_PATH = re.compile(r"/(searchList|common/search|search)/(?=[\"'+$]|[0-9a-f]{32})")
_IN_URL = re.compile(r"/(?:searchList|common/search|search)/[0-9a-f]{32}")
_PAGE_SIZE = 20
_FIELDS = Fields(("title", "subTitle"), ("url",), ("publishedTimeStr", "publishedTime"))


def detect(answer: ListAnswer) -> bool:
    """The meta tag with 32 hexadecimal digits, or an answer of the interface itself."""
    return bool(_channel(answer)) or bool(
        _IN_URL.search(answer.url) and dig(answer.data, "data", "results") is not None
    )


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """The column page leads to the interface; its answers hold rows and the total."""
    if answer.data is None and "api" not in request.state:
        path = _PATH.search(answer.text)
        api = join(answer.url, f"/{path[1] if path else 'searchList'}/{_channel(answer)}")
        state = {"api": api, "column": answer.url}
        return ListPage("", (), (replace(_ask(state, 1), state=state),))
    records = dig(answer.data, "data", "results")
    if not isinstance(records, list):
        return refused(answer.data)
    state = {"api": answer.url, "column": answer.url, **request.state}
    rows = rows_of_records(records, answer.url, _FIELDS)
    following = replace(_ask(state, request.page_no + 1), state=state)
    return paged(request, rows, count_of(dig(answer.data, "data", "total")), following, len(records))


def _channel(answer: ListAnswer) -> str:
    """The content of the meta tag, whatever the order and case of its attributes; "" where there is none."""
    if "channelid" not in answer.text.lower():
        return ""
    tags = (tag for tag in answer.root.iter("meta") if (tag.get("name") or "").lower() == "channelid")
    return next((one for tag in tags if _ID.fullmatch(one := tag.get("content") or "")), "")


def _ask(state: dict[str, Any], page: int) -> ListRequest:
    fields = {
        "_isAgg": "true",
        "_isJson": "true",
        "_pageSize": _PAGE_SIZE,
        "_template": "index",
        "page": page,
    }
    return get_request(state["api"], fields, state["column"])
