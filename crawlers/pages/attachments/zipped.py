"""ZIP to text: the members that can be read, one after another under their names; archives inside stay closed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

from crawlers.pages.attachments.content import Content, whole
from crawlers.pages.attachments.packages import check

MAX_READ = 40  # members whose text is read: a report has at most a few annexes
_UTF8_NAME = 0x800  # flag of a member whose name is UTF-8; without it Chinese packers write GBK
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def read_zip(body: bytes, read: Callable[[bytes], Content]) -> Content:
    """The texts of the members in the order of their names; `read` reads one member's bytes.

    A note says which members are missing from the text. Nothing is written, so that no name can lead anywhere.

    Raises:
        zipfile.BadZipFile, PackageError: not an archive, or one that is refused.
    """
    lines: list[str] = []
    missing: list[str] = []
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        check(package)
        members = sorted((m for m in package.infolist() if not m.is_dir()), key=shown_name)
        for member in members[:MAX_READ]:
            content = _member(package, member, read)
            name = shown_name(member)
            if content.text is not None:
                lines += [name.rpartition(".")[0] or name, content.text]
            if content.note:
                missing.append(f"{name}: {content.note}")
    missing += [f"{len(members) - MAX_READ} further members"] if len(members) > MAX_READ else []
    text = whole("zip", lines).text
    start = "" if text else "unreadable: "
    return Content("zip", text, start + "; ".join(missing) if missing or not text else "")


def _member(package: zipfile.ZipFile, member: zipfile.ZipInfo, read: Callable[[bytes], Content]) -> Content:
    try:
        return read(package.read(member))
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        return Content("unknown", None, f"unreadable: {error}")


def shown_name(member: zipfile.ZipInfo) -> str:
    """The last part of a member's name, without control characters; only ever shown, never opened.

    >>> shown_name(zipfile.ZipInfo("../../etc/passwd"))
    'passwd'
    """
    name = member.filename
    if not member.flag_bits & _UTF8_NAME:
        # zipfile has read the name as cp437; the bytes behind it are GBK more often than not.
        name = name.encode("cp437", "replace").decode("gb18030", "replace")
    return _CONTROLS.sub("", re.split(r"[/\\]", name)[-1])[:200]
