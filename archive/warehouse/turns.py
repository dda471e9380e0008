"""Whose turn it is to write to the lake: writers on all machines wait in one line, kept by the catalog's PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import duckdb

from archive.warehouse.errors import LakeConflict, WarehouseError, WriterBusy
from archive.warehouse.home import Lake
from archive.warehouse.lake import clear_errors
from archive.warehouse.views import quoted

# The number of our advisory lock in the catalog's data base; any will do that nobody else there uses ("work").
LOCK = 0x776F726B
# A conflict means that a line was not kept: waits of 0.5 to 8 s outlast any short transaction of another writer.
FIRST_WAIT_SECONDS, TRIES = 0.5, 6

Self = TypeVar("Self")
Given = ParamSpec("Given")
Found = TypeVar("Found")


class Turns:
    """One writer's place in the line: a connection of its own beside the one that writes."""

    def __init__(self, con: duckdb.DuckDBPyConnection, lake: Lake, wait_seconds: float) -> None:
        self._con, self._lake, self._wait_seconds = con, lake, wait_seconds
        # PostgreSQL itself ends the wait, and gives the turn away when the connection of a killed writer breaks.
        patience = f"options='-c lock_timeout={round(wait_seconds * 1000)}'"
        with clear_errors(lake):
            con.execute(f"ATTACH {quoted(f'{lake.database} {patience}')} AS line (TYPE postgres, READ_ONLY)")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn and hold it.

        Raises:
            WriterBusy: other writers did not end in time.
        """
        self._con.execute("BEGIN")
        try:
            self._wait()
            yield
        finally:
            self._con.execute("ROLLBACK")  # ends the transaction in PostgreSQL, and so the turn

    def is_first(self) -> bool:
        """Whether nobody has made the lake yet; of two that attach it at once then, DuckLake fails one."""
        sql = "SELECT to_regclass(''ducklake_metadata'') IS NULL AS is_missing"
        with clear_errors(self._lake):
            return bool(self._con.execute(f"FROM postgres_query('line', '{sql}')").fetchall()[0][0])

    def _wait(self) -> None:
        try:
            self._con.execute(
                f"FROM postgres_query('line', 'SELECT 1 AS got FROM pg_advisory_xact_lock({LOCK})')"
            ).fetchall()
        except duckdb.Error as error:
            if "lock timeout" not in str(error):
                raise WarehouseError(f"{self._lake.catalog}: {error}") from error
            raise WriterBusy(
                f"{self._lake.catalog}: other writers had their turn for {self._wait_seconds:.0f} s. Try again later."
            ) from error

    def close(self) -> None:
        """Leave the line."""
        self._con.close()


def tried_again(
    step: Callable[Concatenate[Self, Given], Found],
) -> Callable[Concatenate[Self, Given], Found]:
    """A step that is one transaction, tried again with growing pauses where another writer came between."""

    @wraps(step)
    def patiently(self: Self, /, *given: Given.args, **named: Given.kwargs) -> Found:
        for n in range(TRIES - 1):
            try:
                return step(self, *given, **named)
            except LakeConflict:
                time.sleep(FIRST_WAIT_SECONDS * 2**n)
        return step(self, *given, **named)

    return patiently
