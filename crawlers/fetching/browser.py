"""List pages that a script draws: a browser that never touches the network, fed by the crawl's own downloader.

Whatever a page asks for (scripts, data, frames) is asked by our downloader, one after another: the same address
rules, robots.txt, pauses, limits, retries and User-Agent as for any request of the crawl. What the browser would send
by itself goes to a proxy that is not there. Pictures, films, fonts and styles draw no list and are not asked for.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request
from scrapy.http import Response
from scrapy.signals import engine_stopped, spider_opened
from scrapy.utils.misc import build_from_crawler

from crawlers.fetching.wire import exchange

if TYPE_CHECKING:
    from playwright.async_api import Page, Route
    from scrapy.crawler import Crawler

    from archive.landing import Landing
    from crawlers.fetching.downloader import OneAtATime

MISSING = (
    "the source has browser = true, but the browser's driver is not installed: "
    "pip install 'work-report-archive[browser]'"
)
# Names under which Linux distributions install it.
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_KINDS_DROPPED = frozenset({"image", "media", "font", "stylesheet", "texttrack", "manifest", "ping"})
_KINDS_ARCHIVED = frozenset({"document", "xhr", "fetch"})
# Requests of one page; with a second between them, more would hold up the crawl for minutes.
MOST_PARTS = 60
# Seconds without a request, after which a list is taken for drawn, and the most that are waited for that.
_LONGEST_QUIET_WAIT = 30.0
# Told by the browser for its own connection, cookies or cache; the downloader says its own.
_OWN_HEADERS = frozenset(
    {"host", "connection", "user-agent", "accept-encoding", "cookie", "content-length", "if-none-match"}
)
# Described the answer on the wire. A cookie set by a script's answer would let a challenge be passed.
_WIRE_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie"})
# Nothing answers there (discard, RFC 863): what is not fed to the browser fails.
_NOWHERE = {"server": "http://127.0.0.1:9", "bypass": "<-loopback>"}


class BrowserMissing(Exception):
    """There is no browser to draw with; the message says what to install or set."""


def settings(path: str | None, timeout: float) -> dict[str, Any]:
    """Scrapy settings of the browser. `path`: its program; `timeout`: seconds for the first answer of a page."""
    found = path or next(filter(None, map(shutil.which, _NAMES)), None)
    launch = {
        "args": [
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--disable-background-networking",
        ],
        "proxy": _NOWHERE,
        # Pages are strangers' code. Chromium cannot build its sandbox where it runs as root.
        "chromium_sandbox": os.geteuid() != 0,
        **({"executable_path": found} if found else {}),
    }
    return {
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": timeout * 1000,
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
    }


@dataclass
class _Held:
    """One page being drawn: its document as fetched, and how many parts were asked for."""

    document: Response | None
    n_parts: int = 0


class Browser:
    """Draws pages for one crawl, one at a time."""

    def __init__(self, crawler: Crawler, landing: Landing) -> None:
        """Raises BrowserMissing where scrapy-playwright is not installed."""
        if find_spec("scrapy_playwright") is None:
            raise BrowserMissing(MISSING)
        self._crawler, self._landing = crawler, landing
        self._one_at_a_time = asyncio.Lock()
        self._scripts: dict[str, Response] = {}  # the same for every page of a list
        # Between these two moments Scrapy has all that the handler wants, and the engine starts it.
        crawler.signals.connect(self._open, spider_opened)
        crawler.signals.connect(self._close, engine_stopped)

    def _open(self) -> None:
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

        self._handler: Any = build_from_crawler(ScrapyPlaywrightDownloadHandler, self._crawler)

    async def _close(self) -> None:
        await self._handler.close()

    async def draw(self, document: Response) -> str:
        """The page as it stands once its scripts have run, as HTML. `document` is its answer as fetched.

        Raises:
            BrowserMissing: the browser's program is not there.
            Exception: what the browser raised.
        """
        held = _Held(document)

        async def hold(page: Page, request: Request) -> None:
            await page.route("**/*", lambda route: self._feed(route, held))

        meta = {
            "playwright": True,
            "playwright_context_kwargs": {"service_workers": "block", "accept_downloads": False},
            "playwright_page_init_callback": hold,
            "playwright_page_methods": [_quiet()],
        }
        try:
            drawn = await self._handler.download_request(Request(document.url, meta=meta, dont_filter=True))
        except Exception as error:
            if "executable doesn't exist" in str(error).lower():
                raise BrowserMissing(
                    "no browser was found: install chromium, or set WORKREPORTS_BROWSER to its path"
                ) from error
            raise
        return str(drawn.text)

    async def _feed(self, route: Route, held: _Held) -> None:
        """Answer one request of the page, or end it."""
        kind, url = route.request.resource_type, route.request.url
        if kind in _KINDS_DROPPED or held.n_parts >= MOST_PARTS:
            await route.abort()
            return
        if held.document is not None and kind == "document" and url == held.document.url:
            response, held.document = held.document, None
        else:
            held.n_parts += 1
            found = self._scripts.get(url) or await self._fetch(route, kind)
            if found is None:
                await route.abort()
                return
            response = found
        await route.fulfill(status=response.status, headers=_headers(response), body=response.body)

    async def _fetch(self, route: Route, kind: str) -> Response | None:
        """What the page asks for, by the rules of the crawl; None where they forbid it or it failed."""
        asked = route.request
        headers = {
            k: v for k, v in (await asked.all_headers()).items() if k not in _OWN_HEADERS and k[0] != ":"
        }
        try:
            request = Request(
                asked.url, method=asked.method, body=asked.post_data_buffer, headers=headers, dont_filter=True
            )
            async with self._one_at_a_time:
                response = await cast("OneAtATime", self._crawler.engine.downloader).answer(request)
        except Exception:  # refused, forbidden, too large, failed: the page has to do without
            return None
        if kind in _KINDS_ARCHIVED:
            assert response.request is not None
            self._landing.keep(exchange(response.request, response.request.meta["wire"], response))
        elif kind == "script":
            self._scripts[asked.url] = response
        return response


def _quiet() -> Any:
    """What to do once a page has loaded: wait until it asks for nothing more; a page that never rests is taken as is."""
    from playwright.async_api import TimeoutError
    from scrapy_playwright.page import PageMethod

    async def wait(page: Page) -> None:
        try:
            await page.wait_for_load_state("networkidle", timeout=_LONGEST_QUIET_WAIT * 1000)
        except TimeoutError:
            return

    return PageMethod(wait)


def _headers(response: Response) -> dict[str, str]:
    pairs = response.headers.to_unicode_dict().items()
    return {str(name): str(value) for name, value in pairs if str(name).lower() not in _WIRE_HEADERS}
