"""`backup`, `restore`, `forget`: keeping an archive for years, and taking out of it what must go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.settings import settings


def backup(
    folder: Annotated[Path, typer.Argument(help="a new folder", file_okay=False)],
) -> None:
    """Copy the whole archive into a folder, and read the copy back to its last byte."""
    from archive.warehouse.backup import backup as save

    saved = save(settings().layout(), folder)
    typer.echo(f"{saved.path}: {saved.n_files} files, {saved.n_bytes / 1e6:.1f} MB, every digest right")


def restore(
    folder: Annotated[Path, typer.Argument(help="what `workreports backup` made", exists=True)],
) -> None:
    """Make the archive anew from a backup, where there is none (see WORKREPORTS_HOME)."""
    from archive.warehouse import open_writer
    from archive.warehouse.backup import restore as bring_back

    home = settings().layout()
    saved = bring_back(folder, home)
    with open_writer(home) as writer:
        writer.publish()
    typer.echo(f"{home.warehouse}: restored from {saved.n_files} files, every digest right")


def forget(
    what: Annotated[str, typer.Argument(metavar="URL|SOURCE")],
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Remove a report page, or everything of a source, for good: rows, texts, WARC records. It is not collected again.

    Backups and exports that were made before are named, and yours to remove.
    """
    from flows.forgetting import forget as remove

    if not yes:
        typer.confirm(f"Remove {what} from the archive for good?", abort=True)
    removed = remove(settings().layout(), what)
    typer.echo(f"{what}: {removed.n_reports} reports and {removed.n_records} records or files are gone.")
    if removed.elsewhere:
        typer.echo("These were made before and may still hold them; they are yours to remove:")
    for path in removed.elsewhere:
        typer.echo(f"  {path}")


def register(app: typer.Typer) -> None:
    """Mount the commands."""
    for command in (backup, restore, forget):
        app.command()(command)
