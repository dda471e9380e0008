"""CrawlJob: everything that one crawl needs to know, as plain data that fits in one line of JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from crawlers.source import Source

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Where one run, or one answer, is cut off. No honest column comes near; they end what is hostile or broken."""

    minutes: float = 240  # four hours at a request a second are 14,400 pages
    n_bytes: int = 4096 * MEGABYTE
    list_pages: int = 2_000  # at 15 rows a page, the largest columns seen hold about 1,000
    fetches: int = 20_000
    reports: int = 20_000  # rows of list pages that may be asked for
    answer_bytes: int = 10 * MEGABYTE  # also after decompression
    answer_seconds: float = 60
    parts_per_page: int = 40  # attachments, continuation pages and frames of one report


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One source, one run. `folder` is `landing/SOURCE/RUN_ID`; `allow` names `host:port` that may be private."""

    source: Source
    run_id: str
    folder: Path
    since: date | None = None
    max_pages: int | None = None
    full: bool = False
    last_newest_on: date | None = None  # newest row of the last complete run; None: list on to the end
    known: Path | None = None  # JSON lines of KnownPage
    contact: str | None = None
    allow: tuple[str, ...] = ()
    browser: str | None = None  # path of chromium, for sources that need one
    limits: Limits = field(default_factory=Limits)

    @property
    def list_pages(self) -> int:
        """How many list pages this run may read."""
        return self.max_pages or self.source.max_pages or self.limits.list_pages


_JOB = TypeAdapter(CrawlJob)


def to_line(job: CrawlJob) -> str:
    """The job as one line of JSON, with its newline."""
    return _JOB.dump_json(job).decode() + "\n"


def from_line(line: str) -> CrawlJob:
    """The job that `to_line` wrote.

    Raises:
        pydantic.ValidationError: the line is no job.
    """
    return _JOB.validate_json(line)
