"""The one writer: opens the private work file, loads batches into it, publishes copies of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from archive.models import Batch, CrawlRun, Forgotten, KnownPage, Loaded, Tagged
from archive.warehouse import alarms, dedupe, doubts, forget, retag
from archive.warehouse.bulk import ids_table, insert
from archive.warehouse.doubts import Doubts
from archive.warehouse.errors import QuestionError, WarehouseError
from archive.warehouse.home import Home
from archive.warehouse.load import load_batch
from archive.warehouse.pages import known_pages
from archive.warehouse.publish import publish_copy
from archive.warehouse.rows import columns
from archive.warehouse.runs import merge_runs
from archive.warehouse.verify import Compare, compare_here
from archive.warehouse.views import fact, set_fact
from archive.warehouse.whole import REPAIR
from archive.warehouse.work_file import STORAGE_VERSION, connect

# What DuckDB raises where the disk fails it: full, or with blocks that are not as they were written.
BROKEN_FILE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.TransactionException,
)

# Free blocks are used again by later loads, but every published copy carries them.
WORTH_COMPACTING = 0.25


class Writer:
    """Holds the work file open; only `open_writer` makes one."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._con = self._connected()

    def _connected(self) -> duckdb.DuckDBPyConnection:
        return connect(self.home.work_file)

    def load(self, batch: Batch) -> Loaded:
        """Load a batch in one transaction. A key that was loaded before changes nothing."""
        with self._transaction():
            return load_batch(self._con, batch)

    def unload(self, run_id: str) -> None:
        """Forget that a run was loaded, so that it can be loaded again; the reports that it brought stay."""
        with self._transaction():
            self._con.execute("DELETE FROM ledger WHERE starts_with(key, ?)", [f"{run_id}:"])
            for table in ("captures", "listed"):
                self._con.execute(f"DELETE FROM {table} WHERE run_id = ?", [run_id])

    def save_run(self, run: CrawlRun) -> None:
        """Write a run's row anew."""
        with self._transaction():
            self._con.execute(
                "DELETE FROM crawl_runs WHERE run_id = ? AND source = ?", [run.run_id, run.source]
            )
            insert(self._con, "crawl_runs", [columns(run)])

    def save_sources(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the rows of these sources anew; sources not named stay as they were last seen."""
        saved = [{**row, "saved_at": datetime.now(UTC)} for row in rows]
        with self._transaction():
            ids_table(self._con, "saved_sources", (row["name"] for row in saved))
            self._con.execute("DELETE FROM sources WHERE name IN (SELECT id FROM saved_sources)")
            insert(self._con, "sources", saved)

    def known_pages(self, source: str) -> Iterator[KnownPage]:
        """What the archive knows of a source's pages, list pages left out."""
        yield from known_pages(self._con, source)
        yield from (KnownPage(url, is_forgotten=True) for url in forget.forgotten(self._con).urls)

    def forgotten(self) -> Forgotten:
        """What was removed on request and must not be collected again."""
        return forget.forgotten(self._con)

    def forget(self, wanted: Forgotten) -> int:
        """Remove every row of these addresses and sources, and remember them. The number of reports removed."""
        with self._transaction():
            return forget.forget_rows(self._con, wanted)

    def tidy(self) -> str:
        """Give room back where it is worth it; what was done, in words."""
        wasted = self.wasted_share()
        if wasted > WORTH_COMPACTING:
            self.compact()
        done = "written anew" if wasted > WORTH_COMPACTING else "left as it is"
        return f"{wasted:.0%} of the work file was free: {done}"

    def wasted_share(self) -> float:
        """Which share of the work file is free blocks, 0-1."""
        sql = "SELECT free_blocks / greatest(total_blocks, 1) FROM pragma_database_size() WHERE database_name = current_database()"
        return float(self._rows(sql)[0][0])

    def compact(self) -> None:
        """Write the work file anew: what was deleted is then no longer in its bytes."""
        self.close()
        try:
            with self._clear_errors():
                forget.write_anew(self.home.work_file, STORAGE_VERSION)
        finally:
            self._con = self._connected()

    def last_newest_on(self, source: str) -> date | None:
        """The newest row date that the last complete listing of a source showed; None if there was none.

        Only a run that read its columns to the end, or to rows that were all known, has seen everything up to
        that date. Dates after the run are slips of the site and would hide real news.
        """
        found = self._rows(
            """SELECT max(l.date) FROM crawl_runs r JOIN listed l USING (run_id, source)
            WHERE source = ? AND state = 'done' AND stop_reason IN ('end', 'known')
              AND l.date <= r.started_at::DATE + 1
            GROUP BY run_id, started_at ORDER BY started_at DESC LIMIT 1""",
            [source],
        )
        return found[0][0] if found else None

    def loaded_keys(self, beginning: str = "") -> set[str]:
        """The keys of the batches ever loaded, of those whose name begins like this: a run's, a source's."""
        return {key for (key,) in self._rows("SELECT key FROM ledger WHERE starts_with(key, ?)", [beginning])}

    def n_reports(self, source: str) -> int:
        """How many reports of a source the archive holds."""
        sql = "SELECT count(*) FROM report_heads WHERE source = ? AND withdrawn_at IS NULL"
        return int(self._rows(sql, [source])[0][0])

    def recent_runs(self, source: str, before: str, limit: int = 30) -> list[CrawlRun]:
        """The runs of a source that were done before the run named `before`, newest first."""
        return alarms.recent_runs(self._con, source, before, limit)

    def settle_alarms(self, source: str, causes: Mapping[str, str], run_id: str) -> list[str]:
        """Bring a source's open alarms in line with these causes (name -> message); the names of the new ones."""
        with self._transaction():
            return alarms.settle(self._con, source, causes, run_id)

    def open_alarms(self, source: str) -> dict[str, str]:
        """The open alarms of a source: cause -> message."""
        return alarms.open_causes(self._con, source)

    def open_alarm(self, source: str, cause: str, message: str, run_id: str) -> None:
        """Add an alarm to those of a source that are open, where it is not among them."""
        self.settle_alarms(source, {cause: message, **self.open_alarms(source)}, run_id)

    def doubts(self, source: str, run_id: str) -> tuple[Doubts, Doubts]:
        """What contradicts itself in the reports of a run, and in those that the source had without it."""
        return doubts.of_run(self._con, run_id), doubts.before_run(self._con, source, run_id)

    def deduplicate(
        self, new_ids: Iterable[str] | None = None, compare: Compare = compare_here
    ) -> dedupe.DedupeSummary:
        """Relate these reports (None: all) to the whole archive and settle the families that they touch.

        Reports that a run had loaded when it was cut off are compared as well. `compare` is where texts are compared.
        """
        with self._transaction():
            return dedupe.deduplicate(self._con, None if new_ids is None else list(new_ids), compare)

    def outdated(self, rules_version: str) -> list[tuple[str, str]]:
        """(rules it was tagged with, report id) of every report that other rules than these have tagged."""
        return retag.outdated(self._con, rules_version)

    def reports_to_retag(self, ids: Iterable[str]) -> list[retag.Outdated]:
        """These reports with all that the rules read."""
        return retag.read(self._con, ids)

    def retag(
        self,
        rows: Iterable[tuple[retag.Outdated, Tagged]],
        rules_version: str,
        wanted: Collection[str] | None = None,
    ) -> int:
        """Replace what the wanted rules (None: all) said of these reports, as far as their text is still the one read.

        Returns the number of reports.
        """
        said = {found.report_id: (found.version_id, tagged) for found, tagged in rows}
        with self._transaction():
            texts = {name: version_id for name, (version_id, _) in said.items()}
            current = retag.still_current(self._con, texts, rules_version)
            tagged = {name: tagged for name, (_, tagged) in said.items() if name in current}
            retag.replace_rows(self._con, tagged, rules_version, wanted)
        return len(tagged)

    def execute(self, sql: str) -> None:
        """Run SQL of a user's own, in one transaction.

        Raises:
            QuestionError: the SQL is wrong; nothing was changed.
        """
        try:
            with self._transaction():
                self._con.execute(sql)
        except duckdb.Error as error:
            raise QuestionError(str(error)) from error

    def publish(self) -> Path:
        """Give readers what has been loaded so far. The path of the published copy.

        Raises:
            WarehouseError: the copy cannot be made or read; what was published before stays.
        """
        with self._transaction():
            merge_runs(self._con)
            set_fact(self._con, "published_at", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}")
        with self._clear_errors():
            self._con.execute("CHECKPOINT")
        self.close()
        try:
            return publish_copy(self.home)
        finally:
            self._con = self._connected()

    def is_copy_of_a_lake(self) -> bool:
        """Whether the work file only repeats what a lake holds."""
        return fact(self._con, "lake") is not None

    def close(self) -> None:
        """Close the work file; an open transaction is rolled back."""
        self._con.close()

    def _rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        return self._con.execute(sql, parameters or []).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing. A COMMIT after a failed statement reports success and stores nothing, so always roll back."""
        with self._clear_errors():
            self._con.execute("BEGIN")
            try:
                yield
            except BaseException:
                with suppress(
                    duckdb.Error
                ):  # the first error tells more than a rollback that failed after it
                    self._con.execute("ROLLBACK")
                raise
            self._con.execute("COMMIT")

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except BROKEN_FILE as error:
            raise WarehouseError(
                f"{self.home.work_file}: this step was not stored, what was stored before is: {error} "
                f"Is the disk full? If not, the file is damaged: {REPAIR}"
            ) from error
