"""Asking the archive: opens the published copy read-only and says clearly what is wrong with a question."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from archive.warehouse.errors import NewerArchive, QuestionError, WarehouseError
from archive.warehouse.home import Home
from archive.warehouse.migrate import check_known, migrations
from archive.warehouse.views import quoted

# What a message of DuckDB holds -> what to do.
NEXT_STEPS = {
    "file system operations are disabled": "Queries may not read or write other files. If you mean it, say --files.",
    "attached in read-only mode": "The published archive is only read. To change the archive itself, say --write.",
}

# Every DuckDB file says so in bytes 8 to 11.
MAGIC = b"DUCK"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: names and DuckDB types of the columns, and the rows."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """The rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Archive:
    """An open archive to ask. Use as a context manager, or call `close`."""

    def __init__(self, con: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._con = con
        self.path = path

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Answer:
        """Run a query (or several; the last one answers).

        Raises:
            QuestionError: the query is wrong, with the place and the nearest names.
            KeyboardInterrupt: Ctrl-C; the query has ended.
        """
        with self._clear_errors():
            return _answer(self._con.cursor(), sql, parameters)

    def one(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> dict[str, Any] | None:
        """The first row of a query by column name, or None."""
        found = self.rows(sql, parameters).dicts()
        return found[0] if found else None

    def write_files(self, sql: str, path: Path, options: str) -> None:
        """Write a query's answer where the archive was opened to write (see `ask`); `options` as in DuckDB's COPY."""
        with self._clear_errors():
            query = sql.rstrip().rstrip(";")
            self._con.cursor().execute(f"COPY ({query}) TO {quoted(str(path.resolve()))} ({options})")

    def names(self) -> dict[str, tuple[str, ...]]:
        """Tables and views with their columns."""
        found: dict[str, tuple[str, ...]] = {}
        sql = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index"
        for table, column in self.rows(sql).rows:
            found[table] = (*found.get(table, ()), column)
        return found

    def close(self) -> None:
        """Close the file."""
        self._con.close()

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except duckdb.Error as error:
            raise QuestionError(explain(str(error), self._all_names())) from error

    def _all_names(self) -> dict[str, list[str]]:
        sql = (
            "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE NOT internal GROUP BY 1 "
            "UNION ALL SELECT DISTINCT function_name, [] FROM duckdb_functions() WHERE NOT internal ORDER BY 1"
        )
        return dict(self._con.cursor().execute(sql).fetchall())


def _answer(
    cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | dict[str, Any]
) -> Answer:
    """Run a query in a thread of its own: the main one, inside DuckDB, would not always hear Ctrl-C."""
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(_fetched, cursor, sql, parameters)
        try:
            return answer.result()
        except KeyboardInterrupt:
            cursor.interrupt()
            raise


def _fetched(
    cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | dict[str, Any]
) -> Answer:
    result = cursor.execute(sql, parameters)
    if result is None:
        raise QuestionError("the query is empty")
    described = result.description or []
    return Answer(
        tuple(column[0] for column in described),
        tuple(str(column[1]) for column in described),
        result.fetchall(),
    )


def ask(
    place: Home | Path,
    *,
    allow_files: bool = False,
    output: Path | None = None,
    also_read: Path | None = None,
) -> Archive:
    """Open an archive for questions: its home, or a file.

    Queries can read and write no other file, unless `allow_files`; with `output` they may write to that file, or into
    that folder, and with `also_read` they may read the files of that folder.

    Raises:
        NewerArchive: the archive was written by a newer release.
        WarehouseError: there is no archive, or the file is not one.
    """
    path = place.warehouse if isinstance(place, Home) else place
    _check_file(path)
    try:
        # The resolved name, so that the catalog is called `warehouse` and a later publish goes unnoticed.
        con = duckdb.connect(str(path.resolve()), read_only=True)
    except duckdb.Error as error:
        raise WarehouseError(_cannot_open(path, str(error))) from error
    try:
        if not allow_files:
            _shut_off_files(con, [path for path in (output, also_read) if path])
        applied = con.execute("SELECT number FROM schema_migrations").fetchall()
        check_known({number for (number,) in applied}, migrations())
    except duckdb.Error as error:
        con.close()
        raise WarehouseError(f"{path}: a DuckDB file, but not an archive of workreports.") from error
    except NewerArchive as error:
        con.close()
        raise NewerArchive(f"{path}: {error}") from error
    return Archive(con, path.resolve())


def _shut_off_files(con: duckdb.DuckDBPyConnection, but: Sequence[Path]) -> None:
    # all connections of a process to one file share its settings: another one has shut them already
    if not but and con.execute("SELECT current_setting('lock_configuration')").fetchone() == (True,):
        return
    for kind, paths in (
        ("allowed_directories", [path for path in but if path.is_dir()]),
        ("allowed_paths", [path for path in but if not path.is_dir()]),
    ):
        con.execute(f"SET {kind} = [{', '.join(quoted(str(path.resolve())) for path in paths)}]")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")


def _check_file(path: Path) -> None:
    if not path.exists():
        raise WarehouseError(
            f"{path}: there is no archive yet. `workreports collect` makes one; WORKREPORTS_HOME names its folder."
        )
    if path.is_dir():
        raise WarehouseError(f"{path}: this is a folder. Name the file warehouse.duckdb in it.")
    with path.open("rb") as file:
        if file.read(12)[8:] != MAGIC:
            raise WarehouseError(
                f"{path}: this is not a DuckDB file. `workreports doctor` looks what is wrong with it."
            )


def _cannot_open(path: Path, message: str) -> str:
    if "lock" in message:
        holder = re.search(r"\(PID \d+\)", message)
        return f"{path}: another program {holder.group() if holder else ''} has it open for writing. Close it there."
    return f"{path}: cannot be opened: {message}"


def explain(message: str, names: Mapping[str, Sequence[str]]) -> str:
    """DuckDB's message, with what to do, and the nearest names of this archive where it names what does not exist.

    `names`: tables, views and macros with their columns.

    >>> print(explain('Catalog Error: Table with name report does not exist!', {"reports": (), "tags": ()}))
    Catalog Error: Table with name report does not exist!
    Nearest names here: reports. `workreports sql '.tables'` lists all.
    >>> print(explain('Binder Error: Referenced column "year" not found', {"reports": ("title",), "reports_wide": ("year",)}))
    Binder Error: Referenced column "year" not found
    year is a column of reports_wide.
    """
    message = message.removeprefix("Invalid Input Error: ")  # says what a macro of ours said
    for cue, advice in NEXT_STEPS.items():
        if cue in message:
            return f"{message}\n{advice}"
    column = re.search(r'column (?:named )?"([^"]+)"(?: not found|$)', message, re.M)
    if column and (holders := [table for table, columns in names.items() if column[1] in columns]):
        return f"{message}\n{column[1]} is a column of {', '.join(holders[:6])}."
    missing = column or re.search(r"[Nn]ame \"?([^\s\"]+)\"? does not exist", message)
    if missing is None or "Did you mean" in message or "Candidate" in message:
        return message
    known = {*names, *(column for columns in names.values() for column in columns)}
    near = difflib.get_close_matches(missing[1], sorted(known), n=3)
    if not near:
        return message
    return f"{message}\nNearest names here: {', '.join(near)}. `workreports sql '.tables'` lists all."
