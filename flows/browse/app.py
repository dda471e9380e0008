"""The pages of the browsing site. Read-only: every answer comes from the published archive."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.applications import Starlette
from starlette.authentication import (
    AuthCredentials,
    AuthenticationBackend,
    AuthenticationError,
    BaseUser,
    SimpleUser,
)
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from archive.comparison import compare_texts
from archive.warehouse import Archive, Home, QuestionError, WarehouseError, ask
from archive.warehouse import questions as asked
from flows.browse.labels import labelled
from flows.browse.marks import pieces, snippet_pieces
from flows.commands.answers import plain

# Reports on a page of results.
MOST = 50

FILTER_NAMES = ("year", "region", "sector", "type", "source")

# Nothing but this site's own style sheet, script and forms: the texts come from strangers' pages.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Current:
    """The published archive, opened anew when another copy has been published."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._lock = threading.Lock()
        self._open: Archive | None = None

    def archive(self) -> Archive:
        """The archive as published now. An earlier copy stays open for whoever still reads it."""
        with self._lock:
            if self._open is None or self._open.path != self.home.warehouse.resolve():
                self._open = ask(self.home)
            return self._open


def site(home: Home, words: str = "") -> Starlette:
    """The browsing site over an archive: for this machine, or for whoever gives the words, user:password."""
    pages = Pages(Current(home))
    routes = [
        Route("/", pages.search),
        Route("/report/{name}", pages.report),
        Route("/compare/{a}/{b}", pages.compare),
        Route("/sources", pages.sources),
        Route("/style.css", asset("style.css", "text/css")),
        Route("/evidence.js", asset("evidence.js", "text/javascript")),
    ]
    # Another site's page must not reach this one under a name of its own (DNS rebinding); it does not know the words.
    here = Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]"])
    guard = Middleware(AuthenticationMiddleware, backend=Door(words), on_error=refusal) if words else here
    problems: dict[Any, Any] = {
        QuestionError: pages.not_found,
        WarehouseError: pages.no_archive,
        404: pages.not_found,
    }
    return Starlette(routes=routes, middleware=[guard], exception_handlers=problems)


class Door(AuthenticationBackend):
    """HTTP's basic scheme (RFC 7617), before every page and file."""

    def __init__(self, words: str) -> None:
        self._words = words.encode()

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser]:
        """Who comes in.

        Raises:
            AuthenticationError: the words are not those that were set.
        """
        scheme, _, said = conn.headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(said, validate=True)
        except ValueError:
            given = b""
        if scheme.lower() != "basic" or not secrets.compare_digest(given, self._words):
            raise AuthenticationError("A user and password are needed here.")
        return AuthCredentials(), SimpleUser(given.decode().partition(":")[0])


def refusal(conn: HTTPConnection, error: Exception) -> Response:
    """The answer to whoever does not know the words: browsers then ask for them."""
    asks = {"WWW-Authenticate": 'Basic realm="work reports", charset="UTF-8"'}
    return PlainTextResponse(str(error), 401, headers=HEADERS | asks)


class Pages:
    """One method a page."""

    def __init__(self, current: Current) -> None:
        self._current = current
        self._templates = Environment(
            loader=PackageLoader("flows.browse"),
            autoescape=select_autoescape(default=True, default_for_string=True),
        )
        self._templates.filters |= {
            "plain": plain,
            "snippet": snippet_pieces,
            "web": web_address,
            "labelled": labelled,
        }

    def search(self, request: Request) -> Response:
        """Search with filters; without words the newest reports."""
        words = request.query_params.get("q", "").strip()
        chosen = {name: request.query_params.get(name, "").strip() for name in FILTER_NAMES}
        archive = self._current.archive()
        if chosen["year"] and not chosen["year"].isdecimal():
            chosen["year"] = ""
        filters = {**chosen, "year": int(chosen["year"]) if chosen["year"] else None}
        found, problem = None, ""
        try:
            found = asked.find(archive, words, filters, MOST) if words else None
        except QuestionError as error:
            problem = str(error)
        rows = (found.answer if found else asked.newest(archive, filters, MOST)).dicts()
        return self._page(
            "search.html", words=words, chosen=chosen, rows=rows, most=MOST, problem=problem, is_loose=found is not None and found.is_loose, info=asked.info(archive),
            choices=asked.choices(archive), titles=asked.source_titles(archive),
            copies=asked.copies_among(archive, [row["report_id"] for row in rows]),
        )  # fmt: skip

    def report(self, request: Request) -> Response:
        """A report; `?from=&to=` marks characters of its text."""
        archive = self._current.archive()
        page = asked.report_page(archive, asked.find_report(archive, request.path_params["name"]))
        start, end = (request.query_params.get(name, "") for name in ("from", "to"))
        spans = [(int(start), int(end))] if start.isdecimal() and end.isdecimal() else []
        return self._page(
            "report.html", page=page, report=page.report, pieces=pieces(page.report["text"] or "", spans)
        )

    def compare(self, request: Request) -> Response:
        """Two reports side by side: what was masked, re-figured, changed, cut or added is marked."""
        archive = self._current.archive()
        names = [asked.find_report(archive, request.path_params[side]) for side in ("a", "b")]
        first, second = (asked.report_page(archive, name).report for name in names)
        found = compare_texts(first["text"] or "", second["text"] or "")
        blocks = [
            (
                block.kind,
                first["text"][block.start_a : block.end_a],
                second["text"][block.start_b : block.end_b],
            )
            for block in found.blocks
        ]
        sides = [
            (first, [(kind, a) for kind, a, _ in blocks]),
            (second, [(kind, b) for kind, _, b in blocks]),
        ]
        return self._page("compare.html", sides=sides, relation=found.relation)

    def sources(self, request: Request) -> Response:
        """How every source is."""
        answer = self._current.archive().rows("FROM source_health ORDER BY source")
        return self._page("sources.html", rows=answer.dicts())

    def not_found(self, request: Request, error: Exception) -> Response:
        """There is no such page or report."""
        said = error.detail if isinstance(error, HTTPException) else str(error)
        return self._page("problem.html", status=404, message=said)

    def no_archive(self, request: Request, error: Exception) -> Response:
        """There is nothing to read yet."""
        return PlainTextResponse(str(error), 503, headers=HEADERS)

    def _page(self, template: str, status: int = 200, **values: Any) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(values), status, headers=HEADERS)


def asset(name: str, media_type: str) -> Callable[[Request], Response]:
    """The endpoint that answers with one of the site's own files."""

    def answer(request: Request) -> Response:
        text = (Path(__file__).parent / "templates" / name).read_text("utf-8")
        return Response(text, media_type=media_type, headers=HEADERS)

    return answer


def web_address(url: str | None) -> str:
    """The address if a browser may follow it, else nothing: pages can name javascript: and file: addresses.

    >>> web_address("http://a.example/"), web_address("javascript:alert(1)"), web_address(None)
    ('http://a.example/', '', '')
    """
    return url if url and url.startswith(("http://", "https://")) else ""
