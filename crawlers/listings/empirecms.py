"""帝国 EmpireCMS: static pages index_2.html …, a pager that shows the number of all rows in bold."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.models import ListPage, ListRequest
from crawlers.listings._answer import ListAnswer
from crawlers.listings._html import read_html

ORDER = 210

# <a title="Total record">&nbsp;<b>852</b></a> or title="总数"
_TOTAL = re.compile(r"title=[\"'](?:Total record|总数)[\"'][^>]{0,200}>(?:&nbsp;|\s){0,20}<b>(\d{1,7})</b>")
_FINGERPRINT = re.compile(r"/e/(?:public|search|data|extend|action|pl|member)/|EmpireCMS", re.IGNORECASE)


def detect(answer: ListAnswer) -> bool:
    """The pager's total or addresses of the system's /e/ folder."""
    return bool(_TOTAL.search(answer.text) or _FINGERPRINT.search(answer.text))


def read(answer: ListAnswer, request: ListRequest) -> ListPage:
    """Rows, the linked next page, and the total of rows that the pager shows."""
    total = _TOTAL.search(answer.text)
    found = read_html(answer, request)
    return replace(found, n_rows_total=int(total[1])) if total else found
