"""`sql`: questions to the archive in SQL, one at a time, from a file, or at a prompt."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from archive.warehouse import Answer, Archive, ask, open_writer
from archive.warehouse.questions import columns_of, listing
from flows.commands.answers import Format, print_table, render
from flows.settings import settings


def sql(  # noqa: PLR0913 - one parameter an option of the command
    query: Annotated[str | None, typer.Argument(help="SQL, or .tables, or .schema NAME")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", exists=True, dir_okay=False, help="read the SQL from a file")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="how the answer is printed")] = "table",
    as_json: Annotated[bool, typer.Option("--json", help="the same as --format json")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="write the answer to a file")
    ] = None,
    files: Annotated[bool, typer.Option("--files", help="let the query read and write other files")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="change the archive itself, then publish it")
    ] = False,
) -> None:
    """Ask the archive in SQL. Without a query: a prompt with history and completion.

    Reads the published archive only: nothing is changed and no other file is touched, unless --write or --files say so.
    """
    if form == "parquet" and out is None:
        raise typer.BadParameter(
            "Parquet is not for terminals; name a file with --out", param_hint="--format"
        )
    text = file.read_text("utf-8") if file else query
    if text is None and not sys.stdin.isatty():
        text = sys.stdin.read()
    if write:
        _write(text)
        return
    with ask(settings().layout(), allow_files=files, output=out) as archive:
        if text is None:
            from flows.commands.prompt import converse

            converse(
                archive,
                settings().layout().private / "sql_history",
                lambda line: _answer(archive, line, "table", None),
            )
        else:
            _answer(archive, text, "json" if as_json else form, out)


def _answer(archive: Archive, text: str, form: Format, out: Path | None) -> None:
    if form == "parquet" and out is not None:
        archive.write_files(text, out, "FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false")
        return
    answer = dot_command(archive, text) if text.lstrip().startswith(".") else archive.rows(text)
    if out is not None:
        out.write_text(render(answer, "csv" if form == "table" else form), encoding="utf-8")
    elif form == "table":
        print_table(answer, Console())
    else:
        typer.echo(render(answer, form), nl=False)


def dot_command(archive: Archive, text: str) -> Answer:
    """`.tables` and `.schema NAME`: what there is to ask."""
    command, _, name = text.strip().rstrip(";").partition(" ")
    if command == ".schema" and name:
        return columns_of(archive, name.strip())
    if command == ".tables":
        return listing(archive)
    raise typer.BadParameter(f"{command}: there are .tables and .schema NAME", param_hint="QUERY")


def _write(text: str | None) -> None:
    if text is None:
        raise typer.BadParameter("--write needs a query or --file", param_hint="--write")
    with open_writer(settings().layout()) as writer:
        writer.execute(text)
        writer.publish()


def register(app: typer.Typer) -> None:
    """Mount the command."""
    app.command()(sql)
