"""One crawl in a process of its own: started with a job, watched through its output, stopped by closing its input.

    child = start(job)
    for line in child.stdout: …        # {"event": "progress", …} and {"event": "log", …}
    child.stdin.close()                # ends it early, in good order

Whether it went well stands in `job.folder/stats.json` (archive.landing.crawl_run), not in the exit status alone:
0 done, 1 red, 2 the job could not be read.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from archive.landing import Landing, crawl_run, landing_lock
from archive.models import CrawlRun, KnownPage
from crawlers.job import CrawlJob, Limits, from_line, to_line

__all__ = ["CrawlJob", "Limits", "start"]


def start(job: CrawlJob) -> subprocess.Popen[str]:
    """Start a crawl. Its standard input is its lifeline: when that closes, or this process dies, the crawl ends."""
    job.folder.mkdir(parents=True, exist_ok=True)
    with (job.folder / "stderr.log").open("ab") as errors, landing_lock(job.folder) as lock:
        child = subprocess.Popen(
            [sys.executable, "-m", "crawlers.crawl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            start_new_session=True,
            pass_fds=[lock],  # held until the child is gone, also where this process goes first
        )
    assert child.stdin is not None
    child.stdin.write(to_line(job))
    child.stdin.flush()
    return child


def read_known(path: Path | None) -> dict[str, KnownPage]:
    """What the archive knows, by URL."""
    if path is None:
        return {}
    reader = TypeAdapter(KnownPage)
    with path.open("rb") as lines:
        pages = [reader.validate_json(line) for line in lines]
    return {page.url: page for page in pages}


def crawl(job: CrawlJob) -> CrawlRun:
    """Run the job in this process. Once a process only: Twisted's reactor cannot be started again."""
    # First, while few modules are there: a part of Scrapy that it needs looks through the sources of all callers.
    import crawlers.fetching.handler  # noqa: F401, I001
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.signals import spider_opened

    from crawlers.fetching.progress import Progress
    from crawlers.fetching.settings import settings, software
    from crawlers.spider import ReportSpider

    run = CrawlRun(job.run_id, job.source.name, datetime.now(UTC))
    landing = Landing(job.folder, run, software())
    process = AsyncCrawlerProcess(settings(job))
    # Scrapy lowers its loggers to DEBUG: two records a page that nobody reads.
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    # Certificates are not verified (many sites of the field have none that is valid), so this says nothing new.
    logging.getLogger("scrapy.core.downloader.tls").setLevel(logging.ERROR)
    crawler = process.create_crawler(ReportSpider)
    process.crawl(
        crawler, job=job, landing=landing, known=read_known(job.known), progress=Progress(sys.stdout)
    )
    # Told to stop while it is only starting, Scrapy would crawl to the end and then never leave.
    is_open = threading.Event()
    crawler.signals.connect(is_open.set, spider_opened, weak=False)
    _hold_lifeline(lambda: _end(crawler, is_open))
    process.start()
    return crawl_run(job.folder)


def _hold_lifeline(end: Callable[[], None]) -> None:
    """Call `end` when standard input closes."""

    def wait() -> None:
        while sys.stdin.readline():
            pass
        end()

    threading.Thread(target=wait, daemon=True, name="lifeline").start()


def _end(crawler: Any, is_open: threading.Event) -> None:
    """Stop a crawl in good order, as soon as its spider is open and its engine runs."""
    from scrapy.utils.defer import deferred_from_coro
    from twisted.internet import reactor

    is_open.wait()
    while not crawler.engine.running:
        time.sleep(0.05)
    reactor.callFromThread(lambda: deferred_from_coro(crawler.stop_async()))


def _log_to_parent() -> None:
    from crawlers.fetching.progress import LogLines

    plain = logging.StreamHandler(sys.stderr)
    plain.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[plain, LogLines(sys.stdout)])
    for handler in logging.getLogger().handlers:
        handler.addFilter(
            lambda record: record.levelno >= logging.WARNING or record.name.startswith("crawlers")
        )
    logging.getLogger("crawlers").setLevel(logging.INFO)


def main() -> int:
    """The child's way: job on the first line of standard input, exit status as the module says."""
    try:
        job = from_line(sys.stdin.readline())
    except ValidationError as error:
        print(f"no job on standard input: {error}", file=sys.stderr)
        return 2
    _log_to_parent()
    return 0 if crawl(job).state == "done" else 1


if __name__ == "__main__":
    sys.exit(main())
