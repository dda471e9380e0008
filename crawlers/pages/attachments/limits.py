"""The limits of the child process that reads a file: processor time, memory, no network, no writing, no programs."""

from __future__ import annotations

import resource
import sys

CPU_SECONDS = 20
WALL_SECONDS = 40  # twice the processor time: the machine may be busy
MEMORY_BYTES = 900_000_000  # of address space; pdfplumber with its fonts takes 200 MB for an ordinary file

_PROGRAMS = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "ctypes.dlopen")


def apply() -> None:
    """Puts the limits on this process; they cannot be taken off again."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, args: tuple[object, ...]) -> None:
    """Python's audit hook: what a parser of documents never needs is not done, whatever a document says."""
    if event.startswith(("socket.", *_PROGRAMS)):
        raise PermissionError(f"{event} is not allowed to a reader of attachments")
    if event == "open" and len(args) > 1 and set(str(args[1] or "")) & set("wax+"):
        raise PermissionError("a reader of attachments writes no files")
