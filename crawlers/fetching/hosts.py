"""What a host is by itself: an address, this machine, part of a site. Nothing is looked up on the network."""

from __future__ import annotations

import ipaddress
import socket
from functools import cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


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
    # RFC 6761: this name and all below it mean the own machine, whoever resolves them.
    return address.is_loopback if address else f".{host.lower()}".endswith(".localhost")


@cache
def _suffixes() -> TLDExtract:
    """The public suffix list that comes with the library."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def labels_of(host: str) -> tuple[str, ...]:
    """The labels of a host below its public suffix, the site's own first; an address is one label.

    >>> labels_of("wjw.tianmen.gov.cn"), labels_of("www.fanwen.example"), labels_of("127.0.0.1")
    (('tianmen', 'wjw'), ('fanwen', 'www'), ('127.0.0.1',))
    """
    if literal(host) is not None:
        return (host,)
    labels = host.lower().rstrip(".").split(".")
    # A top-level domain that the list does not know is a suffix by itself, as the list's own rule has it.
    n_suffix = len(_suffixes()(host).suffix.split(".")) if _suffixes()(host).suffix else 1
    return tuple(reversed(labels[: max(1, len(labels) - n_suffix)]))


def site_of(host: str) -> str:
    """The registrable name above a host; an address or a name without dots is its own site.

    >>> site_of("wjw.tianmen.gov.cn"), site_of("127.0.0.1")
    ('tianmen.gov.cn', '127.0.0.1')
    """
    n_below = len(labels_of(host)) - 1
    return host if literal(host) is not None else ".".join(host.lower().rstrip(".").split(".")[n_below:])


def is_same_site(url: str, column_url: str) -> bool:
    """Whether a link stays on the column's site: same registrable name, or same host and port where it has none.

    >>> is_same_site("http://www.tianmen.gov.cn/1.html", "http://wjw.tianmen.gov.cn/ghjh/")
    True
    >>> is_same_site("http://127.0.0.1:81/", "http://127.0.0.1:80/"), is_same_site("mailto:a@b", "http://a.example/")
    (False, False)
    """
    try:
        link, column = urlsplit(url), urlsplit(column_url)
        is_web = link.scheme in ("http", "https")
        is_same_port = link.port == column.port
    except ValueError:
        return False
    host = column.hostname or ""
    # On one address or nameless host, every port may be somebody else's.
    has_name = "." in host and literal(host) is None
    return is_web and site_of(link.hostname or "") == site_of(host) and (has_name or is_same_port)
