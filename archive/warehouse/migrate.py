"""Brings the work file to the schema of this release: numbered migrations once, views whenever they differ."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from archive.warehouse.errors import NewerArchive, WarehouseError
from archive.warehouse.folding import save_folding

SCHEMA = Path(__file__).parent.parent / "schema"
VIEWS = Path(__file__).parent.parent / "views"


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file of the schema."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """What the file holds, for noticing that it was edited after it had been applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations(folder: Path = SCHEMA) -> list[Migration]:
    """All migrations of this release in order."""
    return [
        Migration(int(p.name[:3]), p.stem, p.read_text("utf-8")) for p in sorted(folder.glob("[0-9]*.sql"))
    ]


def migrate(con: duckdb.DuckDBPyConnection, folder: Path = SCHEMA) -> None:
    """Apply what is missing, all of it or nothing.

    Raises:
        NewerArchive: the archive is ahead of this release.
        WarehouseError: a migration failed, or one that was applied has been edited since.
    """
    known = migrations(folder)
    con.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER, name VARCHAR, sha256 VARCHAR, applied_at TIMESTAMP)"
    )
    applied = dict(con.execute("SELECT number, sha256 FROM schema_migrations").fetchall())
    check_known(set(applied), known)
    for migration in known:
        if applied.get(migration.number, migration.sha256) != migration.sha256:
            raise WarehouseError(
                f"schema/{migration.name}.sql was edited after this archive had applied it. "
                "Put the file back and write the change as a new migration."
            )
    _apply(con, [m for m in known if m.number not in applied])


def check_known(applied: set[int], known: list[Migration]) -> None:
    """Refuse an archive that is ahead of this release."""
    newest = max((m.number for m in known), default=0)
    ahead = sorted(number for number in applied if number > newest)
    if ahead:
        raise NewerArchive(
            f"this archive has schema {ahead[-1]}, this release of workreports knows {newest}. "
            "Install the newer release to read or load it."
        )


def _apply(con: duckdb.DuckDBPyConnection, missing: list[Migration]) -> None:
    con.execute("BEGIN")
    try:
        for migration in missing:
            con.execute(migration.sql)
            con.execute(
                "INSERT INTO schema_migrations VALUES (?, ?, ?, now()::TIMESTAMPTZ AT TIME ZONE 'UTC')",
                [migration.number, migration.name, migration.sha256],
            )
        con.execute("COMMIT")
    except duckdb.Error as error:
        con.execute("ROLLBACK")
        raise WarehouseError(f"a migration failed, the archive is as it was: {error}") from error


def refresh_views(con: duckdb.DuckDBPyConnection, folder: Path = VIEWS) -> None:
    """Create all views, macros and comments again if any of their files differs from what the archive holds."""
    files = sorted(folder.glob("*.sql"))
    comments = SCHEMA / "comments.toml"
    digest = hashlib.sha256(b"\0".join(p.read_bytes() for p in [*files, comments])).hexdigest()
    if con.execute("SELECT value FROM archive_facts WHERE name = 'views'").fetchall() == [(digest,)]:
        return
    _drop_views(con)
    save_folding(con)
    _create_in_any_order({p.name: p.read_text("utf-8") for p in files}, con)
    _comment(con, tomllib.loads(comments.read_text("utf-8")))
    set_fact(con, "views", digest)


def set_fact(con: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Note one fact about the archive itself."""
    con.execute("DELETE FROM archive_facts WHERE name = ?", [name])
    con.execute("INSERT INTO archive_facts VALUES (?, ?)", [name, value])


def _drop_views(con: duckdb.DuckDBPyConnection) -> None:
    for (name,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
        con.execute(f'DROP VIEW "{name}"')
    macros = con.execute(
        "SELECT DISTINCT function_name, function_type FROM duckdb_functions() "
        "WHERE NOT internal AND function_type IN ('macro', 'table_macro')"
    ).fetchall()
    for name, kind in macros:
        con.execute(f'DROP MACRO {"TABLE " if kind == "table_macro" else ""}"{name}"')


def _create_in_any_order(sql: dict[str, str], con: duckdb.DuckDBPyConnection) -> None:
    """Views name each other: try all, and the failed ones again, until none is left or nothing moves."""
    waiting = dict(sql)
    while waiting:
        problems: dict[str, str] = {}
        for name, text in waiting.items():
            try:
                con.execute(text)
            except duckdb.Error as error:
                problems[name] = str(error)
        if len(problems) == len(waiting):
            raise WarehouseError("; ".join(f"views/{name}: {problem}" for name, problem in problems.items()))
        waiting = {name: waiting[name] for name in problems}


def _comment(con: duckdb.DuckDBPyConnection, words: dict[str, dict[str, str]]) -> None:
    """Comment all tables, views and their columns; `table.column` wins over `column`."""
    kinds = con.execute(
        "SELECT table_name, 'TABLE' FROM duckdb_tables() WHERE NOT internal "
        "UNION ALL SELECT view_name, 'VIEW' FROM duckdb_views() WHERE NOT internal"
    ).fetchall()
    for name, kind in kinds:
        if name in words["tables"]:
            con.execute(f"COMMENT ON {kind} {name} IS {quoted(words['tables'][name])}")
    columns = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
    ).fetchall()
    for table, column in columns:
        text = words["columns"].get(f"{table}.{column}", words["columns"].get(column))
        if text is not None:
            con.execute(f'COMMENT ON COLUMN {table}."{column}" IS {quoted(text)}')


def quoted(text: str) -> str:
    """The text as an SQL literal.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
