"""Which runs give cause for alarm, and which do not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive.models import CrawlRun
from crawlers.source import Source
from flows.alarms import causes

SOURCE = Source(
    name="yunhe_slj",
    title="云河县水利局",
    kind="government",
    columns=("http://slj.yunhe.gov.example/gzzj/",),
    at_least=3,
)
GOOD = CrawlRun(
    run_id="r",
    source="yunhe_slj",
    started_at=datetime(2026, 1, 1, tzinfo=UTC),
    state="done",
    stop_reason="known",
    family="trs",
    pages_listed=2,
    rows_seen=40,
    n_fetched=10,
    n_read=10,
    n_dated=10,
    n_with_publisher=9,
    n_chars=30_000,
)
PAST = [GOOD] * 5


def names(run: CrawlRun, before: list[CrawlRun]) -> list[str]:
    return [cause.name for cause in causes(SOURCE, run, before)]


def test_a_good_run_gives_none() -> None:
    assert names(GOOD, PAST) == []
    assert names(replace(GOOD, n_fetched=0, n_read=0, n_dated=0, n_chars=0), PAST) == []


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"stop_reason": "blocked", "state": "red", "n_blocked": 3}, "blocked"),
        (
            {"stop_reason": "alarm: list page 1: HTTP 412", "state": "red", "n_blocked": 1, "n_fetched": 0},
            "blocked",
        ),
        ({"state": "red", "message": "lists 0 reports"}, "red"),
        ({"state": "crashed"}, "crashed"),
        ({"family": "general"}, "family changed"),
        ({"rows_seen": 20}, "fewer rows a list page"),
        ({"n_dated": 2}, "fewer reports with a date"),
        ({"n_with_publisher": 1}, "fewer reports with a publisher"),
        ({"n_chars": 900}, "fewer characters a report"),
        ({"n_rejected": 8}, "more rejected"),
        ({"n_blocked": 6}, "more blocked"),
    ],
)
def test_each_fault_is_named_once(change: dict[str, object], cause: str) -> None:
    run = replace(GOOD, **change)  # type: ignore[arg-type]
    assert names(run, PAST) == [cause]
    assert SOURCE.title in causes(SOURCE, run, PAST)[0].message or cause == "red"


def test_a_rebuilt_site_is_one_cause_that_names_all_it_shows() -> None:
    rebuilt = replace(GOOD, state="red", message="lists 0 reports", family="general", rows_seen=0, n_dated=0)
    (cause,) = causes(SOURCE, rebuilt, PAST)
    assert cause.name == "family changed"
    for words in (
        "lists 0 reports",
        "before trs",
        "0.0 rows a list page, usually 20.0",
        "reports with a date",
    ):
        assert words in cause.message


def test_an_emptied_column_is_red() -> None:
    emptied = replace(GOOD, state="red", message="lists 0 reports", rows_seen=0, n_fetched=0, n_read=0)
    assert names(emptied, PAST) == ["red"]


def test_a_refusal_is_not_compared_with_other_runs() -> None:
    refused = replace(GOOD, state="red", stop_reason="blocked", n_blocked=3, rows_seen=0, family="general")
    assert names(refused, PAST) == ["blocked"]


def test_a_source_without_a_past_is_judged_by_its_run_alone() -> None:
    assert names(replace(GOOD, family="general", n_dated=0), PAST[:2]) == []
