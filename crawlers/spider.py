"""The one spider: list pages newest first, then only the report pages that are new or due, one after another."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import scrapy

from archive.landing import Landing
from archive.models import CrawlRun, FollowUp, KnownPage, ListedRow, ListPage, ListRequest, ListRow
from crawlers.column import Column, stop_reason_of
from crawlers.fetching.browser import BrowserMissing
from crawlers.fetching.fetcher import Fetched, Fetcher, StopCrawl, Want
from crawlers.fetching.hosts import is_same_site
from crawlers.fetching.rows import Chooser, Decision
from crawlers.job import CrawlJob
from crawlers.listings import first_request, read_list
from crawlers.pages.follow_ups import follow_ups

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawlers.fetching.progress import Progress

log = logging.getLogger("crawlers.spider")


class ReportSpider(scrapy.Spider):
    """Crawls one source as one sequential program.

    It awaits each page from Scrapy's downloader (delays, robots.txt, cookies, redirects, retries) and hands Scrapy's
    scheduler nothing: what is still to do follows from the list pages and from what the archive knows, so a crawl
    that was killed needs no queue on disk to be taken up again.
    """

    name = "reports"

    def __init__(
        self, job: CrawlJob, landing: Landing, known: dict[str, KnownPage], progress: Progress
    ) -> None:
        super().__init__()
        self.job, self.landing, self.progress = job, landing, progress
        self.chooser = Chooser(job, known, datetime.now(UTC))
        # What a browser shows is a page like any other, whatever system's script drew it.
        family = job.source.family or ("general" if job.source.browser else None)
        self.columns = [Column(url, deque([first_request(url, family)])) for url in job.source.columns]
        self.stop_reason = ""
        self.failure = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ReportSpider:
        """As Scrapy builds it, with a fetcher on this crawler's downloader."""
        spider: ReportSpider = super().from_crawler(crawler, *args, **kwargs)
        try:
            spider.fetcher = Fetcher(spider.job, crawler, spider.landing)
        except BrowserMissing as missing:
            spider.failure = str(missing)
        return spider

    fetcher: Fetcher

    async def start(self) -> AsyncIterator[Any]:
        """The whole crawl. Yields nothing; ends early when it is told to, with everything fetched so far kept."""
        try:
            for column in self.columns if not self.failure else ():
                await self._read_column(column)
            await self._ask_due_pages()
        except StopCrawl as stop:
            self.stop_reason = str(stop)
        except asyncio.CancelledError:
            self.stop_reason = "stopped"
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}"
            log.exception("the crawl failed: %s", self.failure)
        return
        yield

    def closed(self, reason: str) -> None:
        """Scrapy's last call: close the landing with the run's figures."""
        if reason not in ("finished", "shutdown") and not self.stop_reason:
            self.stop_reason = reason
        is_whole = all(column.stop_reason for column in self.columns)
        if not is_whole and not self.stop_reason:
            self.stop_reason = "stopped"  # before the first page: `start` was never called
        run = self._result()
        self.landing.finish(run)
        self.progress.show(self.landing.tally.counts, "", is_last=True)

    # ------------------------------------------------------------ lists

    async def _read_column(self, column: Column) -> None:
        while column.waiting and not column.stop_reason:
            if self.landing.tally.counts["pages_listed"] >= self.job.list_pages:
                column.stop_reason = f"budget: {self.job.list_pages} list pages"
                return
            await self._read_list_page(column, column.waiting.popleft())
        column.close()

    async def _read_list_page(self, column: Column, request: ListRequest) -> None:
        fetched = await self._fetch(
            Want(request.url, "list", request.method, request.body or b"", dict(request.headers))
        )
        is_probe = "probe" in request.state
        if fetched.page is None or not (fetched.is_ok or (is_probe and fetched.capture.outcome == "gone")):
            column.stop_reason = f"alarm: list page {request.page_no}: {fetched.capture.detail}"
            return
        page = column.judge(read_list(fetched.page, request), request)
        if column.stop_reason:
            return
        decisions = await self._take_rows(column, page, request.page_no)
        if page.verdict == "end":
            column.stop_reason = "end"
        elif page.rows:
            column.stop_reason = self.chooser.stop_after(page, decisions) or ""
        column.take(page, decisions)

    async def _take_rows(self, column: Column, page: ListPage, page_no: int) -> list[Decision]:
        """Decide and log every row of a page first, then fetch what is to be fetched."""
        decisions = []
        wanted = []
        for row in page.rows:
            decision = self.chooser.decide(row, column.url)
            decisions.append(decision)
            if decision.verdict == "fetch":
                self.chooser.asked.add(row.url)
                wanted.append((row, decision))
        decided = zip(page.rows, decisions, strict=True)
        self.landing.note([self._listed(column, row, page_no, decision) for row, decision in decided])
        for row, decision in wanted:
            known = self.chooser.known.get(row.url) if decision.reason == "due" else None
            await self._fetch_report(Want(row.url, "report", known=known, title=row.title, date=row.date))
        return decisions

    def _listed(self, column: Column, row: ListRow, page_no: int, decision: Decision) -> ListedRow:
        return ListedRow(
            run_id=self.job.run_id,
            source=self.job.source.name,
            column_url=column.url,
            url=row.url,
            title=row.title,
            date=row.date,
            page_no=page_no,
            decision=decision.verdict,
            reason=decision.reason,
            seen_at=datetime.now(UTC),
        )

    # ------------------------------------------------------------ reports

    async def _ask_due_pages(self) -> None:
        """Known pages that no list showed this time: changed, or gone from the site."""
        if self.job.since or self.job.max_pages:
            return
        for page in self.chooser.due_elsewhere():
            await self._fetch_report(Want(page.url, "report", known=page))

    async def _fetch_report(self, want: Want) -> None:
        """Fetch a report page and, where it is new or changed, everything that belongs to it."""
        fetched = await self._fetch(want)
        asked = {want.url, fetched.capture.final_url}
        waiting = _parts(fetched)
        while waiting and len(asked) <= self.job.limits.parts_per_page:
            part = waiting.popleft()
            is_elsewhere = part.kind != "attachment" and not is_same_site(part.url, want.url)
            if part.url in asked or is_elsewhere:
                continue
            asked.add(part.url)
            fetched = await self._fetch(Want(part.url, part.kind, parent_url=want.url, title=part.caption))
            if part.kind != "attachment":
                waiting += _parts(fetched)

    async def _fetch(self, want: Want) -> Fetched:
        fetched = await self.fetcher.fetch(want)
        self.progress.show(self.landing.tally.counts, want.url)
        return fetched

    # ------------------------------------------------------------ result

    def _result(self) -> CrawlRun:
        listing = stop_reason_of(self.columns)
        is_alarm = listing.startswith("alarm")
        trouble = self.failure or self.stop_reason.startswith(("blocked", "errors", "stopped", "memusage"))
        return replace(
            self.landing.tally.run,
            ended_at=datetime.now(UTC),
            state="red" if is_alarm or trouble else "done",
            stop_reason=self.failure or self.stop_reason or listing,
            end_reached=all(column.stop_reason == "end" for column in self.columns),
            family=", ".join(dict.fromkeys(column.family for column in self.columns if column.family)),
            message=self.failure or self.stop_reason or (listing if is_alarm else ""),
        )


def _parts(fetched: Fetched) -> deque[FollowUp]:
    return deque(follow_ups(fetched.page)) if fetched.is_ok and fetched.page else deque()
