"""Which rows of a list page become requests, and when a list has been read far enough. No network, no framework."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal

from archive.models import KnownPage, ListPage, ListRow
from crawlers.fetching.hosts import is_same_site
from crawlers.job import CrawlJob
from crawlers.lexicon import reason_filtered

Verdict = Literal["fetch", "known", "filtered", "before_since", "outside", "budget"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a row, and why in a word or two. A fetch is "new", "due" (known, ask whether changed) or "full"."""

    verdict: Verdict
    reason: str = ""


@dataclass
class Chooser:
    """Decides row by row for one run. `known` is what the archive has; `asked` grows with each row to be fetched."""

    job: CrawlJob
    known: Mapping[str, KnownPage]
    now: datetime
    asked: set[str] = field(default_factory=set)

    def decide(self, row: ListRow, column_url: str) -> Decision:
        """What to do with a row of this column."""
        if not is_same_site(row.url, column_url):
            return Decision("outside", "another site")
        reason = title_reason(row.title, self.job.source.title_filter)
        if reason is not None:
            return Decision("filtered", reason)
        if row.url in self.asked:
            return Decision("known", "listed before in this run")
        if self.job.since and row.date and row.date < self.job.since:
            return Decision("before_since", f"before {self.job.since}")
        if (page := self.known.get(row.url)) and page.is_forgotten:
            return Decision("known", "forgotten")
        reason = self._why_fetch(row.url)
        if reason is None:
            return Decision("known")
        if len(self.asked) >= self.job.limits.reports:
            return Decision("budget", f"{self.job.limits.reports} reports")
        return Decision("fetch", reason)

    def _why_fetch(self, url: str) -> str | None:
        page = self.known.get(url)
        if page is None:
            return "new"
        if self.job.full:
            return "full"
        return "due" if is_due(page, self.now) else None

    def stop_after(self, page: ListPage, decisions: Iterable[Decision]) -> str | None:
        """Why this page is the last that needs to be read; None to go on.

        Pinned rows (置顶) prove nothing about what stands below them, so only the others count.
        """
        rows = [
            (row, decision) for row, decision in zip(page.rows, decisions, strict=True) if not row.is_pinned
        ]
        dates = [row.date for row, _ in rows if row.date]
        if self.job.since:
            return "since" if dates and max(dates) < self.job.since else None
        newest = self.job.last_newest_on
        if self.job.full or newest is None:
            return None
        is_nothing_new = all(decision.reason not in ("new", "full") for _, decision in rows)
        is_something_known = any(row.url in self.known for row, _ in rows)
        if not is_nothing_new or not (dates or is_something_known):
            return None
        return "known" if all(day <= newest for day in dates) else None

    def due_elsewhere(self) -> list[KnownPage]:
        """Known pages that are due but stood on no list page read in this run, longest due first."""
        due = [page for page in self.known.values() if page.url not in self.asked and is_due(page, self.now)]
        return sorted(due, key=lambda page: page.next_due_at or self.now)


def is_due(page: KnownPage, now: datetime) -> bool:
    """Whether a known page is to be asked again."""
    return page.next_due_at is not None and page.next_due_at <= now


def title_reason(title: str, title_filter: str) -> str | None:
    """Why a title is not a report's: by the lexicon, not at all ("all"), or by the source's own expression.

    >>> title_reason("招聘公告", "all"), title_reason("2022年工作总结", "总结|计划"), title_reason("公示", "总结")
    (None, None, "not the source's title_filter")
    """
    if title_filter == "all":
        return None
    if title_filter == "lexicon":
        return reason_filtered(title)
    return None if _expression(title_filter).search(title) else "not the source's title_filter"


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
