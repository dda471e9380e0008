"""Which addresses are asked: a table of URLs with what their names resolve to, and names that change their mind."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.resolver import dnscache

from crawlers.fetching.addresses import AddressGuard, Refused, check

PUBLIC, OWN, METADATA = "93.184.216.34", "127.0.0.1", "169.254.169.254"


def is_asked(url: str, resolves_to: str = PUBLIC, allow: str = "", by_proxy: bool = False) -> bool:
    async def lookup(host: str) -> str:
        return resolves_to

    try:
        asyncio.run(check(url, frozenset(filter(None, [allow])), by_proxy, lookup))
    except Refused as refusal:
        assert str(refusal)
        return False
    return True


@pytest.mark.parametrize(
    ("url", "resolves_to", "allow", "by_proxy", "expected"),
    [
        ("http://www.yunhe.gov.cn/", PUBLIC, "", False, True),
        ("http://www.yunhe.gov.cn/", OWN, "", False, False),
        ("http://www.yunhe.gov.cn/", METADATA, "", False, False),
        ("http://www.yunhe.gov.cn/", "10.0.0.1", "", False, False),
        ("http://www.yunhe.gov.cn/", "100.64.0.1", "", False, False),  # the provider's own network
        ("http://www.yunhe.gov.cn/", OWN, "", True, True),  # the proxy resolves names, not we
        ("http://127.0.0.1:8000/", "", "127.0.0.1:8000", False, True),
        ("http://127.0.0.1:8001/", "", "127.0.0.1:8000", False, False),
        ("http://intranet/", "10.0.0.9", "intranet:80", False, True),
        ("https://intranet/", "10.0.0.9", "intranet:80", False, False),
        ("http://10.0.0.1/", "", "", True, False),
        ("http://localhost/", OWN, "", True, False),
        ("http://a.localhost/", OWN, "", True, False),
        ("http://notlocalhost.cn/", PUBLIC, "", False, True),
        ("http://0.0.0.0/", "", "", False, False),
        ("http://0x7f000001/", "", "", False, False),
        ("http://017700000001/", "", "", False, False),
        ("http://2130706433/", "", "", True, False),
        ("http://[::1]/", "", "", False, False),
        ("http://[::ffff:127.0.0.1]/", "", "", False, False),
        ("http://[2002:7f00:1::]/", "", "", False, False),  # 6to4 around 127.0.0.1
        ("http://[fe80::1%25eth0]/", "", "", False, False),
        ("http://224.0.0.1/", "", "", False, False),
        ("http://user:pass@127.0.0.1/", "", "", False, False),
        ("file:///etc/passwd", "", "", False, False),
        ("ftp://www.yunhe.gov.cn/", PUBLIC, "", False, False),
        ("http://www.yunhe.gov.cn:port/", PUBLIC, "", False, False),
        ("http:///path", PUBLIC, "", False, False),
    ],
)
def test_only_public_and_allowed_addresses_are_asked(
    url: str, resolves_to: str, allow: str, by_proxy: bool, expected: bool
) -> None:
    assert is_asked(url, resolves_to, allow, by_proxy) is expected


@given(st.integers(0, 2**32 - 1))
def test_every_notation_of_an_address_is_judged_alike(number: int) -> None:
    dotted = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    forms = (dotted, str(number), hex(number), f"[::ffff:{dotted}]")
    assert len({is_asked(f"http://{form}/") for form in forms}) == 1


def test_a_name_cannot_change_its_mind_between_the_check_and_the_connection() -> None:
    answers = iter([PUBLIC, OWN, OWN])

    async def rebinding(host: str) -> str:
        return next(answers)

    guard = AddressGuard(frozenset(), rebinding)
    request = Request("http://rebinding.example/")
    asyncio.run(guard.process_request(request))
    # What Scrapy's resolver will connect to is what was checked, now and at every later request.
    assert dnscache["rebinding.example"] == PUBLIC
    asyncio.run(guard.process_request(request))
    assert dnscache.pop("rebinding.example") == PUBLIC
