"""Brings the work file to the schema of this release: numbered migrations, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from archive.warehouse.errors import NewerArchive, WarehouseError

SCHEMA = Path(__file__).parent.parent / "schema"


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


def migrations() -> list[Migration]:
    """All migrations of this release in order."""
    return [
        Migration(int(p.name[:3]), p.stem, p.read_text("utf-8")) for p in sorted(SCHEMA.glob("[0-9]*.sql"))
    ]


def migrate(
    con: duckdb.DuckDBPyConnection, keep_copy: Callable[[int], None], known: list[Migration] | None = None
) -> None:
    """Apply what is missing of these migrations (None: those of this release), all of it or nothing.

    `keep_copy(schema)` is called before an earlier release's archive is changed.

    Raises:
        NewerArchive: the archive is ahead of this release.
        WarehouseError: a migration failed, or one that was applied has been edited since.
    """
    known = migrations() if known is None else known
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
    missing = [m for m in known if m.number not in applied]
    if missing and applied:
        keep_copy(max(applied))
    _apply(con, missing)


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
