"""新点 EWB: site settings in /js/webBuilderCommon.js, rows as JSON from POST …/lightfrontaction/getgovinfolist."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, join, read_json
from crawlers.listings._api import (
    Fields,
    count_of,
    dig,
    json_request,
    paged,
    query_of,
    refused,
    rows_of_records,
)

ORDER = 70

_GUID = re.compile(r"[\"']?siteGuid[\"']?\s*[:=]\s*[\"']([0-9a-fA-F-]{36})[\"']")
_PROJECT = re.compile(r"[\"']?projectName[\"']?\s*[:=]\s*[\"'](/?[\w-]+)[\"']")
_SETTINGS_FILE = "/js/webBuilderCommon.js"
_PAGE_SIZE = 20
_FIELDS = Fields(
    ("title", "realtitle"), ("infourl", "visiturl", "linkurl"), ("infodate", "handsdate", "publishdate")
)


def detect(answer: ListAnswer) -> bool:
    """The front's name or its settings script, on a page whose address names a category."""
    marks = (
        "EWB-FRONT" in answer.text or "webBuilderCommon" in answer.text or "lightfrontaction" in answer.text
    )
    return marks and "categorynum" in query_of(answer.url)


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Column page, then the settings script unless the page holds them, then the interface from pageIndex 0."""
    if "guid" in request.state:
        return _read_answer(answer, request)
    state = {"column": answer.url, **request.state}
    guid = _GUID.search(answer.text)
    if guid is None:
        if "asked" in state:
            return ListPage("", (), verdict="unreadable", detail=f"{_SETTINGS_FILE} names no siteGuid")
        asked = ListRequest(
            join(answer.url, _SETTINGS_FILE), headers={"Referer": answer.url}, state={**state, "asked": True}
        )
        return ListPage("", (), (asked,))
    project = _PROJECT.search(answer.text)
    name = project[1].strip("/") if project else "EWB-FRONT"
    api = join(answer.url, f"/{name}/rest/lightfrontaction/getgovinfolist")
    ready = {**state, "guid": guid[1], "api": api, "index": 0}
    return ListPage("", (), (replace(_ask(ready), state=ready),))


def _read_answer(answer: ListAnswer, request: ListRequest) -> ListPage:
    custom = dig(answer.data, "custom")
    custom = read_json(custom) if isinstance(custom, str) else custom
    records = dig(custom, "data")
    if not isinstance(records, list):
        return _ask_wrapped(answer, request)
    rows = rows_of_records(records, str(request.state["column"]), _FIELDS)
    first = rows[0].url if rows else ""
    state = {**request.state, "index": int(request.state["index"]) + 1}
    if rows and first == state.get("first"):  # index 0 and 1 are one page on servers that count from 1
        return ListPage("", (), (replace(_ask(state), page_no=request.page_no, state=state),))
    state["first"] = state.get("first") or first
    return paged(
        request, rows, count_of(dig(custom, "total")), replace(_ask(state), state=state), len(records)
    )


def _ask_wrapped(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Older servers want the fields inside {"params": …}."""
    if request.state.get("is_wrapped") or request.page_no > 1:
        return refused(answer.data)
    state = {**request.state, "is_wrapped": True}
    return ListPage("", (), (replace(_ask(state), state=state),))


def _ask(state: dict[str, Any]) -> ListRequest:
    query = query_of(state["column"])
    fields = {
        "deptcode": query.get("deptcode", ""),
        "categorynum": query.get("categorynum", ""),
        "siteGuid": state["guid"],
        "pageIndex": state["index"],
        "pageSize": _PAGE_SIZE,
    }
    return json_request(
        state["api"], {"params": fields} if state.get("is_wrapped") else fields, state["column"]
    )
