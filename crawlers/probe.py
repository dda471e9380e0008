"""A look at a source before it is collected: is it reached, are its lists read, and what is its first report."""

from __future__ import annotations

import dataclasses
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from archive import landing
from archive.models import CrawlRun, ListedRow, Page, Rejection, Report
from crawlers.crawl import CrawlJob, Limits, start
from crawlers.pages.reading import read_page
from crawlers.source import Source

# Three list pages show whether the next page is found, and one report whether its text is.
LIST_PAGES, REPORTS = 3, 1
# A person waits for it.
MINUTES = 3


@dataclass(frozen=True, slots=True)
class Probe:
    """What a short crawl of one source found. `reading` is what its first report page reads as."""

    source: Source
    run: CrawlRun
    rows: tuple[ListedRow, ...] = ()
    list_page: Page | None = None
    report_page: Page | None = None
    reading: Report | Rejection | None = None

    @property
    def links(self) -> tuple[ListedRow, ...]:
        """The rows that would be collected."""
        return tuple(row for row in self.rows if row.decision in ("fetch", "known", "budget"))

    @property
    def newest_on(self) -> date | None:
        """The newest date among all rows."""
        return max((row.date for row in self.rows if row.date), default=None)

    @property
    def problem(self) -> str:
        """Why this source cannot be collected as it is, and what to do; "" where it can."""
        if self.run.state != "done":
            return self.run.message or self.run.stop_reason
        if not self.links:
            return (
                f"{len(self.rows)} rows, but the title of none says work report. If the column holds nothing "
                'else, set title_filter = "all"; otherwise look for the column 规划计划 or 工作总结 of the site.'
            )
        if isinstance(self.reading, Rejection):
            return f"the first report page is none: {self.reading.reason} {self.reading.detail}".strip()
        return ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """As whom and from where sites are visited: the user's settings of these names."""

    contact: str | None = None
    allow: tuple[str, ...] = ()
    browser: str | None = None


def probe(source: Source, visitor: Visitor) -> Probe:
    """Crawl the first pages of a source and one report, by the rules and with the manners of any crawl."""
    return _probe(source, visitor, LIST_PAGES, REPORTS)


def check(source: Source, visitor: Visitor) -> Probe:
    """Read the first list page of a source and nothing else."""
    return _probe(source, visitor, len(source.columns), 0)


def _probe(source: Source, visitor: Visitor, pages: int, reports: int) -> Probe:
    limits = Limits(minutes=MINUTES, reports=reports)
    with tempfile.TemporaryDirectory(prefix="workreports-") as name:
        folder = Path(name) / source.name / "probe"
        job = CrawlJob(source, "probe", folder, max_pages=pages, limits=limits, **dataclasses.asdict(visitor))
        with start(job) as child:
            for _ in child.stdout or ():
                pass
        return _look(source, folder)


def _look(source: Source, folder: Path) -> Probe:
    try:
        run = landing.crawl_run(folder)
    except landing.LandingError:
        told = (folder / "stderr.log").read_text("utf-8", "replace").strip().rpartition("\n")[2]
        message = f"the crawl did not start: {told}"
        return Probe(
            source, CrawlRun("probe", source.name, datetime.now(UTC), state="crashed", message=message)
        )
    report_page = _first_page(folder, "report")
    return Probe(
        source=source,
        run=run,
        rows=tuple(landing.listed(folder)),
        list_page=_first_page(folder, "list"),
        report_page=report_page,
        reading=_read(report_page, source) if report_page else None,
    )


def _first_page(folder: Path, kind: str) -> Page | None:
    """The first answer of a kind that was a page."""
    for capture in landing.captures(folder):
        if capture.kind == kind and capture.outcome == "ok":
            return landing.read_page(folder, capture)
    return None


def _read(page: Page, source: Source) -> Report | Rejection:
    reading = read_page(page, body_selector=source.body, source_kind=source.kind)
    return reading if isinstance(reading, Rejection) else reading[0]
