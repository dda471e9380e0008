"""`sources`: list, show, check and add the sites that are collected."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from crawlers.source import Source
from flows.settings import settings

Json = Annotated[bool, typer.Option("--json", help="print JSON instead of a table")]

app = typer.Typer(no_args_is_help=True, help="List, show, check and add the sites that are collected.")


@app.command("list")
def list_sources(as_json: Json = False) -> None:
    """All sources by name, the shipped ones and your own."""
    known = settings().catalogue()
    if as_json:
        typer.echo(json.dumps([as_row(source) for source in known.values()], ensure_ascii=False))
        return
    table = Table(
        "name", "title", "kind", "region", "columns", "schedule", "collected", box=None, pad_edge=False
    )
    for source in known.values():
        collected = "yes" if source.collect else f"no: {source.reason or 'switched off'}"
        columns = str(len(source.columns))
        table.add_row(
            source.name, source.title, source.kind, source.region or "", columns, source.cron, collected
        )
    Console().print(table)


@app.command()
def show(name: str, as_json: Json = False) -> None:
    """All that the file of one source says, with its defaults filled in."""
    row = as_row(settings().source(name))
    if as_json:
        typer.echo(json.dumps(row, ensure_ascii=False))
        return
    for key, value in row.items():
        shown = "\n".join(value) if isinstance(value, tuple) else value
        if shown not in (None, ""):
            Console(highlight=False, soft_wrap=True).print(f"{key:<13}{shown}", markup=False)


def as_row(source: Source) -> dict[str, Any]:
    """A source as plain values, with the schedule that holds for it."""
    return source.model_dump() | {"schedule": source.cron}
