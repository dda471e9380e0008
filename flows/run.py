"""Run sources as Prefect runs from this process, one after the other, shown on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from flows import server
from flows.pipeline import Request
from flows.settings import Settings
from flows.terminal import Display

COLOURS = {"done": "green", "skipped": "yellow"}


@dataclass(frozen=True, slots=True)
class Result:
    """How the run of one source ended. `state`: done | skipped | red (below its promise) | failed."""

    source: str
    state: str
    message: str


def run_sources(now: Settings, names: Sequence[str], request: Request, console: Console) -> list[Result]:
    """Collect each source as a run on the Prefect server, which is started for the time of it where none runs.

    Raises:
        ServerError: there is no server and none can be started.
    """
    home = now.layout()
    if server.find(home) is None:
        console.print("starting a Prefect server of this archive's own …", highlight=False)
    with server.joined(home) as joined:
        console.print(f"Prefect UI: {joined.url}/runs", highlight=False)
        return run_joined(names, request, console)


def run_joined(names: Sequence[str], request: Request, console: Console) -> list[Result]:
    """Collect each source; the process already talks to a server."""
    with Display(console) as display:
        return [_run(name, request, display) for name in names]


def _run(name: str, request: Request, display: Display) -> Result:
    # Prefect reads its settings when it is imported, so it may be imported only once a server is joined.
    from flows.collect import collect, watching

    token = watching.set(display)
    try:
        state = collect(source=name, **asdict(request), return_state=True)
    finally:
        watching.reset(token)
    result = Result(name, _word(state), state.message or "")
    display.finish(name, result.message, is_red=result.state not in COLOURS)
    return result


def _word(state: Any) -> str:
    if state.name == "Skipped":
        return "skipped"
    if state.is_completed():
        return "done"
    # A promise that was not kept ends the flow with a Failed state of our own; a fault with Prefect's.
    return "red" if state.name == "Red" else "failed"


def exit_code(results: Sequence[Result]) -> int:
    """0 all done, 1 a run failed, 3 all finished but a source fell below its promise."""
    states = {result.state for result in results}
    return 1 if "failed" in states else 3 if "red" in states else 0


def outcome_table(results: Sequence[Result]) -> Table:
    """One row a source: state and what it brought."""
    table = Table("source", "state", "outcome")
    for result in results:
        colour = COLOURS.get(result.state, "red")
        table.add_row(result.source, f"[{colour}]{result.state}[/{colour}]", result.message)
    return table
