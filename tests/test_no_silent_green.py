"""One station after another is broken; each time the run must go red, fail, or give cause for an alarm."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from archive.models import Batch, Capture, CrawlRun, Loaded, Reading, Rejection, Report, Tagged
from archive.warehouse import WarehouseError, kin, open_writer
from crawlers import sample_sites
from flows import accounts, health, pipeline
from flows.alarms import causes
from flows.doubts import causes_of
from flows.settings import Settings, settings
from flows.transform import Outcome
from tests import archives, composed

URLS = [f"http://wjw.yunhe.gov.example/{n}.html" for n in range(8)]
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
RUN = CrawlRun("r9", "sample_yunhe_wjw", NOW, NOW, "done", "known", pages_listed=1, rows_seen=10, n_fetched=8)
PAST = [
    replace(RUN, run_id=f"r{n}", n_read=8, n_dated=8, n_with_publisher=8, n_chars=24_000) for n in range(3)
]


@pytest.fixture
def now(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WORKREPORTS_HOME", str(tmp_path))
    monkeypatch.setenv("WORKREPORTS_SOURCES", str(sample_sites.SOURCES))
    return settings()


def capture(url: str) -> Capture:
    return Capture("r9", RUN.source, url, "report", 200, "ok", NOW, digest=url)


def reading(url: str) -> Reading:
    text = "一、主要工作\n全县接种疫苗3万剂次。" * 100
    report = Report(
        url=url, title="2025年工作总结", text=text, published_on=date(2026, 1, 5), publisher="云河县"
    )
    from archive.tagging import tag_report

    return Reading(report, capture(url), tag_report(report), (1, 2), "e1", "t1")


def whole() -> Outcome:
    return [reading(url) for url in URLS], []


def nothing() -> Outcome:
    return [], []


def half() -> Outcome:
    return whole()[0][::2], []


def all_rejected() -> Outcome:
    return [], [(capture(url), Rejection(url, "empty")) for url in URLS]


def changed(**fields: Any) -> Outcome:
    return [replace(each, report=replace(each.report, **fields)) for each in whole()[0]], []


def untagged() -> Outcome:
    return [replace(each, tagged=Tagged()) for each in whole()[0]], []


def outcome_of(now: Settings, outcome: Outcome, run: CrawlRun = RUN, archived: int = 21) -> list[str]:
    """What a person is told of a run in which the reader gave this outcome; a long archive hides nothing."""
    source = now.source(RUN.source)
    total = pipeline.Tally()
    total.add(Loaded(n_rejected=len(outcome[1])), outcome[0])
    missing = accounts.missing_pages([capture(url) for url in URLS], outcome)
    run = pipeline.judge(run, source, archived)
    if fault := accounts.fault(len(missing), total.n_read, total.n_tagged):
        run = replace(run, state="red", message=fault)
    run = replace(
        run,
        n_read=total.n_read,
        n_rejected=total.n_rejected,
        n_dated=total.n_dated,
        n_with_publisher=total.n_with_publisher,
        n_chars=total.n_chars,
    )
    return [cause.name for cause in causes(source, run, PAST)]


BROKEN: dict[str, tuple[Callable[[], Outcome], str]] = {
    "the reader gives nothing": (nothing, "red"),
    "the reader gives half": (half, "red"),
    "the reader rejects everything": (all_rejected, "more rejected"),
    "dates vanish": (lambda: changed(published_on=None), "fewer reports with a date"),
    "publishers vanish": (lambda: changed(publisher=None), "fewer reports with a publisher"),
    "bodies shrink": (lambda: changed(text="一、"), "fewer characters a report"),
    "tags vanish": (untagged, "red"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_reader_is_told(now: Settings, broken: str) -> None:
    outcome, cause = BROKEN[broken]
    assert outcome_of(now, whole()) == []
    assert cause in outcome_of(now, outcome())


def test_a_list_that_is_read_by_half_or_not_at_all_is_told(now: Settings) -> None:
    assert "fewer rows a list page" in outcome_of(now, whole(), replace(RUN, rows_seen=5))
    empty = replace(RUN, rows_seen=0, end_reached=True, stop_reason="end")
    assert "red" in outcome_of(now, whole(), empty)


def test_an_archive_that_lost_its_reports_is_told(now: Settings) -> None:
    assert "red" in outcome_of(now, whole(), archived=3)


def told_of(now: Settings, readings: Iterable[Reading], run: str = "run1") -> list[str]:
    """What a person is told of the contradictions in what a run brought."""
    made = tuple(replace(each, capture=replace(each.capture, run_id=run)) for each in readings)
    source = now.source(RUN.source)
    with open_writer(now.layout()) as writer:
        loaded = writer.load(Batch(run, captures=tuple(each.capture for each in made), readings=made))
        writer.deduplicate([*loaded.new, *loaded.changed])
        return [cause.name for cause in causes_of(source, *writer.doubts("yunhe", run))]


def listed(days: int, first: int = 0) -> list[Reading]:
    """Six reports of a county's years, read `days` later than their list says."""
    return [
        real_reading(
            f"http://wjw.yunhe.gov.example/{first + n}.html",
            f"天门市{2010 + n}年政府工作报告",
            composed.report(first + n, year=2010 + n),
            published_on=date(2010 + n, 2, 1) + timedelta(days),
            list_date=date(2010 + n, 2, 1),
        )
        for n in range(6)
    ]


