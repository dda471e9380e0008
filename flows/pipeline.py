"""One source from site to archive, as plain functions: what the flows run, without Prefect."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from archive import landing
from archive.models import Batch, CrawlRun, Loaded, Reading, report_id
from archive.warehouse import Home, WarehouseError, Writer, open_writer
from crawlers.crawl import CrawlJob, start
from crawlers.pages.reading import VERSION
from crawlers.source import Source
from flows import accounts
from flows.read_pool import BATCH_PAGES, batches, read_all
from flows.settings import Settings
from flows.transform import Outcome, work_units
from flows.workers import Workers, local

CUT_OFF = (
    "the crawl's process ended before it could close its files: it was killed, or memory ran out. What it had fetched "
    "is archived, and the next run takes up the rest. Nothing to do, unless it happens again."
)

Event = dict[str, Any]
Watch = Callable[[Event], None]

# Batches that the archive is opened for once: to close it costs as much as to load a hundred reports.
BATCHES_AT_ONCE = 4

# New reports named in a run's summary: more than a person reads in one.
TITLES_KEPT = 100


@dataclass(frozen=True, slots=True)
class Collected:
    """What one run of one source brought."""

    run: CrawlRun
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    n_unchanged: int = 0
    n_rejected: int = 0
    n_read: int = 0
    titles: tuple[tuple[str, str], ...] = ()  # (title, url) of the new reports, the first hundred

    @property
    def is_red(self) -> bool:
        """Whether the run broke a promise of its source."""
        return self.run.state != "done"


@dataclass(frozen=True, slots=True)
class Request:
    """What a person or a schedule asks of a source."""

    since: date | None = None
    max_pages: int | None = None
    full: bool = False


def run_id(source: str, now: datetime | None = None) -> str:
    """The name of a run: source and UTC start, sortable.

    >>> run_id("yunhe_wjw", datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC))
    'yunhe_wjw-20261123T010203000Z'
    """
    now = now or datetime.now(UTC)
    return f"{source}-{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z"


def prepare(settings: Settings, source: Source, request: Request) -> CrawlJob:
    """The job of one crawl: what is known of the source goes into its folder, so that the child needs no SQL."""
    home = settings.layout()
    name = run_id(source.name)
    folder = home.landing / source.name / name
    with open_writer(home) as writer:
        if source.name in writer.forgotten().sources:
            raise WarehouseError(
                f"{source.name}: was removed with `workreports forget`. Set collect = false in its file."
            )
        folder.mkdir(parents=True)
        writer.save_sources([source.model_dump(mode="json")])
        newest = writer.last_newest_on(source.name)
        known = _write_known(folder / "known.jsonl", writer, source.name)
    return CrawlJob(
        source=source,
        run_id=name,
        folder=folder,
        since=request.since,
        max_pages=request.max_pages,
        full=request.full,
        last_newest_on=newest,
        known=known,
        contact=settings.contact,
        allow=tuple(filter(None, settings.allow.split(","))),
        browser=str(settings.browser) if settings.browser else None,
    )


def _write_known(path: Path, writer: Writer, source: str) -> Path:
    with path.open("w", encoding="utf-8") as lines:
        for page in writer.known_pages(source):
            lines.write(json.dumps(asdict(page), ensure_ascii=False, default=str) + "\n")
    return path


def crawl(job: CrawlJob, watch: Watch) -> CrawlRun:
    """Run the crawl's child process to its end and say how it went; `watch` gets its events as they come.

    The child's exit status alone proves nothing (Scrapy leaves with 0 after a failed start): the run is what the
    statistics file says, or, without one, what its log holds.
    """
    child = start(job)
    try:
        assert child.stdout is not None
        for line in child.stdout:
            watch(json.loads(line))
        child.wait()
    finally:
        _stop(child)
    return landing.crawl_run(job.folder)


def _stop(child: Any, patience: float = 20.0) -> None:
    """End the child by closing its standard input; it then writes out what it has. Prefect allows 30 s in all."""
    if child.poll() is None and child.stdin is not None:
        child.stdin.close()
        try:
            child.wait(patience)
        except Exception:
            child.kill()
            child.wait()


def load_run(
    settings: Settings,
    source: Source,
    folder: Path,
    watch: Watch,
    flow_run: tuple[str, str] | None = None,
    pool: Workers | None = None,
) -> Collected:
    """Read and load what one run landed. Loading a run twice, or the rest of one that was cut off, changes nothing.

    `flow_run` is the id and the UI address of the Prefect run that does it, kept in `crawl_runs`; `pool` are the
    workers that read, processes of this machine if none are given.
    """
    home = settings.layout()
    run = landing.crawl_run(folder)
    if flow_run is not None:
        run = replace(run, flow_run_id=flow_run[0], flow_run_url=flow_run[1])
    captures = tuple(landing.captures(folder))
    units = work_units(captures)
    total = Tally()
    with open_writer(home) as writer:
        writer.save_run(run)
        writer.load(Batch(f"{run.run_id}:log", captures, tuple(landing.listed(folder))))
        loaded_before = writer.loaded_keys(run.run_id)
    # The extractor's version is part of the key: a new extractor reads every landing again, an old one none.
    chunks = {f"{run.run_id}:{VERSION}:{start}": batch for start, batch in batches(units, BATCH_PAGES)}
    todo = {key: chunk for key, chunk in chunks.items() if key not in loaded_before}
    with local(settings.processes) if pool is None else nullcontext(pool) as readers:
        outcomes = read_all(readers, folder, source, todo)
        while several := list(islice(outcomes, BATCHES_AT_ONCE)):
            for (key, outcome), loaded in zip(several, _load(home, several), strict=True):
                readings, rejections = outcome
                total.n_pages_missing += len(accounts.missing_pages((page for page, _ in todo[key]), outcome))
                total.add(loaded, readings)
                counts = {"reports": len(readings), "rejected": len(rejections), **total.counts()}
                watch({"event": "loaded", **counts})
    return _finish(home, source, run, total)


def _load(home: Home, several: Sequence[tuple[str, Outcome]]) -> list[Loaded]:
    """Load some batches, each in a transaction of its own; between such calls other sources have their turn."""
    with open_writer(home) as writer:
        return [
            writer.load(Batch(key, readings=tuple(readings), rejections=tuple(rejections)))
            for key, (readings, rejections) in several
        ]


@dataclass(slots=True)
class Tally:
    """Running sums over the batches of a run."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    n_unchanged: int = 0
    n_rejected: int = 0
    titles: list[tuple[str, str]] = field(default_factory=list)
    n_read: int = 0
    n_dated: int = 0
    n_with_publisher: int = 0
    n_chars: int = 0
    n_tagged: int = 0
    n_pages_missing: int = 0  # given to the reader, and never heard of again

    def add(self, loaded: Loaded, readings: Sequence[Reading]) -> None:
        """Add what one batch changed."""
        new = set(loaded.new)
        named = (
            (r.report.title, r.report.url) for r in readings if report_id(r.report.url, r.report.part) in new
        )
        self.titles += list(named)[: TITLES_KEPT - len(self.titles)]
        self.n_read += len(readings)
        self.n_tagged += accounts.has_tags(readings)
        self.n_dated += sum(r.report.published_on is not None for r in readings)
        self.n_with_publisher += sum(r.report.publisher is not None for r in readings)
        self.n_chars += sum(len(r.report.text) for r in readings)
        self.new += loaded.new
        self.changed += loaded.changed
        self.n_unchanged += len(loaded.unchanged)
        self.n_rejected += loaded.n_rejected

    def counts(self) -> dict[str, int]:
        """The sums, for a progress line."""
        return {"n_new": len(self.new), "n_changed": len(self.changed), "n_rejected": self.n_rejected}


