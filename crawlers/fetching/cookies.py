"""Cookies as Scrapy keeps them, without its look-ups on the network and with a bound on their size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares import cookies as scrapy_cookies
from tldextract import TLDExtract

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

# Servers refuse requests whose headers are larger than 8 to 64 KB, so a site that piles up cookies would lock us out.
MOST_BYTES = 6 * 1024


class SmallCookies(scrapy_cookies.CookiesMiddleware):
    """Sessions work (some firewalls want their cookie back), hoards are thrown away."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._is_used = False
        # Scrapy would download the public suffix list at the first cookie; the library brings one along.
        scrapy_cookies._split_domain = TLDExtract(
            suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
        )

    def process_request(self, request: Request, spider: Any = None) -> Request | Response | None:
        """Send what was taken; most sites set no cookie."""
        return super().process_request(request) if self._is_used else None

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """Take the answer's cookies, and start anew where they have become too many."""
        if b"Set-Cookie" not in response.headers:
            return response
        self._is_used = True
        answer = super().process_response(request, response)
        for jar in self.jars.values():
            if sum(len(cookie.name) + len(cookie.value or "") for cookie in jar) > MOST_BYTES:
                jar.clear()
        return answer
