"""Where `browse` and `serve` listen, and what visitors from other machines must say there."""

from __future__ import annotations

import ipaddress
import os
from typing import Annotated

import typer

from flows.settings import SettingsError

LOOPBACK = "127.0.0.1"

UNENCRYPTED = (
    "Other machines are answered as well, after the user and password of {name}. Both travel unencrypted, as does all that "
    "is shown: put a proxy with TLS before it."
)


def _checked(host: str) -> str:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        raise typer.BadParameter(
            f"{host!r} is no IP address. Name one of this machine's, or 0.0.0.0 for all."
        ) from None
    return host


Host = Annotated[
    str,
    typer.Option(
        "--host",
        metavar="ADDRESS",
        callback=_checked,
        help="where to listen; beyond loopback only with a user and password, see SECURITY.md",
    ),
]


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("192.168.1.7")
    (True, True, False, False)
    """
    return ipaddress.ip_address(host).is_loopback


def reached_at(host: str) -> str:
    """The host by which this machine reaches what listens there, as it is written in an address.

    >>> reached_at("0.0.0.0"), reached_at("::"), reached_at("192.168.1.7")
    ('127.0.0.1', '[::1]', '192.168.1.7')
    """
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        host = LOOPBACK if address.version == 4 else "::1"
    return host if address.version == 4 else f"[{host}]"


def words_for(host: str, name: str) -> str:
    """The USER:PASSWORD that visitors must give, as the environment variable `name` holds it; "" where it is not set.

    Raises:
        SettingsError: other machines would be answered without it, or it is of another form. The message does not repeat it.
    """
    words = os.environ.get(name, "")
    if not words and not is_loopback(host):
        raise SettingsError(
            f"--host {host}: other machines would be answered without being asked who they are. Set {name}=USER:PASSWORD in "
            f"the environment; or stay on {LOOPBACK}, with a proxy before it that asks for a password."
        )
    user, _, password = words.partition(":")
    if words and not (user and password and words.isascii() and words.isprintable()):
        raise SettingsError(f"{name}: write USER:PASSWORD, in letters, digits and marks of ASCII.")
    return words
