"""`workreports report`: one self-contained page for people: source health, coverage, what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from archive.warehouse import Archive, ask
from flows.run_chart import draw, last_runs
from flows.settings import Settings
from flows.status import source_states, sparkline

# A page to be read in one sitting, also on a phone.
NEW_REPORTS, NEW_DAYS, COVERAGE_YEARS = 50, 30, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of the chart, in units of its drawing."""

    x: int
    height: float
    label: str
    value: int


def write_report(now: Settings, path: Path) -> None:
    """Write the page; an older one is replaced only when the new one is whole.

    Raises:
        WarehouseError: there is no archive yet.
    """
    states = [state for state in source_states(now) if state.was_run]
    with ask(now.layout()) as archive:
        page = render(
            states=sorted(states, key=lambda state: not state.needs_a_person),
            n_idle=len(now.catalogue()) - len(states),
            pictures={
                state.source: Markup(draw(state.title or state.source, last_runs(archive, state.source)))
                for state in states
                if state.last_run_at
            },
            sparkline=sparkline,
            years=bars(_years(archive)),
            matrix=_matrix(archive),
            new=_new(archive),
            made_at=datetime.now(UTC),
            warehouse=now.layout().warehouse,
        )
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(page, "utf-8")
    temporary.replace(path)


def render(**facts: Any) -> str:
    """The page; titles and messages come from foreign sites, so everything is escaped."""
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("report.html.j2").render(facts)


def bars(counts: Sequence[tuple[int, int]], height: int = 120, step: int = 44) -> list[Bar]:
    """A bar chart of (year, number), the highest bar `height` units high.

    >>> bars([(2020, 5), (2021, 10)])[0]
    Bar(x=0, height=60.0, label='2020', value=5)
    """
    highest = max((n for _, n in counts), default=1)
    return [Bar(step * i, height * n / highest, str(year), n) for i, (year, n) in enumerate(counts)]


def _years(archive: Archive) -> list[tuple[int, int]]:
    sql = "SELECT year, count(*) FROM reports_wide WHERE is_canonical AND year IS NOT NULL GROUP BY year ORDER BY year DESC"
    return [(year, n) for year, n in archive.rows(f"{sql} LIMIT 20").rows][::-1]


def _matrix(archive: Archive) -> dict[str, Any]:
    """Sectors down, years across: the number of reports held, each counted once however often it was copied."""
    found = archive.rows(
        "SELECT sector, year, sum(n_canonical) FROM coverage WHERE sector <> '' GROUP BY ALL"
    ).rows
    counts = Counter({(sector, year): int(n) for sector, year, n in found})
    years = sorted({year for _, year in counts})[-COVERAGE_YEARS:]
    sectors = sorted({sector for sector, _ in counts})
    return {"years": years, "sectors": sectors, "counts": counts, "most": max(counts.values(), default=1)}


def _new(archive: Archive) -> list[dict[str, Any]]:
    since = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=NEW_DAYS)
    return archive.rows(f"FROM new_since('{since:%Y-%m-%d}') LIMIT {NEW_REPORTS}").dicts()
