"""Every family of list pages crawled over HTTP by the real spider: first in full, then again, then after changes.

    python -m tests.benchmarks.families [NAME ...]

For each family a loopback site of 200 reports over 13 list pages is collected three times: a first run must fetch
every report once, in exactly the list requests that the family needs; a second run must ask for no report; then five
reports are new, five are changed and five are gone, and the third run must ask for these, and for five that are due
but as they were, and archive exactly the new and changed. Ends with status 1 where a family falls short.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from archive import landing
from archive.models import Capture, CrawlRun
from crawlers.crawl import CrawlJob
from tests import crawls
from tests.listing_sites import HOST, REPORTS, SITES, Reports, Server, reply
from tests.sites import Answer, Seen, Site, report_page

# On the first list page, on the next, on pages that a third run does not read, and at the end of the list.
CHANGED, GONE, DUE = (0, 30, 90, 150, 199), (20, 60, 110, 160, 190), (7, 40, 100, 130, 180)
NEW: Reports = [
    (f"/zwgk/gzzj/9{n:05d}.html", f"青石县第{n}局工作总结", f"2024-01-0{n}") for n in (5, 4, 3, 2, 1)
]
NEWEST = date.fromisoformat(REPORTS[0][2])


@dataclass
class Reporting:
    """What stands on a site: its list's rows, and the version of every page that was changed."""

    rows: Reports = field(default_factory=lambda: list(REPORTS))
    versions: dict[str, int] = field(default_factory=dict)

    def change(self) -> None:
        """Five reports are new, five changed, and five gone."""
        self.versions = {REPORTS[n][0]: 2 for n in CHANGED}
        self.rows = NEW + [row for n, row in enumerate(REPORTS) if n not in GONE]

    def answer(self, server: Server, seen: Seen) -> Answer:
        """A report page, which honours its ETag, or what the family's server says."""
        titles = {path: title for path, title, _ in self.rows}
        if seen.path in titles:
            return _report(seen, titles[seen.path], self.versions.get(seen.path, 1))
        is_list = seen.path != "/robots.txt" and not seen.path.startswith("/zwgk/gzzj/0")
        said = reply(server, seen.path, seen.body, self.rows) if is_list else None
        if said is None:
            return Answer(b"<h1>Not Found</h1>", 404)
        body, content_type = said
        body = body.replace(HOST.removeprefix("http:"), f"//{seen.headers['host']}")
        return Answer(body.encode(), headers=(("Content-Type", f"{content_type}; charset=utf-8"),))


def _report(seen: Seen, title: str, version: int) -> Answer:
    etag = f'"{version}"'
    if seen.headers.get("if-none-match") == etag:
        return Answer(b"", 304)
    headers = (("Content-Type", "text/html; charset=utf-8"), ("ETag", etag))
    return Answer(report_page(f"{title}（第{version}版）"), headers=headers)


@dataclass(frozen=True)
class Crawled:
    """One run: how it ended, how often lists were asked, and the report pages in the order asked."""

    run: CrawlRun
    n_list_requests: int
    reports: tuple[str, ...]
    captures: tuple[Capture, ...]

    def outcomes(self, outcome: str) -> list[str]:
        """The paths of the reports that were asked with this outcome, sorted."""
        found = [one.url for one in self.captures if one.kind == "report" and one.outcome == outcome]
        return sorted("/" + url.split("/", 3)[3] for url in found)


@dataclass(frozen=True)
class ThreeRuns:
    """What came of one family."""

    name: str
    needed: int
    runs: tuple[Crawled, Crawled, Crawled]

    @property
    def faults(self) -> list[str]:
        """What fell short; empty where everything held."""
        first, second, third = self.runs
        paths = [path for path, _, _ in REPORTS]
        asked = [path for path, _, _ in NEW] + [paths[n] for n in (*CHANGED, *GONE, *DUE)]
        archived = [path for path, _, _ in NEW] + [paths[n] for n in CHANGED]
        holds = {
            "first run: every report once": sorted(first.reports)
            == sorted(first.outcomes("ok"))
            == sorted(paths),
            "first run: list requests": first.n_list_requests == self.needed,
            "first run: the end is proven": first.run.end_reached and first.run.state == "done",
            "second run: no report": second.reports == () and second.run.state == "done",
            "third run: asked": sorted(third.reports) == sorted(asked),
            "third run: archived": third.outcomes("ok") == sorted(archived),
            "third run: gone": third.outcomes("gone") == sorted(paths[n] for n in GONE),
            "third run: unchanged": third.outcomes("unchanged") == sorted(paths[n] for n in DUE),
        }
        return [name for name, is_so in holds.items() if not is_so]


def three_runs(server: Server, column: str, needed: int, folder: Path) -> ThreeRuns:
    """Crawl a family's site in full, again at once, and after changes."""
    content = Reporting()
    with Site({}, otherwise=lambda seen: content.answer(server, seen)) as site:
        first = _crawl(site, _job(site, column, folder / "r1"))
        known = crawls.known_from(folder / "known2", first.captures)
        second = _crawl(site, _job(site, column, folder / "r2", known))
        content.change()
        due = {site.url(REPORTS[n][0]): {"next_due_at": datetime.now(UTC)} for n in (*CHANGED, *GONE, *DUE)}
        known = crawls.known_from(folder / "known3", first.captures, **due)
        third = _crawl(site, _job(site, column, folder / "r3", known))
    return ThreeRuns(server.__name__, needed, (first, second, third))


def _job(site: Site, column: str, folder: Path, known: Path | None = None) -> CrawlJob:
    # A sitemap names no titles, so nothing can be chosen by them.
    fields = {"title_filter": "all"} if "sitemap" in column else {}
    return crawls.job(
        site, folder, column, fields=fields, known=known, last_newest_on=NEWEST if known else None
    )


def _crawl(site: Site, job: CrawlJob) -> Crawled:
    site.seen.clear()
    run = crawls.run(job)
    captures = tuple(landing.captures(job.folder))
    reports = {"/" + one.url.split("/", 3)[3] for one in captures if one.kind == "report"}
    asked = site.paths()
    return Crawled(
        run=run,
        n_list_requests=sum(path not in reports for path in asked),
        reports=tuple(path for path in asked if path in reports),
        captures=captures,
    )


def _line(one: ThreeRuns) -> str:
    first, second, third = one.runs
    came = [len(third.outcomes(outcome)) for outcome in ("ok", "unchanged", "gone")]
    return (
        f"{one.name:22}{first.n_list_requests:6} of {one.needed:<4}{len(set(first.reports)):6} of {len(REPORTS):<5}"
        f"{second.n_list_requests:6} + {len(second.reports):<6}"
        f"{third.n_list_requests:6} + {len(third.reports):<4}= {came[0]} ok, {came[1]} as before, {came[2]} gone"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the families named, or all; a line each, and below it what fell short."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="families of tests/listing_sites.py; default all"
    )
    names = parser.parse_args(arguments).names
    print(
        f"{'family':22}{'list requests':>12}  {'reports':>12}  {'second run':>14}  after changes (lists + reports)"
    )
    n_short = 0
    for _, server, column, needed in SITES:
        if names and server.__name__ not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            one = three_runs(server, column, needed, Path(folder))
        print(_line(one), flush=True)
        for fault in one.faults:
            print(f"    does not hold: {fault} ({[run.run.stop_reason for run in one.runs]})", flush=True)
        n_short += bool(one.faults)
    return 1 if n_short else 0


if __name__ == "__main__":
    sys.exit(main())
