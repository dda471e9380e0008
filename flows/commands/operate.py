"""`demo`, `collect`, `serve`, `status`, `reextract`, `doctor`: running the archive."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.listening import LOOPBACK, UNENCRYPTED, Host, is_loopback, words_for
from flows.settings import settings

if TYPE_CHECKING:
    from flows.status import SourceState

Json = Annotated[bool, typer.Option("--json", help="print JSON instead of a table")]


def collect(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]…", help="default: every source with collect = true"),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="go back to rows of this date")
    ] = None,
    max_pages: Annotated[int | None, typer.Option(min=1, help="list pages a source at the most")] = None,
    full: Annotated[bool, typer.Option("--full", help="fetch known pages again")] = False,
    as_json: Json = False,
) -> None:
    """Collect new reports, as runs to be watched in the Prefect UI.

    Joins the server of `workreports serve` where it runs, else starts one for the time of the run.
    """
    from flows.pipeline import Request
    from flows.run import exit_code, outcome_table, run_sources

    now = settings()
    chosen = names or [name for name, source in now.catalogue().items() if source.collect]
    for name in chosen:
        now.source(name)  # a wrong name is said before anything is started
    request = Request(since.date() if since else None, max_pages, full)
    results = run_sources(now, chosen, request, Console(stderr=True))
    if as_json:
        typer.echo(json.dumps([asdict(result) for result in results], ensure_ascii=False))
    else:
        Console().print(outcome_table(results))
    raise typer.Exit(exit_code(results))


def serve(
    server_only: Annotated[bool, typer.Option("--server-only", help="server and UI, no worker")] = False,
    worker_only: Annotated[
        bool, typer.Option("--worker-only", help="a worker for the server that is there, or comes")
    ] = False,
    host: Host = LOOPBACK,
) -> None:
    """Start the Prefect server, its UI, the schedules of all sources and a worker; stop with Ctrl-C.

    A second start says where the first one serves. With PREFECT_API_URL set, only the worker is started and works
    for that server. Only this machine is answered; with --host also others, if they give the USER:PASSWORD of
    PREFECT_SERVER_API_AUTH_STRING.
    """
    from flows.serve import AlreadyServing, Parts
    from flows.serve import serve as serve_archive
    from flows.server import WORDS

    if server_only and (worker_only or os.environ.get("PREFECT_API_URL")):
        reason = "--worker-only says the opposite" if worker_only else "PREFECT_API_URL names a server"
        raise typer.BadParameter(f"--server-only: {reason}")
    now = settings()
    now.catalogue()  # a wrong source file is said now, not in the worker's log
    with_server = not worker_only and not os.environ.get("PREFECT_API_URL")
    if not is_loopback(host):
        if not with_server:
            raise typer.BadParameter("--host: it is the server that listens, and none is started here")
        words_for(host, WORDS)
        typer.echo(UNENCRYPTED.format(name=WORDS))
    try:
        serve_archive(now, lambda line: print(line, flush=True), Parts(with_server, not server_only, host))
    except AlreadyServing as already:
        typer.echo(str(already))


def deploy() -> None:
    """Bring the schedules on the running server in line with the source files, without restarting anything."""
    from flows import server

    now = settings()
    with server.joined(now.layout()):
        from flows.deployments import bring_in_line

        for line in bring_in_line(now):
            typer.echo(line)


def status(as_json: Json = False) -> None:
    """Show every source: last run, newest report, state. Exit status 3 if one needs a person."""
    from flows.status import source_states

    states = source_states(settings())
    if as_json:
        typer.echo(json.dumps([asdict(state) for state in states], ensure_ascii=False, default=str))
    else:
        console = Console()
        console.print(status_table(states))
        for state in filter(lambda state: state.needs_a_person, states):
            advice = escape(state.advice.removeprefix(f"{state.source}: "))
            console.print(f"[bold]{escape(state.source)}[/bold]: {advice}", soft_wrap=True)
        idle = sum(not state.was_run for state in states)
        if idle:
            typer.echo(f"{idle} more sources were never run or are off: workreports sources list")
    raise typer.Exit(3 if any(state.needs_a_person for state in states) else 0)


def status_table(states: Sequence[SourceState]) -> Table:
    """The sources that were run, one a row."""
    from flows.status import STATE_COLOURS, sparkline

    table = Table()
    for name in ("source", "state", "last run (UTC)", "newest report"):
        table.add_column(name, no_wrap=True)
    table.add_column("reports", justify="right")
    table.add_column("new, last runs")
    for state in filter(lambda state: state.was_run, states):
        table.add_row(
            state.source,
            f"[{STATE_COLOURS[state.state]}]{state.state}[/]",
            f"{state.last_run_at:%m-%d %H:%M}" if state.last_run_at else "",
            str(state.newest_on or ""),
            str(state.n_reports),
            sparkline(state.recent),
        )
    return table


def report(
    html: Annotated[Path, typer.Option("--html", dir_okay=False, help="the page to write")] = Path(
        "report.html"
    ),
) -> None:
    """Write one page for people: source health, coverage, reports by year, what is new. It needs no server."""
    from flows.report import write_report

    write_report(settings(), html)
    typer.echo(f"{html} is written; open it in a browser")


def reextract() -> None:
    """Read all landed pages again with today's extractor, without fetching anything."""
    from flows import server

    with server.joined(settings().layout()):
        from flows.reextract import reextract as flow

        state = flow(return_state=True)
    typer.echo(state.message)
    raise typer.Exit(0 if state.is_completed() else 1)


def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="first make whole what can be, from the landings")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check that everything is there, readable and whole, and say what to do where it is not."""
    from flows.health import examine

    if repair:
        from flows.repair import repair as make_whole

        make_whole(settings(), lambda line: typer.echo(line, err=True))
    findings = examine(settings())
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        table = Table("", "what", "found")
        for finding in findings:
            table.add_row(
                "[green]ok[/green]" if finding.is_fine else "[red]!![/red]", finding.subject, finding.message
            )
        Console().print(table)
    raise typer.Exit(0 if all(finding.is_fine for finding in findings) else 1)


def demo() -> None:
    """Collect the sample sites that come with the project, and ask the archive three questions."""
    from flows.demo import run

    raise typer.Exit(run(settings()))


def register(app: typer.Typer) -> None:
    """Mount the commands, in the order in which a newcomer needs them."""
    for command in (demo, collect, serve, deploy, status, report, reextract, doctor):
        app.command()(command)
