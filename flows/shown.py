"""What a run shows while it works and when it is done: log lines, progress, tables and summaries in the Prefect UI."""

from __future__ import annotations

import contextlib
import re
import threading
from base64 import b64encode
from collections import Counter
from logging import Logger, LoggerAdapter
from pathlib import Path
from typing import Any

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from archive import landing
from archive.warehouse import ask
from crawlers.source import Source
from flows import pipeline
from flows.run_chart import draw, last_runs
from flows.settings import Settings
from flows.status import source_states, sparkline

# The progress bar is drawn by people's eyes: twice a second would only load the server.
PROGRESS_SECONDS = 2.0

# What the child and the loader count, in the words that people read.
COUNTED = (
    ("pages_listed", "list pages"),
    ("fetched", "pages fetched"),
    ("errors", "errors"),
    ("n_new", "new reports"),
    ("n_changed", "changed"),
    ("n_rejected", "rejected"),
)

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 40}


def slug(source: str) -> str:
    """A source's name as Prefect allows it in an artifact's key.

    >>> slug("yunhe_wjw")
    'yunhe-wjw'
    """
    return source.replace("_", "-")


class Watcher:
    """Takes a run's events as they come and shows them: in the run's log, on its progress bar, on a terminal.

    The bar is moved by a thread of its own: while the server is away, a call to it must not hold up the crawl.
    """

    def __init__(
        self,
        source: str,
        logger: Logger | LoggerAdapter[Any],
        terminal: pipeline.Watch | None = None,
    ) -> None:
        self.source = source
        self.logger = logger
        self.terminal = terminal
        self.counts: Counter[str] = Counter()
        self.done = threading.Event()
        self.artifact: Any = create_progress_artifact(
            0.0, key=f"progress-{slug(source)}", description=f"{source}: starting"
        )
        self.mover = threading.Thread(target=self._move, daemon=True)
        self.mover.start()

    def __call__(self, event: pipeline.Event) -> None:
        """Take one event of the crawl's child or of the loader."""
        kind = event.get("event")
        if kind == "log":
            self.logger.log(
                LEVELS.get(str(event.get("level", "info")).lower(), 20), "%s", event.get("message", "")
            )
        else:
            for key, value in event.items():
                if isinstance(value, int):
                    self.counts[key] = value
            if kind == "loaded":
                self.logger.info("%s", self.line())
        if self.terminal is not None:
            self.terminal({"source": self.source, **event})

    def say(self, message: str) -> None:
        """A line for the run's log and the terminal."""
        self({"event": "log", "level": "info", "message": message})

    def line(self) -> str:
        """The counts in words."""
        return ", ".join(f"{self.counts[key]} {words}" for key, words in COUNTED if key in self.counts)

    def share(self) -> float:
        """How far the run is, in percent, as far as that can be known before the list's end."""
        expected = self.counts["new"] or self.counts["fetched"]
        return min(99.0, 100.0 * self.counts["fetched"] / expected) if expected else 1.0

    def _move(self) -> None:
        shown = ""
        while not self.done.wait(PROGRESS_SECONDS):
            line = self.line()
            if line == shown:
                continue  # each move costs the server 40 ms
            with contextlib.suppress(Exception):  # the server is away: the crawl goes on, the bar catches up
                update_progress_artifact(self.artifact, self.share(), description=f"{self.source}: {line}")
                shown = line

    def close(self) -> None:
        """The run is done: the bar goes to its end."""
        self.done.set()
        self.mover.join(timeout=10)
        with contextlib.suppress(Exception):
            update_progress_artifact(self.artifact, 100.0, description=f"{self.source}: {self.line()}")


def summary(collected: pipeline.Collected) -> str:
    """One line that says what a run brought."""
    run = collected.run
    parts = [
        f"{len(collected.new)} new",
        f"{len(collected.changed)} changed",
        f"{run.n_fetched} pages fetched",
        f"{run.pages_listed} list pages",
    ]
    parts += [f"{n} {what}" for n, what in ((run.n_blocked, "blocked"), (run.n_errors, "errors")) if n]
    return f"{', '.join(parts)}; stopped: {run.stop_reason or 'unknown'}"


def outcomes(folder: Path) -> list[dict[str, Any]]:
    """The run's table: what became of each row and page, counted, with the reason."""
    rows = Counter(("row", r.decision, r.reason) for r in landing.listed(folder))
    pages = Counter((c.kind, c.outcome, c.detail[:80]) for c in landing.captures(folder))
    return [
        {"what": what, "outcome": outcome, "reason": reason, "count": count}
        for (what, outcome, reason), count in sorted(
            (rows + pages).items(), key=lambda item: (item[0][0], -item[1])
        )
    ]


def plain(text: str) -> str:
    """Text of a foreign page, made harmless for Markdown.

    >>> plain("2021年[总结](javascript:x)<b>")
    '2021年\\\\[总结\\\\]\\\\(javascript:x\\\\)\\\\<b\\\\>'
    """
    return re.sub(r"([\\\\`*_\[\]()<>#|!])", r"\\\1", " ".join(text.split()))


def artifacts(now: Settings, site: Source, collected: pipeline.Collected, line: str) -> None:
    """Keep the table of outcomes and the summary with the run."""
    folder = now.layout().landing / site.name / collected.run.run_id
    create_table_artifact(
        outcomes(folder), key=f"outcomes-{slug(site.name)}", description=f"{site.title}: {line}"
    )
    text = markdown(site, collected, line, picture(now, site))
    create_markdown_artifact(text, key=f"summary-{slug(site.name)}", description=line)
    front_page(now)


def front_page(now: Settings) -> None:
    """One table of all sources that were ever run, as they stand now: the first thing to look at in the UI.

    What needs a person comes first.
    """
    states = sorted(source_states(now), key=lambda state: not state.needs_a_person)
    rows = [
        {
            "source": state.source,
            "state": state.state,
            "last run (UTC)": f"{state.last_run_at:%Y-%m-%d %H:%M}" if state.last_run_at else "",
            "newest report": str(state.newest_on or ""),
            "reports": state.n_reports,
            "new, last 30 runs": sparkline(state.recent),
            "what to do": state.advice,
        }
        for state in states
        if state.was_run
    ]
    create_table_artifact(
        rows, key="sources", description="All sources: state, what to do, last run, newest report"
    )


def picture(now: Settings, site: Source) -> str:
    """The source's last 30 runs as an image in Markdown; the run itself must be published."""
    with ask(now.layout()) as archive:
        runs = last_runs(archive, site.name)
    drawn = b64encode(draw(site.title, runs).encode()).decode()
    return f"![the last {len(runs)} runs](data:image/svg+xml;base64,{drawn})"


def markdown(site: Source, collected: pipeline.Collected, line: str, image: str) -> str:
    """The run's summary: state, counts, and the new reports linked to their pages."""
    run = collected.run
    lines = [f"# {plain(site.title)} (`{site.name}`)", "", f"**{run.state}**: {line}", ""]
    if run.message:
        lines += [f"> {plain(run.message)}", ""]
    lines += [
        f"- columns: {', '.join(f'<{c}>' for c in site.columns)}",
        f"- list family: {run.family or 'unknown'}",
    ]
    lines += [
        f"- reports archived from this source: {run.n_reports}",
        f"- its row in the archive: `FROM crawl_runs WHERE run_id = '{run.run_id}'`",
        "",
        image,
        "",
    ]
    if collected.titles:
        lines += [f"## New reports ({len(collected.new)})", ""]
        lines += [f"- [{plain(title) or 'untitled'}](<{url}>)" for title, url in collected.titles]
    return "\n".join(lines)
