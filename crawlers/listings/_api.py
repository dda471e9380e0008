"""Lists that come from an interface: requests as forms or JSON, records as rows, and the end by totals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from archive.models import ListPage, ListRequest, ListRow
from crawlers.listings._answer import join, parse_html
from crawlers.listings._candidates import clean_title, text_of
from crawlers.listings._dates import date_in_url, find_date
from crawlers.listings._rows import distinct

# Sites date by the day in China; timestamps count from 1970 in UTC.
CHINA = timezone(timedelta(hours=8))
AJAX = {"X-Requested-With": "XMLHttpRequest"}


@dataclass(frozen=True)
class Fields:
    """Names under which a family's records carry title, address and date, the best first."""

    title: tuple[str, ...]
    url: tuple[str, ...]
    date: tuple[str, ...]


def form_request(url: str, fields: Mapping[str, Any], column_url: str) -> ListRequest:
    """A POST of form fields, as the column page's own script sends it."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "Referer": column_url,
        **AJAX,
    }
    return ListRequest(url=url, method="POST", body=urlencode(fields).encode(), headers=headers)


def json_request(url: str, payload: Mapping[str, Any], column_url: str) -> ListRequest:
    """A POST of a JSON object, as the column page's own script sends it."""
    headers = {"Content-Type": "application/json; charset=UTF-8", "Referer": column_url, **AJAX}
    return ListRequest(
        url=url, method="POST", body=json.dumps(payload, ensure_ascii=False).encode(), headers=headers
    )


def get_request(url: str, fields: Mapping[str, Any], column_url: str) -> ListRequest:
    """A GET with fields added to the address's own; some servers answer 404 without the Referer."""
    return ListRequest(url=with_query(url, fields), headers={"Referer": column_url, **AJAX})


def with_query(url: str, fields: Mapping[str, Any]) -> str:
    """The address with query fields set, the others kept.

    >>> with_query("http://a.example/s?q=x&p=1", {"p": 2})
    'http://a.example/s?q=x&p=2'
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {
        name: str(value) for name, value in fields.items()
    }
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))


def query_of(url: str) -> dict[str, str]:
    """The query fields of an address."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def dig(data: Any, *path: str) -> Any:
    """The value under a path of keys, or None where a step is missing.

    >>> dig({"data": {"results": [1]}}, "data", "results"), dig([], "data")
    ([1], None)
    """
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def count_of(value: Any) -> int | None:
    """A count that an interface gives as a number or as digits; None where it is neither."""
    digits = str(value).strip()
    return int(digits) if digits.isdigit() and len(digits) < 9 else None


def rows_of_records(records: Iterable[Any], base_url: str, fields: Fields) -> tuple[ListRow, ...]:
    """Records as rows; those without a title are left out, those without an address have url ""."""
    rows = []
    for record in records:
        if isinstance(record, dict) and (title := plain(_first(record, fields.title))):
            url = join(base_url, str(_first(record, fields.url) or ""))
            rows.append(ListRow(url, title, day_of(_first(record, fields.date)) or date_in_url(url)))
    return distinct(rows)


def _first(record: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((record[name] for name in names if record.get(name) not in (None, "", 0)), None)


def plain(value: Any) -> str:
    """Text of a field that may hold mark-up (highlighted search words) and entities.

    >>> plain("2022年<em>工作总结</em>&nbsp;")
    '2022年工作总结'
    """
    text = str(value or "")
    if "<" in text:
        text = text_of(parse_html(f"<div>{re.sub(r'</?(?:em|font|span|b|strong)[^<>]*>', '', text)}</div>"))
    return clean_title(unescape(text))


def day_of(value: Any) -> date | None:
    """The day of a text date, or of seconds or milliseconds since 1970.

    >>> day_of("2022-02-18 10:30:00"), day_of(1645148400), day_of("1645148400000"), day_of(7)
    (datetime.date(2022, 2, 18), datetime.date(2022, 2, 18), datetime.date(2022, 2, 18), None)
    """
    text = str(value or "").strip()
    if not re.fullmatch(r"\d{9,13}", text):
        return find_date(text)
    seconds = int(text) / (1000 if len(text) > 10 else 1)
    return datetime.fromtimestamp(seconds, CHINA).date()


def refused(answer_data: Any) -> ListPage:
    """The alarm for an answer that is an error in an envelope, with what it says."""
    said = dig(answer_data, "message") or dig(answer_data, "msg") or dig(answer_data, "status")
    return ListPage("", (), verdict="refused", detail=str(said or "the answer holds no list")[:200])


def paged(
    request: ListRequest, rows: tuple[ListRow, ...], total: int | None, following: ListRequest, n_read: int
) -> ListPage:
    """One page of an interface and the next. `n_read` counts the answer's records, `total` those of the whole list.

    The end is proven when as many records were read as there are; without a total, by the first empty page after
    the first. No records before the total is reached is an alarm.
    """
    n_seen = int(request.state.get("n_seen", 0)) + n_read
    if total is not None and n_seen >= total:
        return ListPage("", rows, verdict="end" if n_seen else "empty", n_rows_total=total)
    if n_read == 0:
        is_end = total is None and request.page_no > 1
        detail = "" if is_end else f"{n_seen} records of {total or 'an unknown number'}"
        return ListPage("", (), verdict="end" if is_end else "empty", detail=detail, n_rows_total=total)
    state = {**following.state, "n_seen": n_seen}
    return ListPage(
        "", rows, (replace(following, page_no=request.page_no + 1, state=state),), n_rows_total=total
    )
