"""Which exports and backups were made of an archive, so that a removal on request can name those that still hold it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from archive.warehouse.home import Home

MEMORY = "handed_out.txt"


def note(home: Home, path: Path) -> None:
    """Remember a file or folder that was made of the archive; who may only read the archive leaves no note."""
    with suppress(OSError), (home.private / MEMORY).open("a", encoding="utf-8") as lines:
        lines.write(f"{path.resolve()}\n")


def still_there(home: Home) -> list[Path]:
    """Those that have not been moved or removed since."""
    memory = home.private / MEMORY
    lines = memory.read_text("utf-8").splitlines() if memory.exists() else []
    return sorted({Path(line) for line in lines if line and Path(line).exists()})
