"""Writes archive/fold_table.txt: each traditional character beside its simplified one, from OpenCC's t2s tables.

Run it in an environment of its own, after `pip install opencc` (Apache-2.0): the project needs only its result.

    python tests/benchmarks/build_fold_table.py archive/fold_table.txt
"""

from __future__ import annotations

import sys
from pathlib import Path

import opencc  # type: ignore[import-not-found]

# Ideographs: extension A, the main block, extensions B to H.
BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x32000))
HEADER = (
    "# Traditional characters (first line) and their simplified forms (second line), one for one.\n"
    "# Source: OpenCC {version}, configuration t2s, character by character; Apache-2.0, https://github.com/BYVoid/OpenCC\n"
    "# Made by tests/benchmarks/build_fold_table.py\n"
)


def pairs() -> list[tuple[str, str]]:
    """Every ideograph whose simplified form is another single character."""
    convert = opencc.OpenCC("t2s").convert
    found = ((chr(cp), convert(chr(cp))) for block in BLOCKS for cp in block)
    return [(old, new) for old, new in found if new != old and len(new) == 1]


def main(path: str) -> None:
    """Write the table."""
    found = pairs()
    lines = ["".join(column) for column in zip(*found, strict=True)]
    header = HEADER.format(version=opencc.__version__)
    Path(path).write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(found)} characters")


if __name__ == "__main__":
    main(sys.argv[1])
