"""`export`: the archive as files for other programs."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from archive.warehouse.release import Format, Since, release
from flows.settings import settings


def export(
    form: Annotated[Format, typer.Option("--format", help="kind of files")] = "parquet",
    out: Annotated[Path, typer.Option("--out", file_okay=False, help="a new folder")] = Path("release"),
    since: Annotated[
        str | None,
        typer.Option(
            help="only what is new or changed since a date (UTC) or since an earlier release's folder"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Write a release: reports with tags, figures, citations, relations; datapackage.json, checksums, note on rights."""
    resources = release(settings().layout(), out.resolve(), form, moment(since))
    if as_json:
        typer.echo(json.dumps({r.name: [str(file) for file in r.files] for r in resources}))
    else:
        n_files = sum(len(resource.files) for resource in resources)
        typer.echo(f"{out}: {n_files} files of {len(resources)} tables, described in datapackage.json")


def moment(since: str | None) -> Since | None:
    """What `--since` means: a moment, or the state of an earlier release."""
    if since is None:
        return None
    if Path(since).is_dir():
        return Path(since)
    try:
        return datetime.fromisoformat(since)
    except ValueError as error:
        raise typer.BadParameter(
            f"{since}: neither a date like 2026-11-01 nor a folder", param_hint="--since"
        ) from error


def register(app: typer.Typer) -> None:
    """Mount the command."""
    app.command()(export)
