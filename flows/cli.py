"""The command `workreports`: its parts are in flows/commands/, one file per group."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.markup import escape

from archive.landing import LandingError
from archive.warehouse import WarehouseError
from crawlers.source import SourceError
from flows.commands import archive, ask, care, files, operate, sources
from flows.locks import SourceBusy
from flows.server import ServerError
from flows.settings import SettingsError

EXPECTED = (WarehouseError, LandingError, SourceError, SettingsError, ServerError, SourceBusy, OSError)

app = typer.Typer(
    name="workreports",
    help="""Collect Chinese work reports on a schedule, tell originals from copies, and ask the archive with SQL.

    Start with: workreports demo. Then: workreports sql "SELECT title FROM canonical_reports LIMIT 5".

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 finished but a source fell below its promise.""",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
operate.register(app)
ask.register(app)
app.add_typer(sources.app, name="sources")
files.register(app)
care.register(app)
app.add_typer(archive.app, name="archive")


def main() -> None:
    """Run the command; an expected failure is one clear message and exit status 1."""
    try:
        app()
    except EXPECTED as error:
        Console(stderr=True, highlight=False).print(
            f"[red]workreports:[/red] {escape(str(error))}", soft_wrap=True
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
