"""`plot`: a query's answer as a chart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from archive.warehouse import Answer, ask
from flows import charts
from flows.commands.answers import plain
from flows.settings import settings

DRAW = {"lines": charts.lines, "bars": charts.bars, "heat": charts.heat}


def plot(
    query: Annotated[str, typer.Argument(help="SQL of two or three columns: x, value; or x, series, value")],
    kind: Annotated[Literal["lines", "bars", "heat"], typer.Option(help="what is drawn")] = "lines",
    out: Annotated[Path, typer.Option("--out", dir_okay=False, help="an .svg file")] = Path("plot.svg"),
    title: Annotated[str, typer.Option(help="words above the chart")] = "",
) -> None:
    """Draw an answer as SVG, which browsers, office programs and notebooks show in their own Chinese fonts.

    For example: workreports plot "SELECT year, name, value FROM indicator_series('参合率', '429006')".
    """
    if out.suffix.lower() != ".svg":
        raise typer.BadParameter(
            f"{out}: only .svg is written; a browser saves it as PNG or PDF", param_hint="--out"
        )
    with ask(settings().layout()) as archive:
        drawn = DRAW[kind](
            title or " ".join(query.split())[:80], points(archive.rows(query), needs_numbers=kind != "heat")
        )
    out.write_text(drawn, encoding="utf-8")
    typer.echo(str(out))


def points(answer: Answer, *, needs_numbers: bool) -> list[charts.Point]:
    """The answer's rows as points: (x, value) or (x, series, value); rows without a value are left out.

    Raises:
        typer.BadParameter: other columns, or words where numbers are needed.
    """
    if len(answer.columns) not in (2, 3):
        raise typer.BadParameter("the query must give two or three columns: x, value; or x, series, value")
    found = []
    for row in answer.rows:
        series, value = (plain(row[1]), row[2]) if len(row) == 3 else ("", row[1])
        if value is None:
            continue
        if isinstance(value, str) and needs_numbers:
            raise typer.BadParameter(f"{value!r} is no number; --kind heat draws words")
        found.append(charts.Point(plain(row[0]), series, value if isinstance(value, str) else float(value)))
    if not found:
        raise typer.BadParameter("the query gives nothing to draw")
    return found


def register(app: typer.Typer) -> None:
    """Mount the command."""
    app.command()(plot)
