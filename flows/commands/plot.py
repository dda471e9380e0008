"""`plot`: a query's answer as a chart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive.warehouse import Answer, ask
from flows.charts import ChartError, Kind, Point, draw
from flows.commands.answers import plain
from flows.settings import SettingsError, settings

NOT_INSTALLED = "charts are drawn by matplotlib, an extra: python -m pip install 'work-report-archive[plot]' (in a clone: '.[plot]')"
ENDINGS = (".png", ".svg", ".pdf")


def plot(
    query: Annotated[str, typer.Argument(help="SQL of two or three columns: x, value; or x, series, value")],
    kind: Annotated[Kind, typer.Option(help="what is drawn")] = "lines",
    out: Annotated[Path, typer.Option("--out", dir_okay=False, help="a .png, .svg or .pdf file")] = Path(
        "plot.png"
    ),
    title: Annotated[str, typer.Option(help="words above the chart")] = "",
) -> None:
    """Draw an answer: lines over years, bars, or a heat map of numbers or words. 图表。

    For example: workreports plot "SELECT year, name, value FROM indicator_series('参合率', '429006')".
    """
    if out.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"{out}: the name must end in {', '.join(ENDINGS)}", param_hint="--out")
    with ask(settings().layout()) as archive:
        found = points(archive.rows(query), needs_numbers=kind != "heat")
    try:
        draw(kind, title, found, out)
    except ImportError as error:
        raise SettingsError(NOT_INSTALLED) from error
    except ChartError as error:
        raise SettingsError(str(error)) from error
    typer.echo(str(out))


def points(answer: Answer, *, needs_numbers: bool) -> list[Point]:
    """The answer's rows as points: (x, value) or (x, series, value); rows without x or value are left out.

    Raises:
        typer.BadParameter: other columns, or words where numbers are needed.
    """
    if len(answer.columns) not in (2, 3):
        raise typer.BadParameter("the query must give two or three columns: x, value; or x, series, value")
    found = []
    for row in answer.rows:
        series, value = (plain(row[1]), row[2]) if len(row) == 3 else ("", row[1])
        if value is None or row[0] is None:
            continue
        if isinstance(value, str) and needs_numbers:
            raise typer.BadParameter(f"{value!r} is no number; --kind heat draws words")
        found.append(Point(plain(row[0]), series, value if isinstance(value, str) else float(value)))
    if not found:
        raise typer.BadParameter("the query gives nothing to draw")
    return found


def register(app: typer.Typer) -> None:
    """Mount the command."""
    app.command()(plot)
