"""`browse`: the archive in a web browser."""

from __future__ import annotations

from typing import Annotated

import typer

from archive.warehouse import ask
from flows.listening import LOOPBACK, UNENCRYPTED, Host, is_loopback, reached_at, words_for
from flows.settings import SettingsError, settings

# Read from the environment alone: a setting could stand in a file, and in an error's message.
PASSWORD = "WORKREPORTS_PASSWORD"


def browse(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port")] = 4210,
    should_open: Annotated[bool, typer.Option("--open/--no-open", help="open the browser")] = True,
    host: Host = LOOPBACK,
) -> None:
    """Serve a small site over the archive: search, reports, copies, sources. Stop with Ctrl-C.

    Only this machine is answered; with --host also others, if they give the USER:PASSWORD of WORKREPORTS_PASSWORD.
    """
    import socket
    import webbrowser

    import uvicorn

    from flows.browse.app import site

    home, words = settings().layout(), words_for(host, PASSWORD)
    ask(home).close()  # a missing archive is said now, not on the first page
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"{host}, port {port}: {error.strerror}. Name another port with --port; 0 takes any free one."
        ) from error
    address = f"http://{reached_at(host)}:{listener.getsockname()[1]}/"
    typer.echo(f"{address}  (Ctrl-C stops)")
    if not is_loopback(host):
        typer.echo(UNENCRYPTED.format(name=PASSWORD))
    if should_open:
        webbrowser.open(address)
    server = uvicorn.Server(uvicorn.Config(site(home, words), log_level="warning", server_header=False))
    server.run(sockets=[listener])


def register(app: typer.Typer) -> None:
    """Mount the command."""
    app.command()(browse)
