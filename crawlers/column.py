"""Column: one list of one run, how far it was read, and why reading ended. No network, no framework."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from archive.models import ListPage, ListRequest
from crawlers.fetching.rows import Decision


@dataclass
class Column:
    """`stop_reason` says why reading ended: end, known, since, unproven: …, budget: … or alarm: …; "" while it goes on."""

    url: str
    waiting: deque[ListRequest]
    family: str = ""
    stop_reason: str = ""
    _doubt: str = ""  # what the last page said where nothing leads on from it
    _passed_over: str = ""  # since, or budget …: why rows were not asked for
    _seen: set[str] = field(default_factory=set)
    _asked: set[tuple[str, bytes | None]] = field(default_factory=set)

    def judge(self, page: ListPage, request: ListRequest) -> ListPage:
        """The page, or the alarm that a later page is whose every link was listed: one page served for all numbers."""
        urls = {row.url for row in page.rows}
        if request.page_no > 1 and page.verdict == "ok" and urls and urls <= self._seen:
            page = replace(page, verdict="repeated", detail="every link stood on an earlier page")
        self.family = self.family or page.family
        if page.verdict not in ("ok", "end"):
            self.stop_reason = f"alarm: list page {request.page_no} is {page.verdict}: {page.detail}"
        return page

    def take(self, page: ListPage, decisions: Iterable[Decision]) -> None:
        """Remember the page's rows, what became of them, and the requests that it leads to."""
        self._seen.update(row.url for row in page.rows)
        for decision in decisions:
            if decision.verdict == "before_since":
                self._passed_over = "since"
            elif decision.verdict == "budget":
                self._passed_over = f"budget: {decision.reason}"
        self._doubt = page.detail
        for following in page.next:
            key = (following.url, following.body)
            if key not in self._asked:
                self._asked.add(key)
                self.waiting.append(following)

    def close(self) -> None:
        """Settle why reading ended, once nothing more is to be read.

        Nothing that leads on is no proof of the end: a pager may be a script, and a feed shows the newest only.
        """
        self.stop_reason = self.stop_reason or f"unproven: {self._doubt or 'nothing leads on'}"
        if self._passed_over and self.stop_reason in ("end", "known"):
            # From a list that passes for whole, the next run would not read on to the rows passed over.
            self.stop_reason = self._passed_over


def stop_reason_of(columns: Iterable[Column]) -> str:
    """Why a run's columns ended, in one line; alarms hide the rest.

    Where some ended and others reached rows that were known, all were read as far as was needed: "known".
    """
    reasons = list(dict.fromkeys(column.stop_reason for column in columns if column.stop_reason))
    alarms = [reason for reason in reasons if reason.startswith("alarm")]
    return "known" if {*reasons} == {"end", "known"} else "; ".join(alarms or reasons)
