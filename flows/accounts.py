"""Does what came out of a run account for what went in? A station that silently gives nothing must not look green."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from archive.models import Capture, CrawlRun, Reading
from archive.warehouse import Home, WarehouseError, ask
from flows.transform import Outcome

# Reports without any tag are possible one by one; so many in a run without exception are not.
FEWEST_REPORTS = 5


def missing_pages(pages: Iterable[Capture], outcome: Outcome) -> list[str]:
    """Pages that were given to the reader and came back neither as a report nor as a rejection."""
    readings, rejections = outcome
    told = {reading.capture.url for reading in readings} | {capture.url for capture, _ in rejections}
    return [page.url for page in pages if page.url not in told]


def has_tags(readings: Collection[Reading]) -> int:
    """How many of these reports have any tag."""
    return sum(bool(reading.tagged.tags) for reading in readings)


def fault(n_pages_missing: int, n_read: int, n_tagged: int) -> str | None:
    """Why a run cannot be believed although every step of it ended well; None where it can.

    >>> fault(0, 9, 8), fault(2, 9, 8)
    (None, '2 pages were fetched, but came back from the reader neither as reports nor as rejected')
    """
    if n_pages_missing:
        return f"{n_pages_missing} pages were fetched, but came back from the reader neither as reports nor as rejected"
    if n_read >= FEWEST_REPORTS and n_tagged == 0:
        return f"none of {n_read} reports got a tag"
    return None


def confirm_published(home: Home, run: CrawlRun) -> None:
    """Look for a run and its source's reports in the published copy, as a reader would.

    Raises:
        WarehouseError: readers do not see what this run archived.
    """
    with ask(home) as archive:
        seen = archive.rows("SELECT 1 FROM crawl_runs WHERE run_id = ?", [run.run_id]).rows
        sql = "SELECT count(*) FROM report_heads WHERE source = ? AND withdrawn_at IS NULL"
        n_reports = archive.rows(sql, [run.source]).rows[0][0]
    if not seen or n_reports < run.n_reports:
        raise WarehouseError(
            f"{home.warehouse}: readers see {n_reports} reports of {run.source}, the loader holds {run.n_reports}; "
            f"run {run.run_id} is {'' if seen else 'not '}there. `workreports doctor` looks at both files."
        )
