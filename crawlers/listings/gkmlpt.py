"""广东 gkmlpt (政府信息公开目录管理平台): a column is a number behind the #; its rows come as JSON, 100 a page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer
from crawlers.listings._api import Fields, count_of, dig, get_request, paged, refused, rows_of_records

ORDER = 40

_SID = re.compile(r"\bSID['\"]?\s*:\s*['\"]?(\d+)")
_FIELDS = Fields(("title",), ("url", "post_url"), ("display_publish_time", "date", "created_at"))


def detect(answer: ListAnswer) -> bool:
    """`window._CONFIG` with a SID, or an address under /gkmlpt/."""
    return bool(_SID.search(answer.text)) and ("_CONFIG" in answer.text or "/gkmlpt/" in answer.url)


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """The index leads to the interface; column 0 is the whole catalogue."""
    if "sid" not in request.state:
        sid = _SID.search(answer.text)
        column = re.sub(r"\D", "", str(request.state.get("fragment", ""))) or "0"
        base = answer.url.split("/gkmlpt")[0].rstrip("/")
        state = {"sid": sid[1] if sid else "", "api": f"{base}/gkmlpt/api/all/{column}", "column": answer.url}
        return ListPage("", (), (replace(_ask(state, 1), state=state),))
    records = dig(answer.data, "articles")
    if not isinstance(records, list):
        return refused(answer.data)
    rows = rows_of_records(records, answer.url, _FIELDS)
    following = replace(_ask(dict(request.state), request.page_no + 1), state=request.state)
    return paged(request, rows, count_of(dig(answer.data, "classify", "post_count")), following, len(records))


def _ask(state: dict[str, Any], page: int) -> ListRequest:
    return get_request(state["api"], {"page": page, "sid": state["sid"]}, state["column"])
