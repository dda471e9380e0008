"""The lines of a crawl log: captures, rows and runs as JSON and back, and the figures counted from them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, TypeVar

from archive.models import Capture, CrawlRun, ListedRow

Entry = Capture | ListedRow | CrawlRun
T = TypeVar("T", bound=Entry)
_KINDS: dict[str, type[Entry]] = {"capture": Capture, "listed": ListedRow, "run": CrawlRun}
_READ: dict[str, Callable[[str], date]] = {
    **dict.fromkeys(("date", "list_date"), date.fromisoformat),
    **dict.fromkeys(("fetched_at", "seen_at", "started_at", "ended_at"), datetime.fromisoformat),
}
# Name and default of every field, looked up once: two lines a page are written.
_DEFAULTS = {kind: [(field.name, field.default) for field in fields(kind)] for kind in _KINDS.values()}
_encode = json.JSONEncoder(ensure_ascii=False).encode


def read_line(line: bytes) -> Entry | None:
    """The value of one line; None where it is torn or no line of ours."""
    try:
        ((kind, plain),) = json.loads(line).items()
        return from_plain(_KINDS[kind], plain)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def to_json(value: Entry) -> bytes:
    """A value as one line of JSON: dates in ISO 8601, fields at their default left out."""
    known = {}
    for name, default in _DEFAULTS[type(value)]:
        if (each := getattr(value, name)) != default:
            known[name] = each.isoformat() if isinstance(each, date) else each
    return _encode(known).encode("utf-8", "backslashreplace")


def from_plain(kind: type[T], plain: dict[str, Any]) -> T:
    """The value that `to_json` wrote.

    Raises:
        TypeError, ValueError: the fields are not those of the kind.
    """
    values = dict(plain)
    for name, read in _READ.items():
        if values.get(name) is not None:
            values[name] = read(values[name])
    return kind(**values)


class Tally:
    """The figures of a run, counted from what was written; the same whether counted live or from the log."""

    def __init__(self, run: CrawlRun) -> None:
        self._start = run
        self.counts: Counter[str] = Counter()

    @property
    def run(self) -> CrawlRun:
        """The run with its figures so far."""
        return replace(self._start, **self.counts)  # type: ignore[arg-type]

    def add_capture(self, capture: Capture) -> None:
        """Count one fetch."""
        self.counts[_counter_of(capture)] += 1
        self.counts["n_bytes"] += capture.n_bytes

    def add_row(self, row: ListedRow) -> None:
        """Count one row of a list page."""
        self.counts["rows_seen"] += 1
        if row.decision == "known" or (row.decision == "fetch" and row.reason == "due"):
            self.counts["rows_known"] += 1
        elif row.decision == "fetch":
            self.counts["rows_new"] += 1
        elif row.decision != "budget":
            self.counts["rows_filtered"] += 1


def _counter_of(capture: Capture) -> str:
    if capture.kind == "list" and capture.outcome in ("ok", "unchanged"):
        return "pages_listed"
    named = {"ok": "n_fetched", "unchanged": "n_unchanged", "gone": "n_gone", "blocked": "n_blocked"}
    return named.get(capture.outcome, "n_errors")
