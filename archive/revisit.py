"""When a page that we hold is worth asking for again."""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.models import Outcome

# Official reports are corrected, if at all, within days of their publication and then stand for years:
# the first look back comes after a week, and each look that finds nothing new doubles the wait.
FIRST_DAYS = 7
LONGEST_DAYS = 180

# A refusal or a failed connection says nothing of the page: ask again with the next daily run.
AFTER_FAILURE_DAYS = 1


def next_interval(interval_days: int | None, *, is_changed: bool) -> int:
    """Days to wait after a look, given the wait before it (None: first look).

    >>> [next_interval(None, is_changed=True), next_interval(7, is_changed=False), next_interval(112, is_changed=False)]
    [7, 14, 180]
    >>> next_interval(112, is_changed=True)
    7
    """
    if interval_days is None or is_changed:
        return FIRST_DAYS
    return min(2 * interval_days, LONGEST_DAYS)


def wait_after(outcome: Outcome, interval_days: int | None, *, is_changed: bool) -> int:
    """Days to wait after a fetch with this outcome.

    >>> wait_after("blocked", 56, is_changed=False), wait_after("gone", 7, is_changed=False)
    (1, 180)
    """
    if outcome in ("ok", "unchanged"):
        return next_interval(interval_days, is_changed=is_changed)
    if outcome in ("blocked", "error"):
        return AFTER_FAILURE_DAYS
    return (
        LONGEST_DAYS  # gone, robots, refused, too_large: the site has answered, and seldom changes its mind
    )


def due_at(asked_at: datetime, days: int) -> datetime:
    """The moment from which a page is worth asking for again."""
    return asked_at + timedelta(days=days)
