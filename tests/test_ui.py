"""The Prefect UI in a real browser: a run by hand with a parameter, its outcomes, cancelling, deployments, events."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import landing
from archive.warehouse import Home, ask
from crawlers import sample_sites
from tests.test_serve import call, post, serving, wait_for

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]

QUICK, SLOW = "sample_biganzi", "sample_yunhe_wjw"
# Nothing but the pages themselves: a closed network refuses the browser's own errands.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An archive served by two processes, with one quick source and one that pauses three seconds between requests."""
    place = tmp_path_factory.mktemp("served")
    folder = place / "sources"
    folder.mkdir()
    for name, extra in ((QUICK, ""), (SLOW, "\ndelay = 3\n")):
        text = (sample_sites.SOURCES / f"{name}.toml").read_text("utf-8")
        kept = [line for line in text.splitlines() if not line.startswith("delay")]
        (folder / f"{name}.toml").write_text("\n".join(kept) + extra, "utf-8")
    with sample_sites.serve() as sites:
        settings = {
            "WORKREPORTS_SOURCES": str(folder),
            "WORKREPORTS_SHIPPED": "false",
            "http_proxy": sites.proxy,
            "https_proxy": sites.proxy,
        }
        with serving(place, "--server-only", **settings), serving(place, "--worker-only", **settings):
            log = place / ".workreports/prefect/worker.log"
            wait_for("the worker", lambda: log.exists() and "started!" in log.read_text(), 180)
            yield place


@pytest.fixture
def page(home: Path) -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        opened = browser.new_page(viewport={"width": 1280, "height": 1000})
        opened.set_default_timeout(60_000)
        yield opened
        browser.close()


def address(home: Path) -> str:
    return str(json.loads((home / ".workreports/prefect/server.json").read_text())["url"])


def newest_run(home: Path, source: str) -> dict[str, Any] | None:
    runs = post(home, "/flow_runs/filter", {"sort": "EXPECTED_START_TIME_DESC", "limit": 50})
    mine = [r for r in runs if r["parameters"].get("source") == source and not r["auto_scheduled"]]
    return mine[0] if mine else None


def start_by_hand(page: Any, home: Path, source: str) -> str:
    """Deployments, Run, Custom run, switch `full` on, Submit; the id of the run."""
    page.goto(f"{address(home)}/deployments?limit=50")
    page.get_by_role("link", name=source).first.click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Custom run").click()
    page.get_by_text("full (Optional)").wait_for()
    page.locator("input[type=checkbox]").first.evaluate("box => box.click()")
    submit = page.get_by_role("button", name="Submit")
    submit.click()
    page.wait_for_timeout(10_000)
    if submit.is_visible():  # a busy server said no
        submit.click()
    run = wait_for("a run in the server", lambda: newest_run(home, source), 60)
    assert run["parameters"]["full"] is True
    return str(run["id"])


def appears(page: Any, url: str, words: str) -> None:
    """The page says so, at once or when it is opened again: the server writes some things a moment later."""

    def shown() -> bool:
        page.goto(url)
        page.wait_for_timeout(5000)
        return bool(page.get_by_text(words).first.is_visible())

    wait_for(f"{words} at {url}", shown, 90)


def artifact(home: Path, key: str) -> str:
    """The id of the newest artifact of that name."""
    found = post(home, "/artifacts/latest/filter", {"artifacts": {"key": {"any_": [key]}}})
    return str(found[0]["latest_id"])


def state(home: Path, source: str) -> str:
    run = newest_run(home, source)
    return run["state"]["type"] if run else ""


def test_run_by_hand_and_read_its_outcomes(page: Any, home: Path) -> None:
    run_id = start_by_hand(page, home, QUICK)
    wait_for("the run's end", lambda: state(home, QUICK) == "COMPLETED", 120)
    page.goto(f"{address(home)}/runs/flow-run/{run_id}")
    page.get_by_text("Completed").first.wait_for()
    page.get_by_text("Artifacts", exact=True).last.click()
    page.get_by_text("outcomes-sample-biganzi").first.click()
    cells = page.get_by_role("cell")
    cells.first.wait_for()
    rows = [cell.inner_text().strip() for cell in cells.all()]
    assert ["report", "ok", "", "9"] in [rows[i : i + 4] for i in range(0, len(rows), 4)]

    page.goto(f"{address(home)}/artifacts/artifact/{artifact(home, 'summary-sample-biganzi')}")
    picture = page.get_by_role("img", name="the last 1 runs")
    picture.wait_for()
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 600
    with ask(Home(home)) as archive:
        row = archive.rows("SELECT run_id, flow_run_id, flow_run_url FROM crawl_runs").rows[0]
    assert page.get_by_text(row[0]).count() == 1, "the run names its row, and the row its run"
    assert row[1] == run_id
    page.goto(row[2])
    page.get_by_text("Completed").first.wait_for()
    appears(page, f"{address(home)}/artifacts/artifact/{artifact(home, 'sources')}", QUICK)


