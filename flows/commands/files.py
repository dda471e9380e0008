"""`extract`, `links`, `tag`, `dedupe`: from a file to a file, without an archive and without a server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

Manifest = Annotated[
    Path,
    typer.Option(
        "--manifest", exists=True, dir_okay=False, help="JSON lines: {id, url, file}; files lie beside it"
    ),
]
Input = Annotated[
    Path, typer.Option("--in", exists=True, dir_okay=False, help="JSON lines, one document each")
]
Output = Annotated[Path, typer.Option("--out", dir_okay=False, help="JSON lines to write")]


def extract(manifest: Manifest, out: Output) -> None:
    """Read saved pages into reports: title, dates, publisher, numbers and text, or why a page was rejected."""
    from crawlers.pages.rows import extract_rows

    write_rows(out, extract_rows(shown(read_rows(manifest), "pages"), manifest.parent))


def links(manifest: Manifest, out: Output) -> None:
    """Read saved list pages: their family, rows, next page and verdict."""
    from crawlers.links import link_rows

    write_rows(out, link_rows(shown(read_rows(manifest), "list pages"), manifest.parent))


def tag(source: Input, out: Output) -> None:
    """Tag documents: type, period, region, sector, provenance, true year, outline, figures, citations."""
    from archive.tag_file import tag_rows

    write_rows(out, tag_rows(shown(read_rows(source), "documents")))


def dedupe(source: Input, out: Output) -> None:
    """Compare documents with each other: pairs with their relation, then each document's canonical copy."""
    from archive.dedupe_file import dedupe_rows

    write_rows(out, dedupe_rows(shown(read_rows(source), "documents")))


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file.

    Raises:
        typer.BadParameter: a line is not a JSON object; the message names it.
    """
    rows = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise typer.BadParameter(f"{path}, line {number}: not JSON ({error})") from error
            if not isinstance(row, dict):
                raise typer.BadParameter(f"{path}, line {number}: an object {{…}} is expected")
            rows.append(row)
    return rows


def write_rows(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows beside the target and move them there when whole: an old file is never left half overwritten."""
    temporary = path.with_name(path.name + ".new")
    try:
        with temporary.open("w", encoding="utf-8") as lines:
            for row in rows:
                lines.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def shown(rows: list[dict[str, Any]], what: str) -> Iterator[dict[str, Any]]:
    """The rows, with a progress bar on a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    yield from track(rows, description=what, console=console, disable=not console.is_terminal, transient=True)


def register(app: typer.Typer) -> None:
    """Mount the four commands."""
    for command in (extract, links, tag, dedupe):
        app.command()(command)
