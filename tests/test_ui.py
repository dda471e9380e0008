"""The Prefect UI in a real browser: run a deployment by hand with a parameter, read its outcomes, see a run cancelled."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import landing
from crawlers import sample_sites
from tests.test_serve import post, serving, wait_for

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


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An archive that is served, with one quick source and one that pauses three seconds between requests."""
    folder = tmp_path / "sources"
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
        with serving(tmp_path, **settings):
            log = tmp_path / ".workreports/prefect/worker.log"
            wait_for("the worker", lambda: log.exists() and "started!" in log.read_text(), 180)
            yield tmp_path


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
    page.get_by_role("button", name="Submit").click()
    run = wait_for("a run in the server", lambda: newest_run(home, source), 60)
    assert run["parameters"]["full"] is True
    return str(run["id"])


def state(home: Path, source: str) -> str:
    run = newest_run(home, source)
    return run["state"]["type"] if run else ""


def test_run_read_and_see_cancelled(page: Any, home: Path) -> None:
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

    run_id = start_by_hand(page, home, SLOW)
    wait_for("report pages", lambda: n_fetched(home, SLOW) >= 2, 120)
    page.goto(f"{address(home)}/runs/flow-run/{run_id}")
    page.get_by_text("Running").first.wait_for()
    # What the page's Cancel sends.
    post(home, f"/flow_runs/{run_id}/set_state", {"state": {"type": "CANCELLING", "name": "Cancelling"}})
    cancelled = time.monotonic()
    wait_for("the crawl's end", lambda: is_closed(home, SLOW), 60)
    assert time.monotonic() - cancelled < 30
    wait_for("the state", lambda: state(home, SLOW) == "CANCELLED", 60)
    page.get_by_text("Cancelled").first.wait_for()
    assert 2 <= n_fetched(home, SLOW) < 21, "what was fetched is kept, and the crawl went no further"


def folder_of(home: Path, source: str) -> Path | None:
    folders = [f for f in landing.run_folders(home / "landing") if f.parent.name == source]
    return folders[-1] if folders else None


def n_fetched(home: Path, source: str) -> int:
    folder = folder_of(home, source)
    return sum(c.kind == "report" for c in landing.captures(folder)) if folder else 0


def is_closed(home: Path, source: str) -> bool:
    folder = folder_of(home, source)
    return folder is not None and (folder / "stats.json").exists()
