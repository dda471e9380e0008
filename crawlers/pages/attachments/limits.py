"""The limits of the child process that reads a file: processor time, memory, no network, no writing, no programs."""

from __future__ import annotations

import os
import resource
import sys

CPU_SECONDS = 20
WALL_SECONDS = 40  # twice the processor time: the machine may be busy
MEMORY_BYTES = 900_000_000  # of address space; pdfplumber with its fonts takes 200 MB for an ordinary file

_REFUSED = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork"),
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "shutil."),
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def apply() -> None:
    """Puts the limits on this process; they cannot be taken off again."""
    _lower(resource.RLIMIT_CPU, CPU_SECONDS)
    _lower(resource.RLIMIT_AS, MEMORY_BYTES)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    sys.addaudithook(_refuse)


def _lower(which: int, limit: int) -> None:
    """Lowers a limit; where the system's own is lower already, that one stays.

    The hard limit is one higher: at the soft one SIGXCPU names the cause, at the hard one comes a bare SIGKILL.
    """
    _, system = resource.getrlimit(which)
    hard = limit + 1 if system == resource.RLIM_INFINITY else min(limit + 1, system)
    resource.setrlimit(which, (min(limit, hard), hard))


def _refuse(event: str, args: tuple[object, ...]) -> None:
    """Python's audit hook: what a parser of documents never needs is not done, whatever a document says."""
    flags = args[2] if event == "open" and len(args) > 2 else 0
    if event.startswith(_REFUSED) or (isinstance(flags, int) and flags & _WRITING):
        raise PermissionError(f"{event} is not allowed to a reader of attachments")
