"""The data dictionary: docs/dictionary.md, made from the COMMENTs of an archive and never edited by hand."""

from __future__ import annotations

import sys
from pathlib import Path

from archive.warehouse.questions import columns_of, listing
from archive.warehouse.reader import Archive, ask

HEADING = """# Data dictionary · 数据字典

Made by `python -m archive.warehouse.dictionary FILE docs/dictionary.md` from the comments in an archive; do not edit.
`workreports sql .tables` and `workreports sql ".schema NAME"` show the same. All times are UTC. Spans count characters
from 0: `substr(text, span_start + 1, span_end - span_start)` is the evidence.
"""

PARTS = {"view": "Views · 视图", "macro": "Macros · 宏（函数）", "table": "Tables · 表"}


def dictionary(archive: Archive) -> str:
    """The dictionary as Markdown."""
    entries = listing(archive).rows
    parts = [HEADING]
    for kind, heading in PARTS.items():
        parts.append(f"\n## {heading}\n")
        parts += [
            _entry(archive, name, comment or "", kind)
            for name, of_kind, comment in entries
            if of_kind == kind
        ]
    return "".join(parts)


def _entry(archive: Archive, name: str, comment: str, kind: str) -> str:
    text = f"\n### `{name}`\n\n{comment}\n"
    if kind == "macro":
        return text
    rows = "".join(
        f"| `{column}` | {form} | {(meaning or '').replace('|', chr(92) + '|')} |\n"
        for column, form, meaning in columns_of(archive, name).rows
    )
    return f"{text}\n| column | type | meaning |\n| --- | --- | --- |\n{rows}"


def write_dictionary(archive_file: Path, target: Path) -> None:
    """Write the dictionary of an archive to a file."""
    with ask(archive_file) as archive:
        target.write_text(dictionary(archive), encoding="utf-8")


if __name__ == "__main__":
    write_dictionary(Path(sys.argv[1]), Path(sys.argv[2]))
