"""Lists that a script draws, read in a browser: three pages of them, and what the browser may not reach."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive import landing
from archive.warc_scan import scan
from crawlers.source import load_source
from flows.commands.sources import app
from tests import crawls
from tests.sites import Answer, Reply, Seen, Site, report_page

needs_browser = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no chromium on this machine"),
]
PER_PAGE, N_PAGES = 4, 3
ROWS = [(f"/zw/{n:04d}.html", f"青石县第{n}局工作总结", f"2023-0{1 + n // 4}-1{n % 4}") for n in range(12)]

# The list's script asks for its data and fills the page; beside that the page asks for things it must not get.
SCRIPT = """
const page = Number(new URLSearchParams(location.search).get("page") || 1);
fetch(`/api/list?page=${page}`).then(answer => answer.json()).then(data => {
  document.querySelector("#list").innerHTML = data.rows.map(
    row => `<li><a href="${row[0]}">${row[1]}</a><span>${row[2]}</span></li>`).join("");
  document.querySelector("#turn").innerHTML =
    page < data.pages ? `<a href="?page=${page + 1}">下一页</a>` : "<span>下一页</span>";
});
"""


def shell(extra: str) -> Answer:
    html = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>规划计划</title>
        <link rel="stylesheet" href="/style.css"></head><body><img src="/logo.png">
        <div id="app"><ul id="list" class="list"></ul><div id="turn"></div></div>{extra}
        <script src="/list.js"></script><div class="foot">{"<p>主办：青石县人民政府办公室</p>" * 20}</div></body></html>"""
    return Answer(html.encode())


def data(seen: Seen) -> Answer:
    page = int(seen.path.rpartition("=")[2])
    rows = ROWS[(page - 1) * PER_PAGE : page * PER_PAGE]
    body = json.dumps({"rows": rows, "pages": N_PAGES}, ensure_ascii=False).encode()
    return Answer(body, headers=(("Content-Type", "application/json"),))


def site_of(extra: str = "") -> Site:
    replies: dict[str, Reply] = {path: Answer(report_page(title)) for path, title, _ in ROWS}
    lists = {"/list/": shell(extra), "/list/?page=2": shell(extra), "/list/?page=3": shell(extra)}
    script = Answer(SCRIPT.encode(), headers=(("Content-Type", "text/javascript"),))
    answers = {f"/api/list?page={n}": data for n in (1, 2, 3)}
    robots = Answer(b"User-agent: *\nDisallow: /secret/", headers=(("Content-Type", "text/plain"),))
    return Site({**replies, **lists, **answers, "/list.js": script, "/robots.txt": robots})


class TestDrawn:
    pytestmark = needs_browser

    def test_three_drawn_pages_are_collected_and_only_what_is_allowed_is_asked(self, tmp_path: Path):
        pytest.importorskip("scrapy_playwright", reason="the extra [browser] is not installed")
        with Site({"/x": Answer(b"{}")}) as neighbour:
            private = f'<script src="http://{neighbour.netloc}/x"></script>'
            forbidden = '<script src="/secret/x.js"></script><script>new WebSocket("ws://{0}/x"); open("http://{0}/x")</script>'
            with site_of(private + forbidden.format(neighbour.netloc)) as site:
                job = crawls.job(site, tmp_path / "r1", fields={"browser": True})
                run = crawls.run(job)
            assert neighbour.seen == []
        assert (run.state, run.stop_reason, run.pages_listed, run.n_fetched) == ("done", "end", 3, 12), run
        asked = site.paths()
        assert [path for path in asked if path.startswith("/list/")] == [
            "/list/",
            "/list/?page=2",
            "/list/?page=3",
        ]
        assert [path for path in asked if path.startswith("/api/")] == [
            f"/api/list?page={n}" for n in (1, 2, 3)
        ]
        assert asked.count("/list.js") == 1
        assert not {"/logo.png", "/style.css", "/secret/x.js"} & set(asked)
        assert {seen.headers["user-agent"].split("/")[0] for seen in site.seen} == {"WorkReportArchive"}
        assert site.most_open == 1
        drawn = crawls.captures(job)["/list/?page=2"]
        assert drawn.detail == "drawn" and ROWS[5][1] in landing.read_page(job.folder, drawn).body.decode()
        kinds = [record.headers["warc-type"] for path in job.folder.glob("*.gz") for _, record in scan(path)]
        assert kinds.count("conversion") == 3

    def test_the_command_that_adds_a_column_says_what_to_do_and_does_it(self, tmp_path: Path):
        pytest.importorskip("scrapy_playwright", reason="the extra [browser] is not installed")
        with site_of() as site:
            settings = {"WORKREPORTS_ALLOW": site.netloc, "WORKREPORTS_SOURCES": str(tmp_path)}
            plain = CliRunner().invoke(app, ["add", site.url("/list/")], env=settings)
            assert "--browser" in str(plain.exception) and not list(tmp_path.glob("*.toml"))
            drawn = CliRunner().invoke(app, ["add", site.url("/list/"), "--browser"], env=settings)
            assert drawn.exit_code == 0, drawn
            (path,) = tmp_path.glob("*.toml")
            assert load_source(path).browser
            checked = CliRunner().invoke(app, ["check", path.stem, "--json"], env=settings)
        assert json.loads(checked.stdout)[0]["reports"] == PER_PAGE

    def test_without_chromium_the_run_says_what_to_install(self, tmp_path: Path):
        pytest.importorskip("scrapy_playwright", reason="the extra [browser] is not installed")
        with site_of() as site:
            job = crawls.job(site, tmp_path / "r1", fields={"browser": True}, browser="/no/such/chromium")
            run = crawls.run(job)
        assert run.state == "red" and "WORKREPORTS_BROWSER" in run.message


def test_without_the_extra_the_run_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # As in an environment without it: Python reads sitecustomize from its path at every start.
    hide = "import sys\nsys.modules['scrapy_playwright'] = None\n"
    (tmp_path / "sitecustomize.py").write_text(hide)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with site_of() as site:
        run = crawls.run(crawls.job(site, tmp_path / "r1", fields={"browser": True}))
    assert run.state == "red" and "pip install 'work-report-archive[browser]'" in run.message
    assert site.paths() == []
