"""Any list page without a fingerprint: rows from the structure of the page, the next page from its pager."""

from __future__ import annotations

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer
from crawlers.listings._html import read_html

ORDER = 1000


def detect(answer: ListAnswer) -> bool:
    """Always: the last family asked."""
    return True


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Rows of the best block, the observed next page, and the end where the pager shows it."""
    return read_html(answer, request)
