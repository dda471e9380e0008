"""`sources`: list, show, check and add the sites that are collected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.models import Report
from archive.warehouse import ask
from crawlers.probe import Probe, Visitor, check, probe
from crawlers.proposal import draft, propose, save
from crawlers.source import Source, SourceError
from flows.settings import Settings, settings

Json = Annotated[bool, typer.Option("--json", help="print JSON instead of a table")]

# What fits on a screen beside the question whether this is the right column.
ROWS_SHOWN, CHARACTERS_SHOWN = 10, 300

app = typer.Typer(no_args_is_help=True, help="List, show, check and add the sites that are collected.")


@app.command("list")
def list_sources(as_json: Json = False) -> None:
    """All sources by name, the shipped ones and your own."""
    known = settings().catalogue()
    if as_json:
        typer.echo(json.dumps([as_row(source) for source in known.values()], ensure_ascii=False))
        return
    table = Table("name", "title", "kind", "region", "schedule", "collected", box=None, pad_edge=False)
    for source in known.values():
        collected = "yes" if source.collect else f"no: {source.reason or 'switched off'}"
        cells = (source.name, source.title, source.kind, source.region or "", source.cron, collected)
        table.add_row(*map(escape, cells))
    Console().print(table)


@app.command()
def show(name: str, as_json: Json = False) -> None:
    """All that the file of one source says, with its defaults filled in."""
    row = as_row(settings().source(name))
    if as_json:
        typer.echo(json.dumps(row, ensure_ascii=False))
        return
    for key, value in row.items():
        if value not in (None, ""):
            typer.echo(f"{key:<13}{'  '.join(value) if isinstance(value, tuple) else value}")


@app.command("check")
def check_sources(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]…", help="default: all")] = None,
    as_json: Json = False,
) -> None:
    """Read the first list page of each source: is it reached, is it the same family, what is on it.

    One source after another, with the pauses of any crawl. Exit code 3 where a source needs a person.
    """
    now = settings()
    chosen = [now.source(name) for name in names] if names else list(now.catalogue().values())
    last = last_runs(now)
    table = Table(
        "name", "state", "family", "rows", "reports", "newest", "last run", box=None, pad_edge=False
    )
    rows = []
    for source in chosen:
        rows.append(finding(check(source, visitor(now)), last.get(source.name, {})))
        if not as_json:
            Console(stderr=True).print(f"{source.name}: {rows[-1]['problem'] or 'fine'}", markup=False)
            table.add_row(*(escape(str(value or "")) for value in list(rows[-1].values())[:-1]))
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, default=str))
    else:
        Console().print(table)
    raise typer.Exit(3 if any(row["problem"] for row in rows) else 0)


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="the list page of a column, e.g. 规划计划 or 工作总结")],
    name: Annotated[str | None, typer.Option(help="file name, a-z 0-9 _; default: from the host")] = None,
    browser: Annotated[
        bool, typer.Option("--browser", help="its list is drawn by a script: read it in a browser")
    ] = False,
    as_json: Json = False,
) -> None:
    """Look at a column, propose its source file, and write it to your sources folder.

    Reads up to three list pages and one report. Nothing is written where the column cannot be read.
    """
    now = settings()
    folder = now.sources or Path("sources")
    column = draft(url, now.catalogue(), name).model_copy(update={"browser": browser})
    found = probe(column, visitor(now))
    if found.problem:
        raise SourceError(f"{url}: {found.problem}")
    source = propose(found)
    path = save(source, found, folder)
    if as_json:
        typer.echo(
            json.dumps({"file": str(path), **as_row(source), "links": _links(found)}, ensure_ascii=False)
        )
        return
    _print_found(found)
    typer.echo(f"\n{path}:\n{path.read_text('utf-8')}")
    if now.sources is None:
        typer.echo(f"Tell the other commands of it: export WORKREPORTS_SOURCES={folder.resolve()}")
    typer.echo(f"Collect it: workreports collect {source.name}")


def _print_found(found: Probe) -> None:
    typer.echo(f"family {found.run.family}, {len(found.rows)} rows on {found.run.pages_listed} list pages")
    for row in found.links[:ROWS_SHOWN]:
        typer.echo(f"  {row.date or '          '}  {row.title}")
    if isinstance(found.reading, Report):
        report = found.reading
        typer.echo(f"\n{report.title}\n{report.publisher or ''} {report.published_on or ''}")
        typer.echo(f"{report.text[:CHARACTERS_SHOWN]} … ({len(report.text)} characters)")


def _links(found: Probe) -> list[dict[str, str | None]]:
    return [
        {"title": row.title, "url": row.url, "date": str(row.date) if row.date else None}
        for row in found.links[:ROWS_SHOWN]
    ]


def finding(found: Probe, last: dict[str, Any]) -> dict[str, Any]:
    """One source's state in a row; `last` is its last run as the archive has it."""
    family, before = found.run.family, last.get("family")
    problem = found.run.message if found.run.state != "done" else ""
    if family and before and family != before:
        problem = problem or f"the list was of family {before} and is now {family}: was the site rebuilt?"
    return {
        "name": found.source.name,
        "state": "needs a person" if problem else "fine",
        "family": family,
        "rows": len(found.rows),
        "reports": len(found.links),
        "newest": found.newest_on,
        "last_run": last.get("started_at"),
        "problem": problem,
    }


def last_runs(now: Settings) -> dict[str, dict[str, Any]]:
    """The last run of each source that has one, by name."""
    if not now.layout().warehouse.exists():
        return {}
    query = """
        SELECT source, max(started_at) AS started_at, arg_max(family, started_at) FILTER (family <> '') AS family
        FROM crawl_runs GROUP BY source
    """
    with ask(now.layout()) as archive:
        return {row["source"]: row for row in archive.rows(query).dicts()}


def visitor(now: Settings) -> Visitor:
    """As whom the sites are visited."""
    allow = tuple(filter(None, now.allow.split(",")))
    return Visitor(now.contact, allow, str(now.browser) if now.browser else None)


def as_row(source: Source) -> dict[str, Any]:
    """A source as plain values, with the schedule that holds for it."""
    return source.model_dump() | {"schedule": source.cron}
