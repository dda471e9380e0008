"""`archive move`: where the archive's tables lie."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive.warehouse import Home, WarehouseError, open_writer
from flows.settings import SettingsError, lake, settings

app = typer.Typer(help="Move the archive's tables onto a lake, and back.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """A group of one command, so that its name is said."""


@app.command()
def move(
    to: Annotated[
        str, typer.Option("--to", metavar="PLACE", help="warehouse, or ducklake:postgres:dbname=… host=…")
    ],
    data: Annotated[
        Path | None,
        typer.Option("--data", help="folder of a new lake's Parquet files, shared by all machines"),
    ] = None,
) -> None:
    """Copy the archive, compare the copy by counts and digests, and only then let it be the archive."""
    from archive.warehouse.moving import move_to_file, move_to_lake

    now = settings()
    own = Home(now.layout().path)
    if to == "warehouse":
        if (given := now.layout().lake) is None:
            raise WarehouseError(
                f"{own.work_file}: the archive is here already; WORKREPORTS_ARCHIVE names no lake."
            )
        found, moved = move_to_file(own, given), own
    else:
        try:
            wanted = lake(to, data)
        except ValueError as error:
            raise SettingsError(str(error)) from error
        found, moved = move_to_lake(own, wanted), Home(own.path, wanted)
    with open_writer(moved) as writer:
        writer.publish()
    typer.echo(
        f"{len(found)} tables, {sum(n for n, _ in found.values())} rows: every count and digest is equal"
    )
    shown = "unset WORKREPORTS_ARCHIVE" if to == "warehouse" else f"set WORKREPORTS_ARCHIVE to {to!r}"
    also = "" if data is None else f" and WORKREPORTS_ARCHIVE_DATA to {str(data)!r}"
    typer.echo(
        f"now {shown}{also}, or the same in workreports.toml, on every machine; then: workreports publish"
    )