def test_cancel_by_clicking(page: Any, home: Path) -> None:
    run_id = start_by_hand(page, home, SLOW)
    wait_for("report pages", lambda: n_fetched(home, SLOW) >= 2, 120)
    page.goto(f"{address(home)}/runs/flow-run/{run_id}")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Confirm").click()
    cancelled = time.monotonic()
    wait_for("the crawl's end", lambda: is_closed(home, SLOW), 60)
    assert time.monotonic() - cancelled < 10
    wait_for("the state", lambda: state(home, SLOW) == "CANCELLED", 60)
    page.get_by_text("Cancelled").first.wait_for()
    assert 2 <= n_fetched(home, SLOW) < 21, "what was fetched is kept, and the crawl went no further"
    appears(page, f"{address(home)}/events", "Flow run cancelled")
    page.goto(f"{address(home)}/deployments?limit=50")
    for name in (QUICK, SLOW, "deduplicate", "tag", "reextract", "publish", "maintain"):
        page.get_by_role("link", name=name).first.wait_for()


def test_missed_schedules_are_caught_up_once(home: Path) -> None:
    """Ten runs that the schedule had made while no worker asked for any, and one that is taken when they have ended."""
    runs_of = call(home, "GET", f"/deployments/name/collect/{QUICK}")["id"]

    def missed(hour: int) -> str:
        due = {"type": "SCHEDULED", "state_details": {"scheduled_time": f"2026-01-01T{hour:02d}:00:00Z"}}
        return str(post(home, f"/deployments/{runs_of}/create_flow_run", {"state": due})["id"])

    def ended(made: list[str]) -> list[dict[str, Any]]:
        found = post(home, "/flow_runs/filter", {"flow_runs": {"id": {"any_": made}}})
        states = [run["state"] for run in found]
        return states if all(state["type"] in ("COMPLETED", "CANCELLED") for state in states) else []

    first = [missed(hour) for hour in range(10)]
    states = wait_for("their end", lambda: ended(first), 150)
    assert Counter(state["type"] for state in states) == {"COMPLETED": 1, "CANCELLED": 9}
    last = [missed(10)]
    (state,) = wait_for("its end", lambda: ended(last), 150)
    assert (state["type"], "has done its work" in state["message"]) == ("CANCELLED", True)


def deploy(home: Path) -> str:
    own = {
        "WORKREPORTS_HOME": str(home),
        "WORKREPORTS_SOURCES": str(home / "sources"),
        "WORKREPORTS_SHIPPED": "false",
    }
    command = [sys.executable, "-m", "flows.cli", "deploy"]
    return subprocess.run(
        command, env={**os.environ, **own}, capture_output=True, text=True, check=True
    ).stdout


def test_a_source_that_goes_is_paused_with_the_reason_until_it_returns(home: Path) -> None:
    def deployment() -> dict[str, Any]:
        found: dict[str, Any] = call(home, "GET", f"/deployments/name/collect/{SLOW}")
        return found

    file = home / "sources" / f"{SLOW}.toml"
    text = file.read_text("utf-8")
    n_before = call(home, "POST", "/deployments/count", {})
    file.unlink()
    assert f"{SLOW}: paused, since its file is gone" in deploy(home)
    assert deployment()["paused"]
    assert deployment()["description"].startswith("Paused: its file is gone")
    file.write_text(text, "utf-8")
    assert "paused" not in deploy(home)
    assert not deployment()["paused"]
    call(home, "POST", f"/deployments/{deployment()['id']}/pause_deployment", {})
    call(home, "PATCH", "/work_pools/workreports", {"is_paused": True})
    deploy(home)
    assert deployment()["paused"], "a person's pause is the person's"
    assert call(home, "GET", "/work_pools/workreports")["is_paused"]
    assert call(home, "POST", "/deployments/count", {}) == n_before


def folder_of(home: Path, source: str) -> Path | None:
    folders = [f for f in landing.run_folders(home / "landing") if f.parent.name == source]
    return folders[-1] if folders else None


def n_fetched(home: Path, source: str) -> int:
    folder = folder_of(home, source)
    return sum(c.kind == "report" for c in landing.captures(folder)) if folder else 0


def is_closed(home: Path, source: str) -> bool:
    folder = folder_of(home, source)
    return folder is not None and (folder / "stats.json").exists()
