"""`workreports demo`: the whole way on sample sites of our own making, then three questions and what to do next."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.syntax import Syntax

from archive.warehouse import ask
from crawlers import sample_sites
from flows import server
from flows.commands.answers import print_table
from flows.pipeline import Request
from flows.run import Result, exit_code, outcome_table, run_joined
from flows.settings import Settings, settings


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its SQL, and nothing else: the answer comes from the archive."""

    text: str
    sql: str


QUESTIONS = (
    Question(
        "Which pages of sharing sites are re-dated or masked copies of which government report?",
        """SELECT copy_title, copy_year, original_title, original_year
FROM redated ORDER BY copy_title""",
    ),
    Question(
        "How many annual reports are there by sector, copies counted once, and for which years?",
        """SELECT sector, count(*) AS reports, min(year) AS first_year, max(year) AS last_year
FROM reports_wide WHERE is_canonical AND list_contains(report_types, 'annual')
GROUP BY sector ORDER BY reports DESC, sector LIMIT 6""",
    ),
    Question(
        "What did agencies plan for a year, and what did they report on it?",
        """SELECT DISTINCT publisher, plan_year, indicator, planned, reported, planned_unit AS unit, fulfilled_ratio AS ratio
FROM plan_vs_report WHERE reported IS NOT NULL ORDER BY plan_year DESC, publisher, indicator LIMIT 6""",
    ),
)


def run(now: Settings) -> int:
    """Serve the sample sites, collect them as Prefect runs, show what came; the exit status."""
    console, started = Console(), time.monotonic()
    home = now.layout()
    with sample_sites.serve() as sites:
        proxy = sites.proxy
        os.environ.update(http_proxy=proxy, https_proxy=proxy)
        os.environ.update(WORKREPORTS_SOURCES=str(sample_sites.SOURCES), WORKREPORTS_SHIPPED="false")
        names = list(settings().catalogue())
        console.print(f"[bold]{len(names)} sample sites[/bold] are served on this machine, through {proxy}")
        console.print(
            "starting the Prefect server …" if server.find(home) is None else "joining the Prefect server …"
        )
        with server.joined(home) as joined:
            console.print(f"watch the runs at [link]{joined.url}/runs[/link]\n")
            results = run_joined(names, Request(), console)
        asked = dict(sites.counts.by_kind)
    console.print(outcome_table(results))
    _say_what_was_asked(console, asked, results)
    if home.warehouse.exists():
        _ask_questions(console, now)
    _say_what_next(console, now, time.monotonic() - started)
    return exit_code(results)


def _say_what_was_asked(console: Console, asked: dict[str, int], results: list[Result]) -> None:
    counts = ", ".join(f"{n} {kind}" for kind, n in sorted(asked.items()))
    console.print(f"requests that the sites saw: {counts}")
    if not asked.get("article"):
        console.print(
            "[green]nothing has changed since the last run: only list pages were fetched, nothing archived twice[/green]"
        )


def _ask_questions(console: Console, now: Settings) -> None:
    with ask(now.layout()) as archive:
        for number, question in enumerate(QUESTIONS, 1):
            console.print(f"\n[bold]{number}. {escape(question.text)}[/bold]")
            console.print(Syntax(question.sql, "sql", background_color="default", word_wrap=True))
            print_table(archive.rows(question.sql), console)


def _say_what_next(console: Console, now: Settings, seconds: float) -> None:
    home = now.layout()
    console.print(f"\nThe archive is [bold]{home.warehouse}[/bold] ({seconds:.0f} s). Next:")
    for command, what in (
        ("workreports serve --server-only", "the Prefect UI with the runs you have just seen"),
        (
            'workreports sql "SELECT title, publisher, published_on FROM canonical_reports LIMIT 10"',
            "ask with SQL",
        ),
        ("workreports search 疫情防控", "search the texts"),
        ("workreports browse", "read them in a web browser, with the evidence of each tag"),
        ("workreports sources list", "the real sources that come with the project"),
        ("workreports serve", "collect them on their schedules, from today on"),
    ):
        console.print(f"  [cyan]{escape(command)}[/cyan]\n      {what}", highlight=False)
