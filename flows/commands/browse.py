"""`browse`: the archive in a web browser, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from archive.warehouse import ask
from flows.settings import SettingsError, settings


def browse(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port")] = 4210,
    should_open: Annotated[bool, typer.Option("--open/--no-open", help="open the browser")] = True,
) -> None:
    """Serve a small site over the archive for this machine only: search, reports, copies, sources. Stop with Ctrl-C."""
    import socket
    import webbrowser

    import uvicorn

    from flows.browse.app import site

    home = settings().layout()
    ask(home).close()  # a missing archive is said now, not on the first page
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise SettingsError(
            f"port {port}: {error.strerror}. Name another with --port; 0 takes any free one."
        ) from error
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    typer.echo(f"{address}  (Ctrl-C stops)")
    if should_open:
        webbrowser.open(address)
    server = uvicorn.Server(uvicorn.Config(site(home), log_level="warning", server_header=False))
    server.run(sockets=[listener])


def register(app: typer.Typer) -> None:
    """Mount the command."""
    app.command()(browse)
