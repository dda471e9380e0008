"""The one writer: opens the private work file, loads batches into it, publishes copies of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from archive.models import Batch, CrawlRun, Forgotten, KnownPage, Loaded, Report, Tagged
from archive.warehouse import alarms, dedupe, forget
from archive.warehouse.bulk import ids_table, insert
from archive.warehouse.errors import QuestionError, WarehouseError
from archive.warehouse.home import Home
from archive.warehouse.load import DERIVED, delete_reports, insert_derived, load_batch, save_facets
from archive.warehouse.migrate import migrate
from archive.warehouse.pages import known_pages
from archive.warehouse.publish import publish_copy
from archive.warehouse.rows import columns, derived_rows, report_of
from archive.warehouse.runs import merge_runs
from archive.warehouse.views import fact, refresh_views, set_fact
from archive.warehouse.whole import REPAIR

# Read by every DuckDB from 1.5 on; the default of 2.0 could be read by 2.0 only.
STORAGE_VERSION = "v1.5.0"

# What DuckDB raises where the disk fails it: full, or with blocks that are not as they were written.
BROKEN_FILE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.TransactionException,
)

# Reports a batch of `reports_to_retag`: some 10 MB of text.
RETAG_BATCH = 500


class Writer:
    """Holds the work file open; only `open_writer` makes one."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._con = self._open()

    def _open(self) -> duckdb.DuckDBPyConnection:
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

    def compact(self) -> None:
        """Write the work file anew: what was deleted is then no longer in its bytes."""
        self.close()
        try:
            with self._clear_errors():
                forget.write_anew(self.home.work_file, STORAGE_VERSION)
        finally:
            self._con = self._open()

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

    def loaded_keys(self) -> set[str]:
        """The keys of all batches ever loaded."""
        return {key for (key,) in self._rows("SELECT key FROM ledger")}

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

    def deduplicate(self, new_ids: Iterable[str] | None = None) -> dedupe.DedupeSummary:
        """Relate these reports (None: all) to the whole archive and settle the families that they touch.

        Reports that a run had loaded when it was cut off are compared as well.
        """
        with self._transaction():
            return dedupe.deduplicate(self._con, None if new_ids is None else list(new_ids))

    def reports_to_retag(self, rules_version: str) -> Iterator[list[tuple[str, Report]]]:
        """Batches of (report id, report) whose tags were made by other rules than these."""
        todo = self._rows(
            "SELECT report_id FROM reports WHERE rules_version <> ? ORDER BY version_id", [rules_version]
        )
        for start in range(0, len(todo), RETAG_BATCH):
            ids_table(self._con, "retag_reports", (name for (name,) in todo[start : start + RETAG_BATCH]))
            found = self._con.execute(
                "SELECT * FROM reports WHERE report_id IN (SELECT id FROM retag_reports)"
            )
            names = [column[0] for column in found.description]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
            yield [(row["report_id"], report_of(row)) for row in rows]

    def retag(self, rows: Iterable[tuple[str, Tagged]], rules_version: str) -> int:
        """Replace all that older rules said of these reports. The number of reports.

        A report that another writer has loaded since, with these rules, stays as it was loaded.
        """
        given = dict(rows)
        with self._transaction():
            ids_table(self._con, "retag_reports", given)
            still = self._rows(
                "SELECT report_id FROM report_heads WHERE rules_version <> ? AND report_id IN (SELECT id FROM retag_reports)",
                [rules_version],
            )
            tagged = {name: given[name] for (name,) in still}
            delete_reports(self._con, DERIVED, tagged)
            insert_derived(
                self._con, (derived_rows(name, said, rules_version) for name, said in tagged.items())
            )
            save_facets(self._con, tagged, rules_version)
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
            self._con = self._open()

    def merge_files(self) -> int:
        """Nothing to do: DuckDB keeps the work file in one piece by itself."""
        return 0

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


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a work file, made or brought to this release's schema where needed; the caller holds the writer's lock.

    Raises:
        NewerArchive: the archive was written by a newer release.
        WarehouseError: the file cannot be opened or brought to this release's schema.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # What a killed loader had spilled to disk; nobody else writes here while we hold the lock.
    shutil.rmtree(path.with_name(f"{path.name}.tmp"), ignore_errors=True)
    try:
        con = duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE_VERSION})
    except duckdb.Error as error:
        raise WarehouseError(f"{path}: the work file cannot be opened: {error} {REPAIR}") from error
    try:
        migrate(con)
        refresh_views(con)
    except duckdb.Error as error:
        con.close()
        raise WarehouseError(f"{path}: the work file cannot be read: {error} {REPAIR}") from error
    except BaseException:
        con.close()
        raise
    return con
