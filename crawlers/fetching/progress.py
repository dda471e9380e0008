"""What a crawl tells its parent while it runs: lines of JSON on standard output."""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from contextlib import suppress
from typing import Any, TextIO

# A person reads no faster, and every line costs the parent a call.
SECONDS_BETWEEN = 0.5
# A broken site must not fill the parent's log; all of it stands in stderr.log.
MOST_LOG_LINES = 200


class Progress:
    """Writes progress lines, at most two a second."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._next_at = 0.0

    def show(self, counts: Counter[str], url: str, is_last: bool = False) -> None:
        """Tell the figures so far and the page that was just fetched."""
        now = time.monotonic()
        if now < self._next_at and not is_last:
            return
        self._next_at = now + SECONDS_BETWEEN
        tell(
            self._stream,
            event="progress",
            pages_listed=counts["pages_listed"],
            fetched=counts["n_fetched"] + counts["n_unchanged"],
            new=counts["n_fetched"],
            errors=counts["n_errors"] + counts["n_blocked"],
            url=url,
        )


class LogLines(logging.Handler):
    """Sends log records to the parent."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._left = MOST_LOG_LINES

    def emit(self, record: logging.LogRecord) -> None:
        """One record, one line."""
        if self._left > 0:
            self._left -= 1
            tell(self._stream, event="log", level=record.levelname, message=record.getMessage()[:1000])


def tell(stream: TextIO, **event: Any) -> None:
    """Write one line; a parent that has gone away is no reason to fail."""
    with suppress(OSError, ValueError):
        stream.write(json.dumps(event, ensure_ascii=False) + "\n")
        stream.flush()
