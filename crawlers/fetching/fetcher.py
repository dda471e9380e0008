"""One page fetched: asked, judged, archived, logged. What comes back is a value; only a reason to stop is raised."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from archive.models import Capture, CaptureKind, KnownPage, Outcome, Page
from archive.printable import printable, printable_url
from archive.warc import DRAWN_TYPE, Drawn, Exchange
from crawlers.fetching.addresses import Refused
from crawlers.fetching.answers import GONE, is_garbled, why_blocked
from crawlers.fetching.browser import Browser, BrowserMissing
from crawlers.fetching.decompression import TooLarge
from crawlers.fetching.robots import RobotsForbid
from crawlers.fetching.wire import exchange

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from archive.landing import Landing
    from crawlers.fetching.downloader import OneAtATime
    from crawlers.job import CrawlJob

# After so many closed doors in a row the site has said no; after so many failures it is down.
BLOCKED_IN_A_ROW = 3
ERRORS_IN_A_ROW = 10


class StopCrawl(Exception):
    """The run ends here, in good order; the message is its stop_reason."""


@dataclass(frozen=True, slots=True)
class Want:
    """One page that is wanted, and what led to it."""

    url: str
    kind: CaptureKind
    method: str = "GET"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    known: KnownPage | None = None  # ask only whether it changed
    parent_url: str | None = None
    title: str | None = None
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of it. `page` is there for every answer with a body, also for a page that is gone."""

    capture: Capture
    page: Page | None = None

    @property
    def is_ok(self) -> bool:
        """Whether a new or changed body was archived."""
        return self.capture.outcome == "ok"


class Fetcher:
    """Fetches pages for one run and keeps its budget."""

    def __init__(self, job: CrawlJob, crawler: Crawler, landing: Landing) -> None:
        self._job, self._crawler, self._landing = job, crawler, landing
        self._browser = Browser(crawler, landing) if job.source.browser else None
        self._ends_at = time.monotonic() + job.limits.minutes * 60
        self._n_fetches = self._blocked_in_a_row = self._errors_in_a_row = 0

    async def fetch(self, want: Want) -> Fetched:
        """Ask for a page and archive the answer.

        Raises:
            StopCrawl: the budget is used up, or the site turns everything away.
            OSError: the answer cannot be written.
        """
        self._check_budget()
        self._n_fetches += 1
        request = _request(want)
        try:
            response = await self._downloader.answer(request)
        except Exception as error:
            capture = replace(self._blank(want), outcome=_outcome_of(error), detail=_tell(error))
            fetched = Fetched(self._landing.save(capture))
        else:
            is_drawn = want.kind == "list" and want.method == "GET" and _judge(response, None)[0] == "ok"
            if self._browser is not None and is_drawn:
                fetched = await self._draw(self._browser, want, response)
            else:
                fetched = self._archive(want, response)
        self._watch_for_trouble(fetched.capture)
        return fetched

    @property
    def _downloader(self) -> OneAtATime:
        """The crawl's own; Scrapy makes it after its spider."""
        return cast("OneAtATime", self._crawler.engine.downloader)

    def _archive(self, want: Want, response: Response) -> Fetched:
        outcome, detail = _judge(response, want.known)
        body = b"" if response.status == 304 else response.body
        header = response.headers
        capture = replace(
            self._blank(want),
            status=response.status,
            outcome=outcome,
            detail=detail,
            final_url=printable_url(response.url) if response.url != want.url else None,
            content_type=_text(header, b"Content-Type"),
            etag=_text(header, b"ETag") or None,
            last_modified=_text(header, b"Last-Modified") or None,
            digest=hashlib.sha256(body).hexdigest() if body else None,
            n_bytes=len(body),
        )
        capture = self._landing.save(capture, _exchange(response))
        page = Page(
            printable_url(response.url), body, capture.content_type, response.status, capture.fetched_at
        )
        return Fetched(capture, page)

    async def _draw(self, browser: Browser, want: Want, response: Response) -> Fetched:
        """A list page as a browser shows it; the answer that it was drawn from is kept as evidence."""
        self._landing.keep(_exchange(response))
        capture = replace(
            self._blank(want),
            status=response.status,
            final_url=response.url if response.url != want.url else None,
            content_type=DRAWN_TYPE,
        )
        try:
            body = (await browser.draw(response)).encode("utf-8", "replace")
        except Exception as error:
            detail = str(error) if isinstance(error, BrowserMissing) else f"browser: {_tell(error)}"
            return Fetched(self._landing.save(replace(capture, detail=detail)))
        if len(body) > self._job.limits.answer_bytes:
            return Fetched(self._landing.save(replace(capture, outcome="too_large", n_bytes=len(body))))
        digest = hashlib.sha256(body).hexdigest()
        capture = replace(capture, outcome="ok", detail="drawn", digest=digest, n_bytes=len(body))
        capture = self._landing.save(capture, Drawn(response.url, body, capture.fetched_at))
        return Fetched(capture, Page(response.url, body, DRAWN_TYPE, response.status, capture.fetched_at))

    def _blank(self, want: Want) -> Capture:
        return Capture(
            run_id=self._job.run_id,
            source=self._job.source.name,
            url=want.url,
            kind=want.kind,
            status=None,
            outcome="error",
            fetched_at=datetime.now(UTC),
            parent_url=want.parent_url,
            list_title=want.title,
            list_date=want.date,
        )

    def _check_budget(self) -> None:
        limits = self._job.limits
        if time.monotonic() > self._ends_at:
            raise StopCrawl(f"budget: {limits.minutes:g} minutes")
        if self._n_fetches >= limits.fetches:
            raise StopCrawl(f"budget: {limits.fetches} pages")
        if self._landing.tally.counts["n_bytes"] >= limits.n_bytes:
            raise StopCrawl(f"budget: {limits.n_bytes} bytes")

    def _watch_for_trouble(self, capture: Capture) -> None:
        if capture.kind not in ("list", "report"):
            return  # attachments often lie behind a login on sites whose pages are open
        is_blocked, is_error = capture.outcome == "blocked", capture.outcome == "error"
        self._blocked_in_a_row = self._blocked_in_a_row + 1 if is_blocked else 0
        self._errors_in_a_row = self._errors_in_a_row + 1 if is_error else 0
        if self._blocked_in_a_row >= BLOCKED_IN_A_ROW:
            raise StopCrawl(f"blocked: {capture.detail}")
        if self._errors_in_a_row >= ERRORS_IN_A_ROW:
            raise StopCrawl(
                f"errors: {ERRORS_IN_A_ROW} pages in a row failed, the last with {capture.detail}"
            )


