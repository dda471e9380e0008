"""Views, macros and comments of the archive: made anew from their files whenever these differ."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import duckdb

from archive.warehouse.errors import WarehouseError
from archive.warehouse.folding import save_folding
from archive.warehouse.migrate import SCHEMA

VIEWS = Path(__file__).parent.parent / "views"
COMMENTS = SCHEMA / "comments.toml"


def refresh_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create all views, macros and comments again if any of their files differs from what the archive holds."""
    files = {path.stem: path.read_text("utf-8") for path in sorted(VIEWS.glob("*.sql"))}
    made_of = [*files.values(), COMMENTS.read_text("utf-8"), *_migrations(con)]
    digest = hashlib.sha256("\0".join(made_of).encode()).hexdigest()
    if fact(con, "views") == digest:
        return
    _drop_views(con)
    save_folding(con)
    _create_in_any_order(files, con)
    con.execute("BEGIN")  # five hundred comments in one write
    _comment_tables(con)
    _comment_views(con, {name: question(text) for name, text in files.items()})
    set_fact(con, "views", digest)
    con.execute("COMMIT")


def _migrations(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for (name,) in con.execute("SELECT name FROM schema_migrations ORDER BY name").fetchall()]


def fact(con: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """One fact about the archive itself."""
    found = con.execute("SELECT value FROM archive_facts WHERE name = ?", [name]).fetchall()
    return found[0][0] if found else None


def set_fact(con: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Note one fact about the archive itself."""
    con.execute("DELETE FROM archive_facts WHERE name = ?", [name])
    con.execute("INSERT INTO archive_facts VALUES (?, ?)", [name, value])


def question(sql: str) -> str:
    """The question that a view's file answers: its first line, English and Chinese.

    >>> question("-- How fresh is it? | 多新？\\nCREATE …")
    'How fresh is it? · 多新？'
    """
    return sql.partition("\n")[0].removeprefix("--").strip().replace(" | ", " · ")


def _drop_views(con: duckdb.DuckDBPyConnection) -> None:
    for (name,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
        con.execute(f'DROP VIEW "{name}"')
    for name, kind in _macros(con):
        con.execute(f'DROP {kind} "{name}"')


def _macros(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute(
        """SELECT DISTINCT function_name, CASE function_type WHEN 'macro' THEN 'MACRO' ELSE 'MACRO TABLE' END
        FROM duckdb_functions() WHERE NOT internal AND function_type IN ('macro', 'table_macro')"""
    ).fetchall()


def _create_in_any_order(files: dict[str, str], con: duckdb.DuckDBPyConnection) -> None:
    """Views name each other: try all, and the failed ones again, until none is left or nothing moves."""
    waiting = dict(files)
    while waiting:
        problems: dict[str, str] = {}
        for name, text in waiting.items():
            try:
                con.execute(text)
            except duckdb.Error as error:
                problems[name] = str(error)
        if len(problems) == len(waiting):
            raise WarehouseError("; ".join(f"views/{name}.sql: {said}" for name, said in problems.items()))
        waiting = {name: waiting[name] for name in problems}


def _comment_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Comment tables and all columns, those of views too; `table.column` wins over `column`."""
    words = tomllib.loads(COMMENTS.read_text("utf-8"))
    for (table,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall():
        if table in words["tables"]:
            con.execute(f"COMMENT ON TABLE {table} IS {quoted(words['tables'][table])}")
    columns = con.execute(
        "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    given = {(table, column): comment for table, column, comment in columns if comment}
    own = {column: comment for (_, column), comment in given.items()}  # of tables that comment themselves
    for table, column, _ in columns:
        text = words["columns"].get(f"{table}.{column}", words["columns"].get(column, own.get(column)))
        if text is not None and (table, column) not in given:
            con.execute(f'COMMENT ON COLUMN "{table}"."{column}" IS {quoted(text)}')


def _comment_views(con: duckdb.DuckDBPyConnection, questions: dict[str, str]) -> None:
    kinds = dict(_macros(con))
    for name, asked in questions.items():
        con.execute(f'COMMENT ON {kinds.get(name, "VIEW")} "{name}" IS {quoted(asked)}')


def quoted(text: str) -> str:
    """The text as an SQL literal.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
