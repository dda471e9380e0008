"""Reads members of a ZIP package within caps: a bomb ends in an error, and no name ever becomes a path."""

from __future__ import annotations

import zipfile

from lxml import etree

MAX_UNPACKED = 200_000_000  # bytes of all members together, as the directory declares them
MAX_MEMBERS = 5_000  # an OFD of 500 pages has about 1,500


class PackageError(ValueError):
    """The package is broken, too large or encrypted; the message is the note."""


def check(package: zipfile.ZipFile) -> None:
    """Refuses a bomb before any member is unpacked. zipfile never reads more of a member than is declared.

    Raises:
        PackageError: too many members, too many bytes, or an encrypted member.
    """
    members = package.infolist()
    if len(members) > MAX_MEMBERS:
        raise PackageError(f"too_large: {len(members)} members in the archive")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED:
        raise PackageError(f"too_large: {unpacked} bytes when unpacked")
    if any(member.flag_bits & 1 for member in members):
        raise PackageError("encrypted: the archive asks for a password")


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML part. No entity is resolved, no DTD loaded, nothing fetched; libxml2's own depth limit stays.

    Raises:
        PackageError: not well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PackageError(f"unreadable: {error}") from error


def local_name(element: etree._Element) -> str:
    """The tag without its namespace; empty for comments and entities."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
