"""Any JSON list: site searches (jpaas, IGS, 中国政府网) and interfaces whose address names page and size.

The column is the address of the first answer, keyword and all, e.g.
/search-front-server/api/search/info?websiteid=…&q=工作总结&p=1&pg=20.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer, next_page
from crawlers.listings._api import (
    Fields,
    count_of,
    dig,
    paged,
    query_of,
    refused,
    rows_of_records,
    with_query,
)

ORDER = 150

_FIELDS = Fields(
    ("title", "TITLE", "docSubtitle", "docTitle", "doctitle", "name", "realtitle"),
    ("url", "URL", "link", "linkUrl", "docUrl", "docpuburl", "pageUrl", "infourl"),
    (
        "pubDate",
        "pubtimeStr",
        "publishDate",
        "publishedTimeStr",
        "cdate",
        "trs_time",
        "time",
        "date",
        "docDate",
        "publishTime",
        "pubtime",
        "publish_time",
        "createTime",
        "releaseTime",
    ),
)
_TOTALS = ("total", "totalCount", "totalElements", "totalHits", "count", "rowCount", "totalNum")
# Fields of an address that count pages, in lower case, the surest name first; `p` means page in searches.
_PAGE_FIELDS = ("pageno", "pagenum", "pagenumber", "pageindex", "currentpage", "currpage", "page", "p")
_MOST_DEPTH = 7


def detect(answer: ListAnswer) -> bool:
    """JSON that holds records with a title and an address."""
    return (
        answer.text.lstrip("\ufeff \r\n")[:1] in "{["
        and answer.data is not None
        and bool(_records(answer.data)[0])
    )


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """The largest array of records as rows; the next page by the page field of the address."""
    records, holder = _records(answer.data)
    if dig(answer.data, "success") is False or (not records and request.page_no == 1):
        return refused(answer.data)
    rows = rows_of_records(records, answer.url, _FIELDS)
    total = next((count for name in _TOTALS if (count := count_of(dig(holder, name))) is not None), None)
    query = query_of(answer.url)
    counting = {one.lower(): one for one, value in query.items() if value.isdigit()}
    name = next((counting[one] for one in _PAGE_FIELDS if one in counting), None)
    if name is None:
        is_whole = total is None or len(records) >= total
        return ListPage(
            "",
            rows,
            verdict="end" if is_whole else "ok",
            detail="the address names no page",
            n_rows_total=total,
        )
    following = next_page(request, with_query(answer.url, {name: int(query[name]) + 1}))
    return paged(request, rows, total, following, len(records))


def _records(data: Any) -> tuple[list[Any], Any]:
    """The largest array of records, and the object that it stands in or under (where totals are)."""
    best: tuple[list[Any], Any] = ([], {})
    for array, holders in _arrays(data, ()):
        records = [dig(one, "data") or dig(one, "source") or one for one in array]
        if sum(_is_record(one) for one in records) > max(len(best[0]), 0.8 * len(records) - 1):
            best = (records, _with_total(holders))
    return best


def _arrays(data: Any, holders: tuple[Any, ...]) -> Iterator[tuple[list[Any], tuple[Any, ...]]]:
    if len(holders) > _MOST_DEPTH:
        return
    if isinstance(data, list) and data and isinstance(data[0], dict):
        yield data, holders
    if isinstance(data, dict):
        for value in data.values():
            yield from _arrays(value, (data, *holders))


def _is_record(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and any(one.get(name) for name in _FIELDS.title)
        and any(one.get(name) for name in _FIELDS.url)
    )


def _with_total(holders: tuple[Any, ...]) -> Any:
    """The nearest object around an array that names a total; a pager may stand beside the array's object."""
    for holder in holders:
        for place in (holder, dig(holder, "pager"), dig(holder, "pagination")):
            if isinstance(place, dict) and any(count_of(place.get(name)) is not None for name in _TOTALS):
                return place
    return {}
