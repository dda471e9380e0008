"""A disk in memory, mounted through FUSE, that keeps a journal of everything done to it (tests/power_cut.py).

    python -m tests.cut_disk MOUNT_POINT JOURNAL        # until it is unmounted

A folder made in its root is a mark: its name is what somebody was told. While there is one named `refuse-ERRNO`, nothing can be
written: a quota that is used up, a disk that fails, a file system that was mounted read-only.
"""

from __future__ import annotations

import errno
import os
import pickle
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.power_cut import ROOT, Entry, Made, Mark, Op, Size, Sync, Write

try:
    from mfusepy import FUSE, FuseOSError, Operations

    PROBLEM = "" if os.geteuid() == 0 and Path("/dev/fuse").exists() else "mounting needs root and /dev/fuse"
except (ImportError, OSError) as error:  # OSError: the system's libfuse is not there
    FUSE, FuseOSError, Operations, PROBLEM = None, OSError, object, f"no FUSE here ({error})"

_MODES = {"file": stat.S_IFREG | 0o644, "folder": stat.S_IFDIR | 0o755, "link": stat.S_IFLNK | 0o777}


@dataclass
class Node:
    """A file, folder or link as it is now."""

    number: int
    kind: str
    target: str = ""
    content: bytearray = field(default_factory=bytearray)
    names: dict[str, Node] = field(default_factory=dict)


class CutDisk(Operations):  # type: ignore[misc]
    """The operations that FUSE asks for; each change also goes into the journal."""

    use_ns = True

    def __init__(self, journal: Path) -> None:
        self._root = Node(ROOT, "folder")
        self._n = 1
        self._open: dict[int, Node] = {}
        self._refusal = 0
        self._journal = journal.open("wb")

    def _note(self, *ops: Op) -> None:
        for op in ops:
            pickle.dump(op, self._journal)

    def _check(self) -> None:
        if self._refusal:
            raise FuseOSError(self._refusal)

    def _find(self, path: str) -> Node:
        node = self._root
        for name in filter(None, path.split("/")):
            if name not in node.names:
                raise FuseOSError(errno.ENOENT)
            node = node.names[name]
        return node

    def _make(self, path: str, kind: str, target: str = "") -> Node:
        self._check()
        node = Node(self._n, kind, target)
        self._n += 1
        self._note(Made(node.number, kind, target))
        self._name(path, node)
        return node

    def _name(self, path: str, node: Node | None) -> None:
        place, _, name = path.rpartition("/")
        folder = self._find(place)
        if node is None:
            del folder.names[name]
        else:
            folder.names[name] = node
        self._note(Entry(folder.number, name, node.number if node else None))

    def _opened(self, node: Node) -> int:
        handle = max(self._open, default=0) + 1
        self._open[handle] = node
        return handle

    def destroy(self, path: str) -> None:
        self._journal.close()

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        node = self._find(path)
        now = time.time_ns()
        size = len(node.target) if node.kind == "link" else len(node.content)
        times = {"st_atime": now, "st_mtime": now, "st_ctime": now}
        return {
            "st_mode": _MODES[node.kind],
            "st_nlink": 1,
            "st_size": size,
            "st_ino": node.number + 1,
            **times,
        }

    def readdir(self, path: str, fh: int) -> list[str]:
        return [".", "..", *self._find(path).names]

    def readlink(self, path: str) -> str:
        return self._find(path).target

    def open(self, path: str, flags: int) -> int:
        return self._opened(self._find(path))

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        return self._opened(self._make(path, "file"))

    def release(self, path: str, fh: int) -> None:
        del self._open[fh]

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return bytes(self._open[fh].content[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        self._check()
        node = self._open[fh]
        node.content.extend(bytes(max(0, offset + len(data) - len(node.content))))
        node.content[offset : offset + len(data)] = data
        self._note(Write(node.number, offset, bytes(data)))
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> None:
        node = self._open[fh] if fh else self._find(path)
        node.content = node.content[:length].ljust(length, b"\0")
        self._note(Size(node.number, length))

    def fsync(self, path: str, datasync: int, fh: int) -> None:
        self._note(Sync(self._open[fh].number))

    def fsyncdir(self, path: str, datasync: int, fh: int) -> None:
        self._note(Sync(self._find(path).number))

    def mkdir(self, path: str, mode: int) -> None:
        self._make(path, "folder")
        if path.count("/") == 1:
            self._note(Mark(path[1:]))
        if path.startswith("/refuse-"):
            self._refusal = int(path[8:])

    def symlink(self, target: str, source: str) -> None:
        self._make(target, "link", source)

    def rename(self, old: str, new: str) -> None:
        self._name(new, self._find(old))
        self._name(old, None)

    def unlink(self, path: str) -> None:
        self._name(path, None)

    def rmdir(self, path: str) -> None:
        if path.startswith("/refuse-"):
            self._refusal = 0
        self._name(path, None)

    def statfs(self, path: str) -> dict[str, int]:
        return {
            "f_bsize": 4096,
            "f_frsize": 4096,
            "f_blocks": 1 << 20,
            "f_bfree": 1 << 19,
            "f_bavail": 1 << 19,
        }

    def chmod(self, path: str, mode: int) -> None: ...

    def chown(self, path: str, uid: int, gid: int) -> None: ...

    def utimens(self, path: str, times: Any = None) -> None: ...


@contextmanager
def mounted(folder: Path) -> Iterator[tuple[Path, Path]]:
    """A disk for as long as the block runs: (where it is mounted, its journal, which is whole after the block)."""
    place, journal = folder / "disk", folder / "journal"
    place.mkdir(parents=True)
    child = subprocess.Popen([sys.executable, "-m", "tests.cut_disk", str(place), str(journal)])
    try:
        while not place.is_mount():
            if child.poll() is not None:
                raise OSError(f"the disk could not be mounted (status {child.returncode})")
            time.sleep(0.05)
        yield place, journal
    finally:
        subprocess.run(["umount", str(place)], check=False)
        child.wait(30)
        shutil.rmtree(place, ignore_errors=True)


def read_journal(path: Path) -> list[Op]:
    """All that was done to a disk."""
    ops: list[Op] = []
    with path.open("rb") as file:
        while file.peek(1):
            ops.append(pickle.load(file))
    return ops


if __name__ == "__main__":
    FUSE(CutDisk(Path(sys.argv[2])), sys.argv[1], foreground=True, nothreads=True)
