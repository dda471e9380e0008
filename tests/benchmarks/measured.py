"""Seconds of processor and peak memory of a command with all its child processes."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE_MB, TICKS = os.sysconf("SC_PAGE_SIZE") / 1e6, os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took. `peak_mb` is the largest sum of resident memory over the processes alive at one time."""

    cpu: float
    wall: float
    peak_mb: float
    output: str


def measure(command: Sequence[str], **options: object) -> Measured:
    """Run a command to its end.

    Processor time is read from /proc ten times a second, since workers of a fork server are nobody's waited-for
    children: of each process the last tenth of a second may be missing.

    Raises:
        SystemExit: it failed.
    """
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload]
    seconds: dict[int, float] = {}
    peak = [0.0]
    threading.Thread(target=_watch, args=(child.pid, seconds, peak), daemon=True).start()
    output, _ = child.communicate()
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return Measured(sum(seconds.values()), time.monotonic() - started, peak[0], output)


def _watch(pid: int, seconds: dict[int, float], peak: list[float]) -> None:
    while family := _family(pid):
        seconds.update((one, spent) for one in family if (spent := _spent(one)))
        peak[0] = max(peak[0], sum(map(_resident, family)))
        time.sleep(0.1)


def _spent(pid: int) -> float:
    """Seconds of processor that a process has used itself."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / TICKS


def _family(pid: int) -> list[int]:
    """A process and its descendants; nothing once it has ended."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    except (OSError, ValueError):
        return []
    return [pid, *(one for child in children for one in _family(child))]


def _resident(pid: int) -> float:
    try:
        statm = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0.0
    return (int(statm[1]) - int(statm[2])) * PAGE_MB  # pages of files and of the fork server are shared
