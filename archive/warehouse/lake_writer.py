"""A writer of the lake: the same steps as the writer of a file, each transaction in its turn among all machines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import duckdb

from archive.warehouse import lake_care
from archive.warehouse.errors import WarehouseError
from archive.warehouse.home import MEMORY_LIMIT, Home, Lake
from archive.warehouse.lake import (
    CLOSED,
    NAME,
    TURN,
    attach,
    attached,
    check_folder,
    clear_errors,
    is_ready,
    load_extensions,
    make_tables,
)
from archive.warehouse.lake_copy import bring_up, check_is_copy
from archive.warehouse.lock import writer_lock
from archive.warehouse.turns import Turns, tried_again
from archive.warehouse.views import fact
from archive.warehouse.writer import Writer


class LakeWriter(Writer):
    """Many may be open at once. A transaction waits for its turn; reading and composing need none.

    DuckLake has no keys, and of two transactions that insert the same row both succeed. So each writes the row
    `turn`, too: of two that overlap, whatever happened to the line that they wait in, DuckLake refuses the second.
    """

    def __init__(self, home: Home, lake: Lake, wait_seconds: float) -> None:
        self._lake, self._wait_seconds = lake, wait_seconds
        super().__init__(home)

    def _connected(self) -> duckdb.DuckDBPyConnection:
        # In memory, and beyond the limit in a folder that no other process has.
        spill = self.home.private / f"spill-{os.getpid()}"
        con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)})
        try:
            load_extensions(con)
            self._turns = Turns(con.cursor(), self._lake, self._wait_seconds)
            with self._turns.turn() if self._turns.is_first() else nullcontext():
                attach(con, self._lake)
            with clear_errors(self._lake):
                con.execute(f"USE {NAME}")
                if not is_ready(con):
                    with self._turns.turn():
                        make_tables(con, self._lake)
                check_folder(con, self._lake)
                self._refuse_closed(fact(con, CLOSED))
        except BaseException:
            con.close()
            raise
        return con

    def _refuse_closed(self, moved_to: str | None) -> None:
        if moved_to is not None:
            raise WarehouseError(
                f"{self._lake.catalog}: this archive was moved to {moved_to}; set WORKREPORTS_ARCHIVE accordingly."
            )

    load = tried_again(Writer.load)
    unload = tried_again(Writer.unload)
    save_run = tried_again(Writer.save_run)
    settle_alarms = tried_again(Writer.settle_alarms)
    deduplicate = tried_again(Writer.deduplicate)
    forget = tried_again(Writer.forget)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other writer of the lake waiting for as long as the block runs."""
        with self._turns.turn():
            yield

    def publish(self) -> Path:
        """Bring this machine's copy up to the lake, and give readers a copy of that."""
        with self._own_copy() as copy:
            return copy.publish()

    def compact(self) -> None:
        """Write anew every file of the lake, without its history, and this machine's copy.

        Other machines make their copy anew when they next publish, since the snapshot that they hold is gone.
        """
        with self._clear_errors(), self.alone():
            lake_care.forget_history(self._con)
        with self._own_copy() as copy:
            copy.compact()

    def tidy(self) -> str:
        """Make few large files of many small ones, and remove what nobody reads any more; what was done, in words."""
        with self._clear_errors(), self.alone():
            return f"{lake_care.merge_files(self._con)} files of the lake that nobody reads any more are gone"

    def close(self) -> None:
        """Leave the lake; an open transaction is rolled back."""
        self._turns.close()
        self._con.close()

    @contextmanager
    def _own_copy(self) -> Iterator[Writer]:
        """This machine's work file, brought up to the lake, with the local writer's lock held."""
        with writer_lock(self.home.lock_file, self._wait_seconds):
            copy = Writer(self.home)
            try:
                check_is_copy(copy._con, self.home)
                with attached(copy._con, self._lake), self._clear_errors():
                    bring_up(copy._con)
                yield copy
            finally:
                copy.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._turns.turn(), super()._transaction():
            self._con.execute("UPDATE archive_facts SET value = value::BIGINT + 1 WHERE name = ?", [TURN])
            yield

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        with clear_errors(self._lake):
            yield
