"""Text without characters that are shown as nothing but do something: terminal escapes, control and direction marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar
from urllib.parse import quote

T = TypeVar("T")

# C0 but for tab and line feed, DEL and C1 (ECMA-48), and the marks that turn the direction of writing (Unicode TR 36, 2.3).
_MARKS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# What stands before the last @ of the part that names the host (RFC 3986, 3.2.1).
_CREDENTIALS = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]*://)[^/?#]*@")


def printable(text: str) -> str:
    r"""The text without such characters.

    >>> printable("2021年\x1b[31m总结\u202egpj\n")
    '2021年[31m总结gpj\n'
    """
    return _MARKS.sub("", text)


def printable_url(url: str) -> str:
    r"""The address with such characters as %xx, as they would go over the wire, and without a name and password.

    >>> printable_url("http://a.example/\x1b1.html"), printable_url("http://me:secret@a.example/@1")
    ('http://a.example/%1B1.html', 'http://a.example/@1')
    """
    return _CREDENTIALS.sub(r"\1", _MARKS.sub(lambda mark: quote(mark[0]), url), count=1)


def printable_fields(value: T) -> T:
    """A dataclass with every text in it made printable, in tuples, maps and dataclasses below it too."""
    if isinstance(value, str):
        return printable(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(map(printable_fields, value))  # type: ignore[return-value]
    if isinstance(value, Mapping):
        return {key: printable_fields(each) for key, each in value.items()}  # type: ignore[return-value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    before = {field.name: getattr(value, field.name) for field in fields(value)}
    after = {name: printable_fields(each) for name, each in before.items()}
    return replace(value, **{name: each for name, each in after.items() if each != before[name]})
