"""Which causes for alarm a run gives, judged by its outcome and by the source's own past. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from archive.models import CrawlRun
from crawlers.source import Source

# Runs before this one that must exist before a share of them counts as "usual".
RUNS_FOR_A_HABIT = 3
# A ratio that falls below half of its usual value has changed its cause, not its luck.
FALL = 0.5
# A list page has a fixed number of rows; only the last of a column, and a short column, have fewer.
FEWER_ROWS = 0.5
# Ratios of fewer pages than this are luck.
FEWEST_PAGES = 5
# Rejections or blocks are always some; an alarm is a share of half that was under a fifth before.
SHARE_NOW, SHARE_BEFORE = 0.5, 0.2

FAMILY = "family changed"
# Such a run saw too little to be compared with others.
CUT_SHORT = ("blocked", "crashed")

# What falls when a layout changes, per report read.
READABILITY: tuple[tuple[str, Callable[[CrawlRun], float]], ...] = (
    ("reports with a date", lambda run: run.n_dated / run.n_read),
    ("reports with a publisher", lambda run: run.n_with_publisher / run.n_read),
    ("characters a report", lambda run: run.n_chars / run.n_read),
)
# What rises when a site turns us away, per page fetched.
REFUSALS: tuple[tuple[str, Callable[[CrawlRun], int]], ...] = (
    ("rejected", lambda run: run.n_rejected),
    ("blocked", lambda run: run.n_blocked),
)


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason to tell a person. `name` identifies it: while it lasts, nobody is told twice."""

    name: str
    message: str


def causes(source: Source, run: CrawlRun, before: Sequence[CrawlRun]) -> list[Cause]:
    """The cause that this run gives, or none; `before` are earlier runs of the source that were done, newest first.

    One fault shows in many ways (a rebuilt site has another family, fewer rows and no dates), and a person is told once:
    by the name of what is most likely behind the rest, with all of it in the message.
    """
    found = list(_of_the_run(source, run))
    if not any(cause.name in CUT_SHORT for cause in found):
        found += _of_the_change(source, run, before)
    found.sort(key=lambda cause: cause.name != FAMILY)
    return [Cause(found[0].name, " ".join(cause.message for cause in found))] if found else []


def _of_the_run(source: Source, run: CrawlRun) -> Iterator[Cause]:
    # Refused on every answer is refused, whether the spider gave up after three or the only list page said no.
    if run.stop_reason == "blocked" or (run.state == "red" and run.n_blocked and not run.n_fetched):
        yield Cause(
            "blocked",
            f"{source.title}: the site refuses us ({run.n_blocked} answers). Nothing is circumvented; look at "
            f"{source.columns[0]} in a browser, and set collect = false with a reason if it stays so.",
        )
    elif run.state == "crashed":
        yield Cause("crashed", run.message or f"{source.title}: the crawl was cut off.")
    elif run.state == "red":
        yield Cause("red", run.message or f"{source.title}: the run ended red ({run.stop_reason}).")


def _of_the_change(source: Source, run: CrawlRun, before: Sequence[CrawlRun]) -> Iterator[Cause]:
    if len(before) < RUNS_FOR_A_HABIT:
        return
    families = {earlier.family for earlier in before if earlier.family}
    if run.family and families and run.family not in families:
        yield Cause(
            FAMILY,
            f"{source.title}: its list pages are now of the family {run.family}, before {', '.join(sorted(families))}. "
            f"Compare the rows: `workreports sources check {source.name}`.",
        )
    yield from _half_lists(source, run, before)
    yield from _fallen(source, run, before)
    yield from _risen(source, run, before)


def _half_lists(source: Source, run: CrawlRun, before: Sequence[CrawlRun]) -> Iterator[Cause]:
    listed = [earlier.rows_seen / earlier.pages_listed for earlier in before if earlier.pages_listed]
    if not run.pages_listed or not listed:
        return
    usual, now = median(listed), run.rows_seen / run.pages_listed
    if now <= FEWER_ROWS * usual:
        yield Cause(
            "fewer rows a list page",
            f"{source.title}: {now:.1f} rows a list page, usually {usual:.1f}. Its lists may be read by half: "
            f"`workreports sources check {source.name}` shows what is read.",
        )


def _fallen(source: Source, run: CrawlRun, before: Sequence[CrawlRun]) -> Iterator[Cause]:
    readable = [earlier for earlier in before if earlier.n_read >= FEWEST_PAGES]
    if run.n_read < FEWEST_PAGES or not readable:
        return
    for what, ratio in READABILITY:
        usual, now = median(map(ratio, readable)), ratio(run)
        if usual > 0 and now < FALL * usual:
            yield Cause(
                f"fewer {what}",
                f"{source.title}: {what}: {now:.2f}, usually {usual:.2f}. The layout of its pages may have changed; "
                "freeze one and look at its reading.",
            )


def _risen(source: Source, run: CrawlRun, before: Sequence[CrawlRun]) -> Iterator[Cause]:
    for what, count in REFUSALS:
        tried = [r for r in before if r.n_fetched >= FEWEST_PAGES]
        if run.n_fetched < FEWEST_PAGES or not tried or run.stop_reason == "blocked":
            continue
        usual, now = median(count(r) / r.n_fetched for r in tried), count(run) / run.n_fetched
        if now >= SHARE_NOW and usual < SHARE_BEFORE:
            yield Cause(
                f"more {what}",
                f"{source.title}: {now:.0%} of the pages were {what}, usually {usual:.0%}. "
                f"`workreports sql \"SELECT * FROM rejections WHERE source = '{source.name}' LIMIT 20\"` shows why.",
            )
