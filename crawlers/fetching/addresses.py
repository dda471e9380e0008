"""Which addresses may be asked: public ones, and those that the user allowed by host and port."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import dnscache

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

_PORTS = {"http": 80, "https": 443}
# RFC 6761: this name and all below it mean the own machine, whoever resolves them.
_OWN_MACHINE = ("localhost", ".localhost")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str], Awaitable[str]]


class Refused(IgnoreRequest):
    """The address may not be asked; the message says which and why."""


def literal(host: str) -> Address | None:
    """The address that a host is by itself, in every notation that resolvers accept; None for a name.

    >>> literal("127.1"), literal("2130706433"), literal("[::1]"), literal("www.example")
    (IPv4Address('127.0.0.1'), IPv4Address('127.0.0.1'), IPv6Address('::1'), None)
    """
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        pass
    try:
        return ipaddress.IPv6Address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether an address is on the open internet, looking through IPv6 forms that wrap an IPv4 address.

    >>> is_public(ipaddress.ip_address("169.254.169.254")), is_public(ipaddress.ip_address("::ffff:10.0.0.1"))
    (False, False)
    >>> is_public(ipaddress.ip_address("8.8.8.8"))
    True
    """
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if wrapped is not None:
            return is_public(wrapped)
    return address.is_global and not address.is_multicast


def is_own_machine(host: str) -> bool:
    """Whether a host is this machine: a loopback address or a name under localhost."""
    address = literal(host)
    return address.is_loopback if address else host.lower().endswith(_OWN_MACHINE)


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
        if host.endswith(_OWN_MACHINE):
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

    def __init__(self, allow: frozenset[str]) -> None:
        self._allow = allow

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        """Reads the setting ADDRESSES_ALLOWED."""
        return cls(frozenset(crawler.settings.getlist("ADDRESSES_ALLOWED")))

    async def process_request(self, request: Request, spider: Any = None) -> None:
        """Refuse, or pin the checked address: Scrapy's resolver then cannot be told another one (rebinding)."""
        host = (urlsplit(request.url).hostname or "").lower()
        by_proxy = bool(request.meta.get("proxy"))
        found = await check(request.url, self._allow, by_proxy, _pinned_or(resolve))
        if found:
            dnscache[host] = found


def _pinned_or(lookup: Resolve) -> Resolve:
    async def known_first(host: str) -> str:
        pinned = dnscache.get(host)
        return pinned if isinstance(pinned, str) else await lookup(host)

    return known_first
