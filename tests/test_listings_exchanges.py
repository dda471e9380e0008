"""One frozen exchange per family: what is asked, what is answered, what is read from it.

A folder tests/listings/exchanges/FAMILY holds exchange.json and the answers it names. The column's first request is
made, each answer is read, and the request it leads to must be the one that the exchange holds next.
"""

import json
from pathlib import Path

import pytest

from archive.models import ListPage, ListRequest, Page
from crawlers.listings import families, first_request, read_list

EXCHANGES = Path(__file__).parent / "listings" / "exchanges"


def asked(request: ListRequest) -> dict[str, str]:
    told = {"method": request.method, "url": request.url}
    if request.body:
        told["body"] = request.body.decode()
    if "Referer" in request.headers:
        told["referer"] = request.headers["Referer"]
    return told


def given(page: ListPage) -> dict[str, object]:
    rows = [[row.url, row.title, row.date.isoformat() if row.date else None] for row in page.rows]
    return {
        "family": page.family,
        "verdict": page.verdict,
        "rows": rows,
        "n_rows_total": page.n_rows_total,
        "n_pages": page.n_pages,
    }


def test_every_family_has_an_exchange():
    assert sorted(families()) == sorted(folder.name for folder in EXCHANGES.iterdir())


@pytest.mark.parametrize("name", sorted(folder.name for folder in EXCHANGES.iterdir()))
def test_exchange(name):
    exchange = json.loads((EXCHANGES / name / "exchange.json").read_text("utf-8"))
    request: ListRequest | None = first_request(exchange["column"])
    for step in exchange["steps"]:
        assert request is not None, "the exchange goes on where the reader stopped"
        assert asked(request) == step["asks"]
        body = (EXCHANGES / name / step["answer"]).read_bytes()
        page = read_list(Page(request.url, body, step["content_type"], step["status"]), request)
        assert given(page) == {
            key: step[key] for key in ("family", "verdict", "rows", "n_rows_total", "n_pages")
        }
        json.dumps([dict(one.state) for one in page.next])  # a request's state is stored as JSON between runs
        request = page.next[0] if page.next else None
    assert request is None, "the reader goes on where the exchange ends"
    assert any(step["family"] == name for step in exchange["steps"])
