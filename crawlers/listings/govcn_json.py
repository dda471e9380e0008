"""中国政府网 JSON columns: one file holds the whole column as an array of {TITLE, URL, DOCRELPUBTIME}."""

from __future__ import annotations

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer
from crawlers.listings._api import Fields, rows_of_records

ORDER = 5

_FIELDS = Fields(("TITLE", "SUB_TITLE"), ("URL",), ("DOCRELPUBTIME",))


def detect(answer: ListAnswer) -> bool:
    """A JSON array whose first record has TITLE and URL."""
    data = answer.data if answer.text[:200].lstrip("\ufeff \r\n").startswith("[") else None
    return (
        isinstance(data, list)
        and bool(data)
        and isinstance(data[0], dict)
        and {"TITLE", "URL"} <= data[0].keys()
    )


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """All rows; the file is the whole column."""
    records = answer.data if isinstance(answer.data, list) else []
    rows = rows_of_records(records, answer.url, _FIELDS)
    return ListPage("", rows, verdict="end" if rows else "empty", n_pages=1, n_rows_total=len(records))