def _request(want: Want) -> Request:
    headers = dict(want.headers)
    if want.known is not None:
        if want.known.etag:
            headers["If-None-Match"] = want.known.etag
        if want.known.last_modified:
            headers["If-Modified-Since"] = want.known.last_modified
    if want.kind == "list":
        # A list page from anybody's cache hides what is new.
        headers.setdefault("Cache-Control", "no-cache")
    # Scrapy's filter would drop a redirect to the same address, which some firewalls send with a cookie.
    return Request(want.url, method=want.method, body=want.body, headers=headers, dont_filter=True)


def _exchange(response: Response) -> Exchange:
    request = response.request
    assert request is not None  # Scrapy's engine sets it on every answer
    return exchange(request, request.meta["wire"], response)


def _judge(response: Response, known: KnownPage | None) -> tuple[Outcome, str]:
    status, body = response.status, response.body
    if status == 304:
        return (
            ("unchanged", "HTTP 304")
            if known
            else ("error", "HTTP 304, though nothing was known of the page")
        )
    if status in GONE:
        return "gone", f"HTTP {status}"
    if blocked := why_blocked(status, body):
        return "blocked", blocked
    if 300 <= status < 400:
        return "refused", f"redirect to {_text(response.headers, b'Location')[:200]}"
    if status != 200:
        return "error", f"HTTP {status}"
    if not body:
        return "error", "empty answer"
    if is_garbled(body, response.headers.get(b"Content-Type") or b""):
        return "error", "garbled answer"
    if known and known.digest == hashlib.sha256(body).hexdigest():
        return "unchanged", "same bytes"
    return "ok", ""


def _outcome_of(error: Exception) -> Outcome:
    names: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Outcome], ...] = (
        (RobotsForbid, "robots"),
        (Refused, "refused"),
        ((TooLarge, DownloadCancelledError), "too_large"),
    )
    return next((name for kind, name in names if isinstance(error, kind)), "error")


# Scrapy raises these without a word.
_SILENT = {
    "ResponseDataLossError": "the body was cut short",
    "DownloadCancelledError": "larger than the limit",
}


def _tell(error: Exception) -> str:
    """An error for a person: Twisted packs the real reason into a list of failures."""
    reasons = getattr(error.__cause__, "reasons", None)
    words = reasons[0].getErrorMessage() if reasons else str(error)
    name = type(error).__name__
    return printable(f"{name}: {words or _SILENT.get(name, 'no reason given')}")[:300]


def _text(headers: Any, name: bytes) -> str:
    value: bytes = headers.get(name) or b""
    return printable(value.decode("utf-8", "replace"))
