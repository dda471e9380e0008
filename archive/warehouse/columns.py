"""Columns of numpy into DuckDB and back: the fast way in for rows that are numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

Columns = Mapping[str, NDArray[Any]]


def objects(values: Iterable[Any]) -> NDArray[Any]:
    """A column of words, bytes or lists."""
    listed = list(values)
    if not listed:
        return np.empty(0, dtype=str)  # DuckDB 1.5 takes a column without a word in it for one of integers
    column = np.empty(len(listed), dtype=object)
    column[:] = listed
    return column


def append(con: duckdb.DuckDBPyConnection, table: str, columns: Columns) -> None:
    """Append columns to a table by name."""
    con.register("incoming_columns", dict(columns))
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming_columns")
    con.unregister("incoming_columns")


def temp_table(con: duckdb.DuckDBPyConnection, name: str, columns: Columns) -> None:
    """A temporary table of these columns, in place of an earlier one of its name."""
    con.register("incoming_columns", dict(columns))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM incoming_columns")
    con.unregister("incoming_columns")
