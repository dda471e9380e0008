"""The browsing site: every page answers, nothing of a strange text becomes code, nobody else is served."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from archive.models import report_id
from archive.warehouse import Home, open_writer
from flows.browse.app import site
from flows.commands.browse import browse
from flows.settings import SettingsError
from tests.archives import COPY, HEALTH_2021, batch, reading, small_archive

HEALTH_ID, COPY_ID = report_id(HEALTH_2021), report_id(COPY)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return small_archive(tmp_path_factory.mktemp("browse"))


@pytest.fixture(scope="module")
def client(home: Home) -> TestClient:
    return TestClient(site(home), base_url="http://127.0.0.1")


def test_search_shows_hits_marked_and_keeps_the_filters(client: TestClient) -> None:
    page = client.get("/", params={"q": "合作醫療", "year": "2021", "type": "plan"}).text
    assert "<mark>合作医疗</mark>" in page and "卫生健康委2021年工作计划" in page
    assert 'value="2021"' in page and 'value="合作醫療"' in page
    assert "Nothing found" in client.get("/", params={"q": "龘龘靐靐"}).text
    assert "以下最为接近" in client.get("/", params={"q": "天门市卫健委2021总结"}).text


def test_a_word_of_one_character_is_answered_with_what_to_do(client: TestClient) -> None:
    answer = client.get("/", params={"q": "茶"})
    assert answer.status_code == 200
    assert '<h1 class="count">检索词至少两个字' in answer.text and "Nothing found" not in answer.text


def test_without_words_the_newest_reports_are_shown(client: TestClient) -> None:
    titles = re.findall(r'<a href="/report/\w+">(.*?)</a>', client.get("/").text)
    assert titles[0] == "县卫健局2025年工作总结及2026年工作打算" and len(titles) == 10
    assert client.get("/", params={"year": "x", "source": "wenku"}).text.count("/report/") == 2


def test_a_report_shows_outline_evidence_and_copies(client: TestClient) -> None:
    page = client.get(f"/report/{HEALTH_ID}").text
    assert "疾病预防控制得到加强" in page and f"/compare/{HEALTH_ID}/{COPY_ID}" in page
    link = re.search(r'每千人口床位数 <b>4.5</b>.*?href="\?(from=\d+&amp;to=\d+)#mark"', page, re.S)
    assert link is not None
    marked = client.get(f"/report/{HEALTH_ID}?" + link[1].replace("&amp;", "&")).text
    assert '<mark id="mark" tabindex="-1">4.5' in marked


def test_copies_side_by_side(client: TestClient) -> None:
    page = client.get(f"/compare/{HEALTH_ID}/{COPY_ID}").text
    assert page.count("<article>") == 2
    assert '<mark class="masked">98' in page and '<mark class="masked">xx' in page


def test_sources(client: TestClient) -> None:
    page = client.get("/sources").text
    assert "云河县" in page and "8 / 5" in page


def test_unknown_reports_and_pages_are_not_found(client: TestClient) -> None:
    assert client.get("/report/zzzz").status_code == 404
    assert client.get("/nothing").status_code == 404


def test_only_this_machine_is_answered_and_no_foreign_code_runs(client: TestClient) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert client.post("/").status_code == 405
    outside = re.findall(r'(?:src|href)="(https?://[^"]*)"', client.get("/").text)
    assert outside == []


def test_what_a_page_says_is_shown_not_run_and_a_publish_is_seen(tmp_path: Path) -> None:
    home = small_archive(tmp_path)
    client = TestClient(site(home), base_url="http://127.0.0.1")
    assert client.get("/").status_code == 200
    bad = reading(
        "javascript:alert(1)", "<script>alert(1)</script>正文", title="<img src=x onerror=alert(1)>"
    )
    with open_writer(home) as writer:
        writer.load(batch("bad", bad))
        writer.publish()
    page = client.get(f"/report/{report_id('javascript:alert(1)')}").text
    assert "<script>" not in page and "<img" not in page and 'href="javascript' not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_missing_archive_is_said(tmp_path: Path) -> None:
    answer = TestClient(site(Home(tmp_path)), base_url="http://127.0.0.1").get("/")
    assert answer.status_code == 503 and "no archive yet" in answer.text


def test_a_port_in_use_is_said_with_the_way_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKREPORTS_HOME", str(home.path))
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(SettingsError, match=r"in use.*--port"),
    ):
        browse(port=taken.getsockname()[1], should_open=False)
