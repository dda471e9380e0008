"""Becomes a command that does not outlive the process that started it, however that one ends.

    python -m flows.lifeline SIGNAL COMMAND…     # SIGNAL: what the command is sent when its parent is gone

Only Linux has it (prctl); elsewhere the command runs without, and a killed parent leaves it behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def bound(sign: signal.Signals, command: Sequence[str]) -> list[str]:
    """The command, bound to the life of the process that starts it."""
    return [sys.executable, "-m", "flows.lifeline", str(int(sign)), *command]


def main() -> None:
    """Ask the kernel for the signal, then become the command."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(sys.argv[1]))
        if os.getppid() != parent:
            sys.exit(1)  # it was gone before the kernel was asked
    os.execv(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