def real_reading(url: str, title: str, text: str, list_date: date, **report: Any) -> Reading:
    made = archives.real_reading(url, title, text, **report)
    return replace(made, capture=replace(made.capture, list_date=list_date))


@pytest.mark.parametrize("days", [2, -30, 366])
def test_dates_that_all_shift_are_told(now: Settings, days: int) -> None:
    assert told_of(now, listed(days=0)) == []
    assert told_of(now, listed(days=1, first=10), "run2") == []
    assert told_of(now, listed(days=days, first=20), "run3") == ["dates apart"]


def test_a_list_that_always_shows_other_dates_than_its_pages_is_no_alarm(now: Settings) -> None:
    assert told_of(now, listed(days=20)) == []
    assert told_of(now, listed(days=20, first=10), "run2") == []


def test_dates_in_the_future_are_told_in_the_first_run(now: Settings) -> None:
    assert told_of(now, listed(days=20 * 366)) == ["dates in the future"]


def test_copies_that_are_all_merged_are_told(now: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told_of(now, listed(days=0)) == []
    monkeypatch.setattr(kin, "clusters", lambda members, same, editions: [frozenset(members)])
    assert told_of(now, listed(days=0, first=10), "run2") == ["one family", "mixed families"]


def test_a_whole_archive_that_contradicts_itself_is_found_by_the_doctor(now: Settings) -> None:
    told_of(now, [each for n in range(10) for each in listed(days=0, first=10 * n)])
    with open_writer(now.layout()) as writer:
        writer.publish()
        assert [f for f in health.examine(now) if f.subject == "contents" and not f.is_fine] == []
        writer.execute("UPDATE families SET canonical_id = (SELECT min(report_id) FROM families)")
        writer.execute("UPDATE report_heads SET published_on = published_on + INTERVAL 20 YEARS")
        writer.publish()
    found = [f.message for f in health.examine(now) if f.subject == "contents"]
    assert [
        words in " ".join(found) for words in ("list page", "after they were", "one family", "years")
    ] == 4 * [True]


@pytest.fixture
def loaded(now: Settings) -> Iterator[tuple[Settings, CrawlRun]]:
    run = replace(RUN, n_reports=len(URLS))
    with open_writer(now.layout()) as writer:
        writer.publish()
        writer.save_run(run)
        readings = tuple(whole()[0])
        writer.load(Batch("b", tuple(each.capture for each in readings), readings=readings))
    yield now, run


def test_a_publish_that_forgets_is_told(loaded: tuple[Settings, CrawlRun]) -> None:
    now, run = loaded
    with pytest.raises(WarehouseError, match="readers see 0 reports"):
        accounts.confirm_published(now.layout(), run)
    with open_writer(now.layout()) as writer:
        writer.publish()
    accounts.confirm_published(now.layout(), run)
