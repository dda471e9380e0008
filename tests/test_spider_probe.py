"""`sources`: a column's address goes in, a source file that loads and collects comes out, or a reason why not."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive.models import CrawlRun, ListedRow, Page
from crawlers.listings import first_request, read_list
from crawlers.probe import Probe
from crawlers.proposal import draft, propose, standard_tags, to_toml
from crawlers.source import SourceError, load_source
from flows.commands.sources import app, finding
from tests.sites import Answer, Site, list_page, report_page

HEAD = """<meta name="SiteName" content="云和县卫生健康局"><META content='规划计划' NAME='ColumnName'>
<meta name="SiteIDCode" content="3311250012">"""
ROWS = [
    ("/a.html", "云和县卫生健康局2021年工作总结", "2022-02-18"),
    ("/b.html", "关于召开会议的通知", "2022-01-10"),
]


def run(*arguments: str, allow: str = "", folder: Path) -> tuple[int, str]:
    environment = {
        "WORKREPORTS_ALLOW": allow,
        "WORKREPORTS_SOURCES": str(folder),
        "WORKREPORTS_HOME": str(folder),
    }
    result = CliRunner().invoke(app, arguments, env=environment)
    if isinstance(result.exception, SourceError):
        return 1, str(result.exception)
    return result.exit_code, result.stdout


@pytest.mark.slow
def test_an_address_becomes_a_source_file_that_can_be_checked(tmp_path: Path) -> None:
    pages = {
        "/ghjh/": Answer(list_page(ROWS, extra=HEAD)),
        "/a.html": Answer(report_page("云和县卫生健康局2021年工作总结")),
        "/empty/": Answer(list_page([], extra="<p>暂无内容</p>" * 50)),
    }
    with Site(pages) as site:
        code, out = run(
            "add", site.url("/ghjh/"), "--name", "yunhe_wjw", "--json", allow=site.netloc, folder=tmp_path
        )
        assert code == 0, out
        assert [link["title"] for link in json.loads(out)["links"]] == [ROWS[0][1]]
        source = load_source(tmp_path / "yunhe_wjw.toml")
        assert (source.title, source.region, source.kind) == (
            "云和县卫生健康局 规划计划",
            "331125",
            "government",
        )
        frozen = [json.loads(line) for line in (tmp_path / "yunhe_wjw.pages/manifest.jsonl").open()]
        assert [(tmp_path / "yunhe_wjw.pages" / row["file"]).read_bytes() for row in frozen] == [
            pages["/ghjh/"].body,
            pages["/a.html"].body,
        ]
        site.seen.clear()
        code, out = run("check", "yunhe_wjw", "--json", allow=site.netloc, folder=tmp_path)
        (row,) = json.loads(out)
        assert (code, row["state"], row["family"], row["rows"], row["reports"]) == (0, "fine", "trs", 2, 1)
        assert site.paths() == ["/ghjh/"]

        code, told = run("add", site.url("/empty/"), allow=site.netloc, folder=tmp_path)
        assert (code, "empty" in told) == (1, True)
    assert [path.name for path in tmp_path.glob("*.toml")] == ["yunhe_wjw.toml"]
    code, told = run("add", "file:///etc/passwd", folder=tmp_path)
    assert (code, "web address" in told) == (1, True)


def probed(html: bytes, url: str = "http://wjw.yunhe.gov.cn/ghjh/") -> Probe:
    page = Page(url, html, "text/html")
    rows = read_list(page, first_request(url)).rows
    listed = tuple(
        ListedRow(
            "r1", "x", url, row.url, row.title, row.date, 1, "fetch" if "总结" in row.title else "filtered"
        )
        for row in rows
    )
    done = CrawlRun("r1", "x", None, state="done", family="trs")  # type: ignore[arg-type]
    return Probe(draft(url), done, listed, page)


def test_what_a_page_says_of_itself_is_proposed(tmp_path: Path) -> None:
    source = propose(probed(list_page(ROWS, extra=HEAD)))
    assert (source.name, source.region, source.publisher) == ("yunhe_wjw", "331125", "云和县卫生健康局")
    assert (source.at_least, source.delay) == (1, 1.0)
    path = tmp_path / "yunhe_wjw.toml"
    path.write_text(to_toml(source), "utf-8")
    assert load_source(path) == source


def test_names_with_quotes_and_line_breaks_make_a_file_that_loads(tmp_path: Path) -> None:
    found = probed(list_page(ROWS, extra='<meta name="SiteName" content=\'a"]\n[[x]]\\u\x1b[31m\'>'))
    path = tmp_path / "yunhe_wjw.toml"
    path.write_text(to_toml(propose(found)), "utf-8")
    assert load_source(path).title.startswith('a"]')


def test_a_column_without_reports_says_what_to_do() -> None:
    assert 'title_filter = "all"' in probed(list_page(ROWS[1:])).problem
    assert probed(list_page(ROWS)).problem == ""


def test_a_rebuilt_site_needs_a_person() -> None:
    found = probed(list_page(ROWS))
    assert finding(found, {})["state"] == "fine"
    assert "is now trs" in finding(found, {"family": "vsb"})["problem"]


def test_tags_are_read_in_any_order_and_case() -> None:
    tags = standard_tags(Page("http://a.example/", HEAD.encode("gb18030"), "text/html; charset=gb2312"))
    assert (tags["sitename"], tags["columnname"], tags["siteidcode"]) == (
        "云和县卫生健康局",
        "规划计划",
        "3311250012",
    )
