"""`demo`, `collect`, `serve`, `status`, `reextract`, `doctor`: running the archive."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from flows.settings import Settings, settings

FELL_SHORT = 3  # exit status: finished, but a source fell below its promise

Json = Annotated[bool, typer.Option("--json", help="print JSON")]


def collect(
    names: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]…", help="default: all that are collected")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="go back to this date")] = None,
    max_pages: Annotated[int | None, typer.Option(min=1, help="list pages a source at the most")] = None,
    full: Annotated[bool, typer.Option("--full", help="fetch known pages again")] = False,
    as_json: Json = False,
) -> None:
    """Collect new reports from sources, as runs in the Prefect UI.

    Joins the server of `workreports serve` if it is running, else starts one for the time of the run.
    """
    from flows.run import run_sources

    now = settings()
    chosen = names or [name for name, source in now.catalogue().items() if source.collect]
    for name in chosen:
        now.source(name)
    request = {"since": since.date() if since else None, "max_pages": max_pages, "full": full}
    console = Console(stderr=True)
    results = run_sources(now, chosen, request, console)
    if as_json:
        typer.echo(_json([result.__dict__ for result in results]))
    else:
        Console().print(outcome_table(results))
    raise typer.Exit(exit_code(results))


def outcome_table(results: list) -> Table:
    """One row a source: state and what it brought."""
    table = Table("source", "state", "outcome", title=None)
    for result in results:
        colour = {"done": "green", "skipped": "yellow"}.get(result.state, "red")
        table.add_row(result.source, f"[{colour}]{result.state}[/]", result.message)
    return table
