"""The prompt of `sql`: history over sessions, completion of names, statements over several lines."""

from __future__ import annotations

import re
import readline
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from archive.warehouse import Archive, WarehouseError
from archive.warehouse.questions import listing

KEYWORDS = (
    *(
        "SELECT",
        "FROM",
        "WHERE",
        "GROUP BY",
        "ORDER BY",
        "LIMIT",
        "JOIN",
        "USING",
        "HAVING",
        "DISTINCT",
        "WITH",
    ),
    *("count(*)", "list_contains(", "DESC", "BETWEEN", "LIKE", ".tables", ".schema ", ".quit"),
)

# Lines kept of earlier sessions.
HISTORY_LINES = 2000


def converse(archive: Archive, history: Path, answer: Callable[[str], None]) -> None:
    """Read statements until .quit or Ctrl-D and answer each; a wrong one is explained and the prompt goes on."""
    _prepare(history, completions(archive))
    typer.echo("SQL ends with ; | .tables | .schema NAME | .quit")
    while (statement := _read_statement()) is not None:
        try:
            answer(statement)
        except (WarehouseError, typer.BadParameter) as error:
            typer.echo(str(error), err=True)
        except KeyboardInterrupt:  # a query that takes too long ends, not the session
            typer.echo("interrupted", err=True)
    readline.write_history_file(history)


def completions(archive: Archive) -> list[str]:
    """Everything worth completing: keywords, tables, views, macros, columns."""
    names = archive.names()
    macros = [row[0].partition("(")[0] + "(" for row in listing(archive).rows if row[1] == "macro"]
    return sorted({*KEYWORDS, *names, *macros, *(column for columns in names.values() for column in columns)})


def matching(word: str, words: Iterable[str]) -> list[str]:
    """The words that begin as this one does, whatever their case.

    >>> matching("rep", ["reports", "SELECT", "REPORT"])
    ['reports', 'REPORT']
    """
    return [candidate for candidate in words if candidate.lower().startswith(word.lower())]


def is_whole(statement: str) -> bool:
    """Whether a statement can be answered: it ends in ; or is a dot command.

    >>> is_whole("SELECT 1"), is_whole("SELECT 1; "), is_whole(".tables")
    (False, True, True)
    """
    return bool(re.search(r";\s*$", statement)) or statement.lstrip().startswith(".")


def _prepare(history: Path, words: list[str]) -> None:
    history.parent.mkdir(parents=True, exist_ok=True)
    if history.exists():
        readline.read_history_file(history)
    readline.set_history_length(HISTORY_LINES)
    readline.set_completer_delims(" \t\n,();=<>")
    readline.set_completer(lambda word, n: dict(enumerate(matching(word, words))).get(n))
    readline.parse_and_bind("tab: complete")


def _read_statement() -> str | None:
    """One statement, or None at the end."""
    lines: list[str] = []
    while not lines or not is_whole("\n".join(lines)):
        try:
            line = input("     > " if lines else "文 sql> ")
        except EOFError:
            typer.echo()
            return None
        except KeyboardInterrupt:
            typer.echo()
            lines = []
            continue
        if line.strip() in (".quit", ".exit"):
            return None
        if line.strip() or lines:
            lines.append(line)
    return "\n".join(lines)
