"""大汉 jpage: the column page holds the first records as XML; dataproxy.jsp gives three pages of records a call."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from archive.models import ListPage, ListRequest, ListRow
from crawlers.listings._answer import ListAnswer, join
from crawlers.listings._api import AJAX, form_request, paged
from crawlers.listings._rows import rows_of_fragment
from crawlers.listings._xml import cdata_records

ORDER = 20

_TOTAL = re.compile(r"<totalrecord>\s*(\d{1,7})|totalRecord['\"]?\s*:\s*['\"]?(\d{1,7})", re.IGNORECASE)
_PER_PAGE = re.compile(r"perPage['\"]?\s*:\s*['\"]?(\d{1,3})", re.IGNORECASE)
_PROXY = re.compile(r"['\"]((?:https?:)?/[\w./-]*dataproxy\.jsp)")
_NEXT_GROUP = re.compile(
    r"<nextgroup>\s*<!\[CDATA\[\s*<a[^>]{0,200}href=[\"']([^\"']{1,600})[\"']", re.IGNORECASE
)
_QUERY = re.compile(r"dataproxy\.jsp\?([^'\"<>\s]{10,600})")
_NAMES = (
    "col",
    "appid",
    "webid",
    "path",
    "columnid",
    "sourceContentType",
    "unitid",
    "webname",
    "permissiontype",
)
_PAGES_A_CALL = 3


def detect(answer: ListAnswer) -> bool:
    """The name of the interface, dataproxy.jsp."""
    return "dataproxy.jsp" in answer.text


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Records as rows. Some servers ignore startrecord; they answer the first records again and are asked by page."""
    state = dict(request.state) if "form" in request.state else _settings(answer)
    rows = rows_of_fragment(state["column"], cdata_records(answer.text))
    if request.page_no > 1 and rows and rows[0].url == state.get("first") and state.get("by") == "record":
        asked = replace(_by_page(state), page_no=request.page_no, state={**state, "by": "page"})
        return ListPage("", (), (asked,), detail="the server ignores startrecord; asking by page")
    return _with_next(
        answer, request, {**state, "first": state.get("first") or (rows[0].url if rows else "")}, rows
    )


def _with_next(
    answer: ListAnswer, request: ListRequest, state: dict[str, Any], rows: tuple[ListRow, ...]
) -> ListPage:
    total = _number(_TOTAL, answer.text) or state.get("total")
    seen = int(request.state.get("n_seen", 0)) + len(rows)
    state = {**state, "total": total, "n_seen": seen}
    group = _NEXT_GROUP.search(answer.text)
    if not state["form"]:
        following = _by_link(join(answer.url, group[1].replace("&amp;", "&")) if group else "", state)
        if not following.url:
            return ListPage("", rows, verdict="end" if total in (None, seen) else "ok", n_rows_total=total)
    else:
        following = _by_page(state) if state.get("by") == "page" else _by_record(state)
    return paged(request, rows, total, replace(following, state=state), len(rows))


def _by_record(state: dict[str, Any]) -> ListRequest:
    start, per_page = int(state["n_seen"]) + 1, int(state["per_page"])
    asked = f"startrecord={start}&endrecord={start + _PAGES_A_CALL * per_page - 1}&perpage={per_page}"
    return form_request(f"{state['api']}?{asked}", state["form"], state["column"])


def _by_page(state: dict[str, Any]) -> ListRequest:
    per_page = int(state["per_page"])
    page = int(state["n_seen"]) // per_page + 1
    return form_request(f"{state['api']}?page={page}&perpage={per_page}", state["form"], state["column"])


def _by_link(url: str, state: dict[str, Any]) -> ListRequest:
    """<nextgroup>: the address of the next records where the page's settings are encrypted."""
    return ListRequest(url=url, headers={"Referer": state["column"], **AJAX})


def _settings(answer: ListAnswer) -> dict[str, Any]:
    proxy = _PROXY.search(answer.text)
    return {
        "api": join(answer.url, proxy[1] if proxy else "/module/web/jpage/dataproxy.jsp"),
        "form": _form(answer.text),
        "per_page": _number(_PER_PAGE, answer.text) or 15,
        "column": answer.url,
        "by": "record",
    }


def _form(text: str) -> dict[str, str]:
    """The interface's fields: from the call's own address, else from the settings of the page's script."""
    query = _QUERY.search(text)
    found = dict(parse_qsl(query[1].replace("&amp;", "&"), keep_blank_values=True)) if query else {}
    for name in _NAMES:
        setting = re.search(rf"\b{name}['\"]?\s*[:=]\s*['\"]?([^'\",&}}\s]*)", text)
        if setting and name not in found:
            found[name] = setting[1]
    form = {name: found[name] for name in _NAMES if name in found}
    return form if "columnid" in form and "unitid" in form else {}


def _number(form: re.Pattern[str], text: str) -> int | None:
    match = form.search(text)
    return int(next(group for group in match.groups() if group)) if match else None
