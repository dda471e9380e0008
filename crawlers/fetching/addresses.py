"""Which addresses may be asked: public ones, and those that the user allowed by host and port."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver, dnscache

from archive.printable import printable_url
from crawlers.fetching.hosts import is_own_machine, is_public, literal

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

_PORTS = {"http": 80, "https": 443}
Resolve = Callable[[str], Awaitable[str]]


class Refused(IgnoreRequest):
    """The address may not be asked; the message says which and why."""


def host_and_port(url: str) -> tuple[str, str]:
    """The host of a URL, and `host:port` with the scheme's own port filled in.

    Raises:
        Refused: the URL is not a web address, or its port is no number.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError as error:
        raise Refused(f"{url[:200]}: not a web address ({error})") from error
    if parts.scheme not in _PORTS or not host:
        raise Refused(f"{url[:200]}: only http and https are fetched")
    return host, f"{host}:{port or _PORTS[parts.scheme]}"


async def resolve(host: str) -> str:
    """The IPv4 address of a name, from the system's resolver.

    Raises:
        CannotResolveHostError: there is none.
    """
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(None, socket.gethostbyname, host)
    except (OSError, UnicodeError) as error:
        raise CannotResolveHostError(f"{host} has no address ({error})") from error


async def check(url: str, allow: frozenset[str], by_proxy: bool, lookup: Resolve = resolve) -> str | None:
    """Refuse what is not public; returns the address that was checked for a name (None where none was needed).

    Behind a proxy names are the proxy's to resolve; literal private addresses stay refused.

    Raises:
        Refused: the address is private, loopback, link-local or reserved, and not allowed.
        CannotResolveHostError: the name has no address.
    """
    host, with_port = host_and_port(url)
    if with_port in allow:
        return None
    address, found = literal(host), None
    if address is None:
        if is_own_machine(host):
            raise Refused(f"{with_port} is this machine; WORKREPORTS_ALLOW={with_port} would allow it")
        if by_proxy:
            return None
        found = await lookup(host)
        address = ipaddress.ip_address(found)
    if not is_public(address):
        raise Refused(
            f"{with_port} is the private address {address}; WORKREPORTS_ALLOW={with_port} would allow it"
        )
    return found


class AddressGuard:
    """Downloader middleware: every request, also every hop of a redirect, is checked before it is sent."""

    def __init__(self, allow: frozenset[str], lookup: Resolve = resolve) -> None:
        self._allow, self._lookup = allow, lookup

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        """Reads the setting ADDRESSES_ALLOWED."""
        return cls(frozenset(crawler.settings.getlist("ADDRESSES_ALLOWED")))

    async def process_request(self, request: Request, spider: Any = None) -> Request | None:
        """Refuse, or pin the checked address: Scrapy's resolver then cannot be told another one (rebinding).

        A redirect to an address with a name and password is followed without them.
        """
        if (plain := printable_url(request.url)) != request.url:
            return request.replace(url=plain)
        host = urlsplit(request.url).hostname or ""
        by_proxy = bool(request.meta.get("proxy"))
        found = await check(request.url, self._allow, by_proxy, self._pinned_or_new)
        if found:
            dnscache[host] = found
        return None

    async def _pinned_or_new(self, host: str) -> str:
        pinned = dnscache.get(host)
        return pinned if isinstance(pinned, str) else await self._lookup(host)


class PinnedResolver(CachingThreadedResolver):
    """Scrapy's resolver, which finds a pinned address in whatever case the name is written."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """The address of a name."""
        return super().getHostByName(name.lower(), timeout)
