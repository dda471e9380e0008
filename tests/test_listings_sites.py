"""Every family reads a list of 200 reports to its proven end: all of them, none twice, in exactly the requests it needs."""

from collections import deque

import pytest

from archive.models import Page
from crawlers.listings import first_request, read_list
from tests.listing_sites import HOST, REPORTS, SITES, Server, reply

MOST_REQUESTS = 60


def read_whole_list(server: Server, column: str) -> tuple[list[str], list[str], int]:
    """Addresses and verdicts in the order read, and the number of requests."""
    waiting = deque([first_request(HOST + column)])
    urls: list[str] = []
    verdicts: list[str] = []
    while waiting and len(verdicts) < MOST_REQUESTS:
        request = waiting.popleft()
        body, content_type = reply(server, request.url, request.body) or ("<h1>Not Found</h1>", "text/html")
        status = 404 if body == "<h1>Not Found</h1>" else 200
        assert status == 200 or "probe" in request.state, f"{request.method} {request.url} is 404"
        page = read_list(Page(request.url, body.encode(), content_type, status), request)
        urls += [row.url for row in page.rows]
        verdicts.append(page.verdict)
        waiting.extend(page.next)
    return urls, verdicts, len(verdicts)


@pytest.mark.parametrize(
    ("family", "server", "column", "n_requests"), SITES, ids=[site[1].__name__ for site in SITES]
)
def test_two_hundred_of_two_hundred(family, server, column, n_requests):
    urls, verdicts, n_asked = read_whole_list(server, column)
    assert urls == [HOST + url for url, _, _ in REPORTS]
    assert verdicts == ["ok"] * (n_requests - 1) + ["end"]
    assert n_asked == n_requests
    body, content_type = reply(server, HOST + column.partition("#")[0], None)
    first = read_list(
        Page(HOST + column.partition("#")[0], body.encode(), content_type), first_request(HOST + column)
    )
    assert first.family == family
