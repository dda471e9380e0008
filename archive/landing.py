"""What a crawl wrote: WARC files, a log of captures and rows, and the run's figures, written and read here.

A landing folder is `landing/SOURCE/RUN_ID/`: `*.warc.gz`, `crawl.jsonl`, `stats.json` (only after a clean close).
WARC and log alone are enough to rebuild the warehouse: every line of the log is written after the record it
names, so a kill can cost the last line but never leave one that points at nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archive.content_coding import decode_content
from archive.crawl_log import Entry, Tally, from_plain, read_line, to_json
from archive.durable import sync, sync_names, write_whole
from archive.models import Capture, CrawlRun, ListedRow, Page
from archive.warc import Drawn, Exchange, Record, WarcError, WarcWriter, read_record

LOG, STATS, LOCK = "crawl.jsonl", "stats.json", "crawl.lock"
# A crawl whose parent is gone ends within 15 s of its start-up, which takes some seconds (crawlers/crawl.py).
SECONDS_TO_CLOSE = 60.0


class LandingError(ValueError):
    """A landing cannot be read or written: the message names the file and what to do."""


class Landing:
    """Writes one run's folder; what is written is safe from a kill at once, from a power cut after `finish`."""

    def __init__(self, folder: Path, run: CrawlRun, software: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.tally = Tally(run)
        self._warc = WarcWriter(folder, f"{run.source}-{run.run_id}", software)
        self._log = io.FileIO(folder / LOG, "ab")
        self._write(_line("run", run))

    def keep(self, exchange: Exchange) -> None:
        """Archive an exchange that is evidence only: a redirect on the way, robots.txt."""
        self._warc.write(exchange)

    def save(self, capture: Capture, stored: Exchange | Drawn | None = None) -> Capture:
        """Archive one fetch; returns the capture with the place of its record.

        Raises:
            OSError: the disk is full or gone.
        """
        if stored is not None:
            place = self._warc.write(stored, is_revisit=capture.outcome == "unchanged")
            capture = replace(capture, warc_file=place.file, warc_offset=place.offset)
        self._write(_line("capture", capture))
        self.tally.add_capture(capture)
        return capture

    def note(self, rows: Sequence[ListedRow]) -> None:
        """Log the rows of a list page and what was decided about each."""
        self._write(b"".join(_line("listed", row) for row in rows))
        for row in rows:
            self.tally.add_row(row)

    def finish(self, run: CrawlRun) -> None:
        """Close the files and write the run's figures; from here on the landing is whole."""
        self._warc.close()
        self._log.close()
        _make_durable(self.folder)
        write_whole(self.folder / STATS, to_json(run))

    def _write(self, lines: bytes) -> None:
        start = self._log.tell()
        if self._log.write(lines) != len(lines):
            os.ftruncate(self._log.fileno(), start)  # half a line would spoil the next one
            raise OSError(f"{self.folder / LOG}: the disk took only a part of a line; is it full?")


def _line(kind: str, value: Entry) -> bytes:
    return b'{"%s": %s}\n' % (kind.encode(), to_json(value))


def _make_durable(folder: Path) -> None:
    """Put a run's files and names on the disk, up to the folder that holds `landing/`: rows will point at them."""
    for path in (folder / LOG, *folder.glob("*.warc.gz")):
        sync(path)
    sync_names(folder, folder.parents[2])


@contextmanager
def landing_lock(folder: Path) -> Iterator[int]:
    """Say that a run writes here; the descriptor is for the process that does, and the kernel drops it with that."""
    with (folder / LOCK).open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def is_being_written(folder: Path) -> bool:
    """Whether the crawl that writes here is still there."""
    try:
        with (folder / LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def settle(source: Path, patience: float = SECONDS_TO_CLOSE) -> None:
    """Make the landings of a source whole after a kill: wait for crawls that still close, remove what never began.

    `source` is `landing/SOURCE`; only whoever holds the source may call this.

    Raises:
        LandingError: a crawl does not end.
    """
    deadline = time.monotonic() + patience
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        while is_being_written(folder):
            if time.monotonic() > deadline:
                raise LandingError(
                    f"{folder}: a crawl still writes here though its run is over; end it first."
                )
            time.sleep(0.2)
        (folder / STATS).with_suffix(".tmp").unlink(missing_ok=True)
        if not any(folder.glob("*.warc.gz")) and not _has_entries(folder):
            shutil.rmtree(folder)
        elif not (folder / STATS).exists() and (folder / LOG).exists():
            with suppress(LandingError):  # a log without its first line is a person's to mend
                _close(folder)


def _close(folder: Path) -> None:
    """Do what a killed run could not: make its landing durable, and say how it ended.

    After a power cut a line of the log may be there without its record: it goes, so that the page counts as never
    fetched and is asked for again.
    """
    ended_at = _recount(folder).ended_at
    lines = (folder / LOG).read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not _is_without_record(folder, read_line(line))]
    if kept != lines:
        write_whole(folder / LOG, b"".join(kept))
    _make_durable(folder)
    write_whole(folder / STATS, to_json(replace(_recount(folder), ended_at=ended_at)))


def _is_without_record(folder: Path, entry: Entry | None) -> bool:
    return isinstance(entry, Capture) and entry.warc_file is not None and _fault_of(folder, entry) is not None


def _has_entries(folder: Path) -> bool:
    return (folder / LOG).exists() and any(value is not None for value in _entries(folder))


# ---------------------------------------------------------------- reading


def run_folders(landing: Path, source: str = "*") -> list[Path]:
    """Every run's folder under `landing/SOURCE/RUN_ID`, of all sources or of one, oldest name first within a source."""
    return sorted(log.parent for log in landing.glob(f"{source}/*/{LOG}"))


def captures(folder: Path) -> Iterator[Capture]:
    """Every fetch of a run, in the order it was made; torn lines are left out."""
    return (value for value in _entries(folder) if isinstance(value, Capture))


def listed(folder: Path) -> Iterator[ListedRow]:
    """Every row that the run saw on list pages, in order; torn lines are left out."""
    return (value for value in _entries(folder) if isinstance(value, ListedRow))


def crawl_run(folder: Path) -> CrawlRun:
    """The figures of a run: as it closed, or counted from the log (state "crashed") where it never did.

    Raises:
        LandingError: the folder holds no readable log.
    """
    try:
        return from_plain(CrawlRun, json.loads((folder / STATS).read_bytes()))
    except (OSError, ValueError, TypeError):
        return _recount(folder)


def fault(folder: Path) -> str | None:
    """What is wrong with a run's folder, for a person; None where every capture can be read.

    A torn last line, or half a record at the end of a WARC file, is what a kill leaves: nothing points there, so
    it is no fault.
    """
    n_bad, first = 0, ""
    try:
        for capture in captures(folder):
            if capture.warc_file is not None and (problem := _fault_of(folder, capture)):
                n_bad, first = n_bad + 1, first or problem
    except LandingError as error:
        return str(error)
    return f"{n_bad} captures cannot be read; the first: {first}" if n_bad else None


def _fault_of(folder: Path, capture: Capture) -> str | None:
    try:
        if capture.outcome == "unchanged":
            _record_of(folder, capture)
        else:
            read_page(folder, capture)
    except LandingError as error:
        return str(error)
    return None


def _recount(folder: Path) -> CrawlRun:
    tally: Tally | None = None
    n_torn = 0
    for value in _entries(folder):
        if value is None:
            n_torn += 1
        elif isinstance(value, CrawlRun):
            tally = tally or Tally(value)
        elif tally and isinstance(value, Capture):
            tally.add_capture(value)
        elif tally and isinstance(value, ListedRow):
            tally.add_row(value)
    if tally is None:
        raise LandingError(
            f"{folder / LOG}: no run starts here. `workreports doctor --repair` makes the log anew from the WARC files."
        )
    message = f"The run ended without closing; {n_torn} torn lines were left out of its log."
    ended_at = datetime.fromtimestamp((folder / LOG).stat().st_mtime, UTC)
    return replace(tally.run, state="crashed", stop_reason="crashed", message=message, ended_at=ended_at)


def _entries(folder: Path) -> Iterator[Entry | None]:
    """Every value of the log; None for a line that is torn (the writer was killed in the middle of it)."""
    try:
        with (folder / LOG).open("rb") as lines:
            for line in lines:
                yield read_line(line)
    except OSError as error:
        raise LandingError(f"{folder / LOG}: cannot be read ({error}).") from error


def read_page(folder: Path, capture: Capture) -> Page:
    """The answer of one fetch, content-decoded and checked against the digest of its capture.

    Raises:
        LandingError: nothing was stored, the page was unchanged (its body lies in an earlier run), the record
            is torn, or the body is not the one that was fetched.
    """
    record = _record_of(folder, capture)
    if record.headers.get("warc-type") == "conversion":
        return _checked(folder, capture, record.block)
    if record.headers.get("warc-type") != "response":
        raise LandingError(
            f"{capture.url}: unchanged in this run; its body lies in the run that first had it."
        )
    head, _, body = record.block.partition(b"\r\n\r\n")
    return _checked(folder, capture, decode_content(body, _field(head, b"content-encoding")))


def _checked(folder: Path, capture: Capture, body: bytes) -> Page:
    if capture.digest and digest(body) != capture.digest:
        place = f"{folder / str(capture.warc_file)}: the record at byte {capture.warc_offset}"
        raise LandingError(f"{place} is not {capture.url} as fetched.")
    url = capture.final_url or capture.url
    return Page(url, body, capture.content_type, capture.status or 0, capture.fetched_at)


def _record_of(folder: Path, capture: Capture) -> Record:
    if capture.warc_file is None or capture.warc_offset is None:
        raise LandingError(f"{capture.url}: no answer was stored ({capture.outcome}: {capture.detail}).")
    try:
        # The name alone: a log that was tampered with cannot point out of its folder.
        return read_record(folder / Path(capture.warc_file).name, capture.warc_offset)
    except WarcError as error:
        raise LandingError(str(error)) from error


def header(record: Record, name: bytes) -> str:
    """A header field of an archived answer, named in lower case; empty where it has none."""
    return _field(record.block.partition(b"\r\n\r\n")[0], name).decode("utf-8", "replace")


def digest(body: bytes) -> str:
    """The name of a body in captures: SHA-256, hexadecimal, after content decoding."""
    return hashlib.sha256(body).hexdigest()


def _field(head: bytes, name: bytes) -> bytes:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip()
    return b""