def _finish(home: Home, source: Source, run: CrawlRun, total: Tally) -> Collected:
    with open_writer(home) as writer:
        archived = writer.n_reports(source.name)
        run = judge(run, source, archived)
        if fault := accounts.fault(total.n_pages_missing, total.n_read, total.n_tagged):
            run = replace(run, state="red", message=f"{source.name}: {fault}.")
        run = replace(
            run,
            n_reports=archived,
            n_new_reports=len(total.new),
            n_rejected=total.n_rejected,
            n_read=total.n_read,
            n_dated=total.n_dated,
            n_with_publisher=total.n_with_publisher,
            n_chars=total.n_chars,
        )
        writer.save_run(run)
        writer.load(Batch(f"{run.run_id}:end"))
    return Collected(
        run=run,
        new=tuple(total.new),
        changed=tuple(total.changed),
        n_unchanged=total.n_unchanged,
        n_rejected=total.n_rejected,
        n_read=total.n_read,
        titles=tuple(total.titles),
    )


def judge(run: CrawlRun, source: Source, archived: int) -> CrawlRun:
    """A run that brought less than its source promises is red, however well the crawl itself went.

    What counts is the smaller of what a full listing showed and what the archive holds of the source: an emptied
    column and a reader that finds nothing must both be seen.
    """
    if run.state == "crashed":
        return replace(run, message=f"{source.name}: {CUT_OFF}")
    if run.state != "done":
        advice = (
            f"`workreports sources check {source.name}` looks at the columns of {source.name}.toml again."
        )
        return replace(run, message=f"{source.name}: {run.message or run.stop_reason}. {advice}")
    listed = run.rows_seen - run.rows_filtered
    shown = min(listed, archived) if run.end_reached else archived
    if shown >= source.at_least:
        return run
    where = "its columns list" if shown == listed and run.end_reached else "the archive holds"
    message = (
        f"{source.name}: {where} {shown} reports, but at_least = {source.at_least}. "
        f"Look at the column ({source.columns[0]}) with `workreports sources check {source.name}`; "
        f"if the site really has fewer, lower at_least in {source.name}.toml."
    )
    return replace(run, state="red", message=message)


def unfinished(home: Home, source: str) -> list[Path]:
    """Folders of earlier runs of a source whose landing was never loaded to its end, oldest first."""
    with open_writer(home) as writer:
        loaded = writer.loaded_keys(f"{source}-")
    folders = landing.run_folders(home.landing, source)
    return [f for f in folders if f"{f.name}:end" not in loaded]
