"""Which state a source is in, as `workreports status` shows it and `serve` tells it."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from archive.models import CrawlRun
from archive.warehouse import open_writer
from flows import health
from flows.cli import app
from flows.settings import Settings, settings
from flows.status import deployed_at, remember_deployed, source_states
from tests.archives import batch, empty_home, reading

GOV = "http://www.yunhe.gov.example"
NOW = datetime.now(UTC)


def write_source(folder: Path, name: str) -> None:
    text = f'title = "{name}"\nkind = "government"\ncolumns = ["{GOV}/{name}/"]\nat_least = 1\n'
    (folder / f"{name}.toml").write_text(text + 'schedule = "0 3 * * *"\n', "utf-8")


def run(source: str, days_ago: float) -> CrawlRun:
    began = NOW - timedelta(days=days_ago)
    return CrawlRun(f"{source}-{began:%Y%m%dT%H%M%S000Z}", source, began, began, "done", "known")


@pytest.fixture
def now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Sources that are fine (yunhe), silent since four months (silent), late (late) and were never run (never)."""
    folder = tmp_path / "sources"
    folder.mkdir()
    for name in ("yunhe", "silent", "late", "never"):
        write_source(folder, name)
    monkeypatch.setenv("WORKREPORTS_HOME", str(tmp_path))
    monkeypatch.setenv("WORKREPORTS_SOURCES", str(folder))
    monkeypatch.setenv("WORKREPORTS_SHIPPED", "false")
    with open_writer(empty_home(tmp_path)) as writer:
        for source, days_ago in (("yunhe", 0.01), ("silent", 200), ("silent", 0.01), ("late", 3)):
            writer.save_run(run(source, days_ago))
        published = [(NOW - timedelta(days=days)).date() for days in (150, 130, 120)]
        writer.load(batch("b", *(of_day("silent", day) for day in published)))
        writer.load(batch("c", of_day("yunhe", NOW.date())))
        writer.publish()
    return settings()


def of_day(source: str, day: date):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    made = reading(f"{GOV}/{source}/{day}.html", published_on=day)
    return replace(made, capture=replace(made.capture, source=source))


def states(now: Settings) -> dict[str, str]:
    return {state.source: state.state for state in source_states(now)}


def test_silent_and_late_are_told_from_fine(now: Settings) -> None:
    assert states(now) == {"yunhe": "fine", "silent": "silent", "late": "late", "never": "never run"}
    assert "longest pause so far was 20 days" in next(
        s.advice for s in source_states(now) if s.source == "silent"
    )


def test_a_source_whose_first_run_never_came_is_late(now: Settings) -> None:
    remember_deployed(now, ["never", "yunhe"])
    assert states(now)["never"] == "never run"
    moment = NOW + timedelta(days=2)
    assert {s.source: s.state for s in source_states(now, moment)}["never"] == "late"
    first = deployed_at(now)["never"]
    remember_deployed(now, ["never"])
    assert deployed_at(now) == {"never": first}


def test_status_says_what_to_do_and_exits_3(now: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", shutil.disk_usage("/").total * 100)
    shown = CliRunner().invoke(app, ["status"])
    assert shown.exit_code == 3
    for words in ("nothing new since", "should have run at 0 3 * * *", "make room before the next run"):
        assert words in shown.stdout


def test_status_of_a_well_archive_exits_0(now: Settings) -> None:
    for name in ("silent", "late"):
        (now.sources / f"{name}.toml").unlink()  # type: ignore[operator]
    assert CliRunner().invoke(app, ["status"]).exit_code == 0


def test_a_chore_that_fails_needs_a_person_until_it_is_done(now: Settings) -> None:
    from prefect.client.schemas.objects import FlowRun
    from prefect.states import Completed, Failed

    from flows import chores
    from flows.maintain import maintain
    from flows.tag import tag

    run = FlowRun(flow_id=uuid4())
    for chore in (tag, maintain, maintain):
        chores.failed(chore, run, Failed(message="no space"))
    (whole,) = (state for state in source_states(now) if state.source == "(archive)")
    assert whole.needs_a_person
    assert whole.advice.count("no space") == 2
    assert "workreports doctor" in whole.advice
    chores.done(maintain, run, Completed())
    chores.done(tag, run, Completed())
    assert "(archive)" not in states(now)


def test_the_page_for_people_says_first_what_to_do_and_needs_nothing_else(
    now: Settings, tmp_path: Path
) -> None:
    written = tmp_path / "report.html"
    assert CliRunner().invoke(app, ["report", "--html", str(written)]).exit_code == 0
    page = written.read_text("utf-8")
    first = page[: page.index("<table>")]
    assert "2 need a person" in first
    assert "nothing new since" in first
    assert "should have run at 0 3 * * *" in first
    assert page.count("<svg") >= 3, "a picture of the runs of each source"
    for outside in ("<script", "<link", "src=", "@import", "url("):
        assert outside not in page


def test_compacting_keeps_every_report(now: Settings) -> None:
    with open_writer(now.layout()) as writer:
        writer.load(batch("w", *(of_day("yunhe", NOW.date() - timedelta(days=i + 1)) for i in range(20))))
        writer.compact()
        assert 0 <= writer.wasted_share() < 0.25
        assert writer.n_reports("yunhe") == 21
