"""The commands that ask the archive, mounted on `workreports`."""

from __future__ import annotations

import typer

from flows.commands import browse, export, plot, search, show, sql


def register(app: typer.Typer) -> None:
    """Mount sql, search, show and their kin."""
    for group in (sql, search, show, export, plot, browse):
        group.register(app)
