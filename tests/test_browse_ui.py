"""The browsing site in a real browser: evidence on click, keyboard, phone width, and nothing asked of other hosts."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from archive.models import report_id
from archive.warehouse import open_writer
from flows.browse.app import site
from tests.archives import COPY, HEALTH, HEALTH_2021, batch, real_reading, small_archive

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]

HEALTH_ID, COPY_ID = report_id(HEALTH_2021), report_id(COPY)
# A character beyond the Basic Multilingual Plane counts once in a span and twice in JavaScript.
RARE = "http://www.yunhe.gov.example/rare.html"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = small_archive(tmp_path_factory.mktemp("browse"))
    with open_writer(home) as writer:
        writer.load(batch("rare", real_reading(RARE, "云河县2020年工作总结", "𬭎𬭎同志汇报：" + HEALTH)))
        writer.publish()
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(site(home), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture
def asked() -> list[str]:
    """Every address that the page asked for, and every complaint of the browser."""
    return []


def heard(asked: list[str], said: str) -> None:
    # a key that came before the page was whole has chosen another place: that is what it is for
    if not said.startswith("Autofocus processing was blocked"):
        asked.append(f"console: {said}")


@pytest.fixture
def open_page(browser: Any, address: str, asked: list[str]) -> Iterator[Any]:
    contexts = []

    def opened(path: str, size: dict[str, int] = DESK, **options: Any) -> Any:
        contexts.append(browser.new_context(viewport=size, **options))
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: heard(asked, said.text))
        page.on("pageerror", lambda error: asked.append(f"error: {error}"))
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((address + "/", "data:,"))] == []


def figure_link(page: Any, name: str) -> Any:
    return page.get_by_role("listitem").filter(has_text=name).get_by_role("link", name="依据").first


@pytest.mark.parametrize("with_script", [True, False])
def test_evidence_is_marked_in_the_text_on_click(open_page: Any, asked: list[str], with_script: bool) -> None:
    page = open_page(f"/report/{report_id(RARE)}", java_script_enabled=with_script)
    for name, words in (("每千人口床位数", "4.5"), ("接种疫苗", "3.2万")):
        figure_link(page, name).click()
        page.locator("#mark", has_text=words).wait_for()
        assert page.locator("mark").count() == 1
        assert page.locator("#mark").inner_text().startswith(words)
        assert page.locator("#text").inner_text().startswith("𬭎𬭎同志汇报：")
        place = page.locator("#mark").bounding_box()
        assert 0 < place["y"] < DESK["height"], "the marked words are on the screen"
        assert "from=" in page.url, "the address can be passed on"
    pages = [url for url in asked if "/report/" in url]
    assert len(pages) == (1 if with_script else 3), (
        "the script keeps the page, and the reader's place in the lists"
    )


def test_everything_can_be_done_from_the_keyboard(open_page: Any) -> None:
    page = open_page("/")
    page.keyboard.type("合作醫療")
    page.keyboard.press("Enter")
    page.get_by_text("份报告 reports found").wait_for()
    focused = "document.activeElement.getAttribute('href')"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    for _ in range(20):
        if "/report/" in str(page.evaluate(focused)):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#text").wait_for()
    page.wait_for_load_state("load")
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "#main", "first comes the link past the heading"
    figure_link(page, "每千人口床位数").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id == 'mark'")  # reading goes on at the evidence


def test_filters_are_lists_to_choose_from(open_page: Any) -> None:
    page = open_page("/?q=参合率")
    choices = page.get_by_label("类型 type").get_by_role("option").all_inner_texts()
    assert any(re.fullmatch(r"计划 plan \(\d+\)", choice) for choice in choices)
    page.get_by_label("类型 type").select_option("plan")
    page.get_by_label("年份 year").select_option("2021")
    page.get_by_role("button", name="检索").click()
    page.wait_for_url("**type=plan**")
    shown = page.locator(".results").inner_text()
    assert "2021年工作计划" in shown and "2025年" not in shown
    assert page.get_by_label("类型 type").input_value() == "plan"


@pytest.mark.parametrize(
    "path",
    ["/", "/?q=合作医疗", f"/report/{COPY_ID}", f"/compare/{HEALTH_ID}/{COPY_ID}", "/sources"],
)
def test_a_phone_shows_every_page_without_sideways_scrolling(open_page: Any, path: str) -> None:
    page = open_page(path, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_on_a_phone_the_text_comes_before_the_lists(open_page: Any) -> None:
    page = open_page(f"/report/{COPY_ID}", PHONE)
    text, lists = page.locator("article").bounding_box(), page.locator("aside").bounding_box()
    assert text["y"] + text["height"] <= lists["y"]
    page.get_by_role("link", name="指标 Figures").click()
    assert page.locator("#figures").bounding_box()["y"] < PHONE["height"], "the link leads there"


def test_a_copy_says_so_and_leads_to_its_original_side_by_side(open_page: Any) -> None:
    page = open_page(f"/report/{COPY_ID}")
    page.get_by_role("link", name="逐字对照").click()
    left, right = (article.bounding_box() for article in page.get_by_role("article").all())
    assert left["y"] == right["y"] and left["x"] + left["width"] <= right["x"]
    shown = (
        page.locator("mark.masked")
        .filter(has_text="xx")
        .first.evaluate("m => getComputedStyle(m).backgroundColor")
    )
    assert shown not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
