"""What may be on a disk after its power was cut: everything that was synced, and any part of what was not.

Stricter than the file systems in use: each write, in pieces of a page, and each name in a folder is kept or lost
independently of every other, until its file or its folder is synced (POSIX, fsync). A pure model; the disk that
records such a journal is tests/cut_disk.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

# What a drive writes in one piece.
PAGE = 4096
ROOT = 0


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes put into a file."""

    node: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Size:
    """A file cut, or made longer with zeros."""

    node: int
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a folder means another node from now on, or nothing."""

    node: int
    name: str
    child: int | None


@dataclass(frozen=True, slots=True)
class Sync:
    """All that was done to a file, or to the names in a folder, is on the disk."""

    node: int


@dataclass(frozen=True, slots=True)
class Made:
    """A node begins: a file, a folder, or a link to `target`."""

    node: int
    kind: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody was told that something is done."""

    name: str


Change = Write | Size | Entry
Op = Change | Sync | Made | Mark
Choose = Callable[[list[Change]], Iterable[Change]]


def marks(journal: Sequence[Op], end: int) -> list[str]:
    """What had been told before the power was cut after `end` operations."""
    return [op.name for op in journal[:end] if isinstance(op, Mark)]


def write_state(journal: Sequence[Op], end: int, kept: Choose, place: Path) -> None:
    """Lay out in `place` what is there after a cut: the synced, and of each node's other changes those `kept`, in order."""
    made: dict[int, Made] = {ROOT: Made(ROOT, "folder")}
    safe: dict[int, list[Change]] = defaultdict(list)
    pending: dict[int, list[Change]] = defaultdict(list)
    for op in journal[:end]:
        if isinstance(op, Made):
            made[op.node] = op
        elif isinstance(op, Sync):
            safe[op.node] += pending.pop(op.node, [])
        elif not isinstance(op, Mark):
            pending[op.node] += _pieces(op)
    for node, changes in pending.items():
        safe[node] += kept(changes)
    _lay_out(ROOT, made, safe, place)


def _pieces(change: Change) -> list[Change]:
    if not isinstance(change, Write):
        return [change]
    ends = [*range(PAGE - change.offset % PAGE, len(change.data), PAGE), len(change.data)]
    starts = [0, *ends[:-1]]
    return [
        Write(change.node, change.offset + a, change.data[a:b]) for a, b in zip(starts, ends, strict=True)
    ]


def _lay_out(node: int, made: dict[int, Made], safe: dict[int, list[Change]], place: Path) -> None:
    if made[node].kind == "link":
        place.symlink_to(made[node].target)
    elif made[node].kind == "file":
        place.write_bytes(_content(safe[node]))
    else:
        place.mkdir(exist_ok=True)
        names = {change.name: change.child for change in safe[node] if isinstance(change, Entry)}
        for name, child in names.items():
            if child is not None:
                _lay_out(child, made, safe, place / name)


def _content(changes: Iterable[Change]) -> bytes:
    content = bytearray()
    for change in changes:
        if isinstance(change, Size):
            content = content[: change.size].ljust(change.size, b"\0")
        elif isinstance(change, Write):
            end = change.offset + len(change.data)
            content.extend(bytes(max(0, end - len(content))))
            content[change.offset : end] = change.data
    return bytes(content)
