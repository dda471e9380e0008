"""`search`: the reports that speak of some words, best first."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from archive.warehouse import ask
from archive.warehouse.questions import Found, find
from flows.commands.answers import as_json, plain
from flows.settings import settings


def search(  # noqa: PLR0913 - one parameter an option of the command
    words: Annotated[list[str], typer.Argument(help='words; "a phrase"; A OR B; NOT C')],
    top: Annotated[int, typer.Option(min=1, max=1000, help="how many reports")] = 10,
    year: Annotated[int | None, typer.Option(help="the year that a report is about")] = None,
    region: Annotated[str | None, typer.Option(help="division code, GB/T 2260")] = None,
    sector: Annotated[str | None, typer.Option(help="such as health, education")] = None,
    kind: Annotated[str | None, typer.Option("--type", help="such as annual, plan, gwr")] = None,
    source: Annotated[str | None, typer.Option(help="name of a source")] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Find reports by words, ranked, with the hit in its context. 全文检索。"""
    filters = {"year": year, "region": region, "sector": sector, "type": kind, "source": source}
    with ask(settings().layout()) as archive:
        found = find(archive, " ".join(words), filters, top)
    if as_json_:
        typer.echo(as_json(found.answer), nl=False)
    else:
        _print(found, Console())


def _print(found: Found, console: Console) -> None:
    if found.is_loose and found.answer.rows:
        console.print("no report holds all of these words; the nearest are:", style="yellow")
    for row in found.answer.dicts():
        where = " · ".join(filter(None, (row["publisher"], plain(row["published_on"]), row["source"])))
        console.print(
            Text.assemble(
                (row["report_id"], "cyan"), "  ", (plain(row["title"]), "bold"), "  ", (where, "dim")
            )
        )
        console.print(
            Text("    ").append_text(
                marked(row["snippet"] or "") if console.is_terminal else Text(row["snippet"] or "")
            ),
            soft_wrap=True,
        )
    if not found.answer.rows:
        console.print(
            "nothing found. One character alone is not searched, and filters may leave nothing; "
            "`workreports sql \"FROM grep('…')\"` reads every text."
        )


def marked(snippet: str) -> Text:
    """The snippet with what stands in 【】 highlighted.

    >>> marked("全县【床位】数").plain
    '全县床位数'
    """
    text = Text()
    for part in snippet.split("【"):
        hit, bracket, rest = part.rpartition("】")
        text.append(hit, "bold yellow")
        text.append(rest if bracket else part[len(hit) :])
    return text


def register(app: typer.Typer) -> None:
    """Mount the command."""
    app.command()(search)
