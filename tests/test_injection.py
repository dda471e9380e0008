"""A page that means harm to whoever shows it goes the whole way: to rows, views, exports, the browsing page, reports, Markdown."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from rich.console import Console
from starlette.testclient import TestClient

from archive.models import CrawlRun, ListRequest, Page, Report, report_id
from archive.warehouse import Archive, Home, ask, open_writer
from archive.warehouse.questions import search
from archive.warehouse.release import release
from crawlers.listings import read_list
from crawlers.pages.reading import read_page
from crawlers.source import Source
from flows import shown
from flows.browse.app import site
from flows.commands.answers import as_csv, as_markdown, print_table
from flows.pipeline import Collected
from flows.report import write_report
from flows.settings import settings
from tests.archives import NOON, batch, empty_home, real_reading
from tests.hostile import INJECTIONS, injecting_page
from tests.sites import list_page

URL = "http://www.yunhe.gov.example/1.html"
MARKS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
TITLE = f"=cmd|'/C calc'!A0云和县2021年工作总结{unescape(''.join(INJECTIONS[2:]))}"
ALL = "SELECT title, publisher, text FROM reports"


@pytest.fixture(scope="module")
def report() -> Report:
    found = read_page(Page(URL, injecting_page(), "text/html; charset=utf-8"))
    assert isinstance(found, list)
    return found[0]


@pytest.fixture(scope="module")
def home(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = empty_home(tmp_path_factory.mktemp("injected"))
    said = {"publisher": f"=1+1{TITLE}", "published_on": NOON.date()}
    with open_writer(home) as writer:
        loaded = writer.load(batch("k", real_reading(URL, TITLE, report.text, **said)))
        writer.deduplicate(loaded.new)
        writer.publish()
    return home


@pytest.fixture
def archive(home: Home) -> Iterator[Archive]:
    with ask(home) as opened:
        yield opened


def test_what_is_read_has_no_marks_and_is_otherwise_as_shown(report: Report) -> None:
    for words in ("<script>alert(1)</script>", "{{ 7*7 }}", "DROP TABLE", "javascript:alert(1)"):
        assert words in report.text
    assert not MARKS.search(report.title + report.text + (report.publisher or ""))


def test_rows_of_a_list_have_no_marks_in_titles_and_addresses() -> None:
    rows = [
        (f"/{n}&#27;[31m.html", f"第{n}局2021年工作总结{INJECTIONS[0]}{INJECTIONS[1]}", "2022-01-05")
        for n in range(9)
    ]
    request = ListRequest("http://www.yunhe.gov.example/gzzj/")
    found = read_list(Page(request.url, list_page(rows), "text/html"), request)
    assert len(found.rows) == 9
    assert not MARKS.search("".join(row.url + row.title for row in found.rows))


def test_sql_that_a_page_holds_is_text(archive: Archive) -> None:
    assert archive.rows("SELECT count(*) FROM report_heads").rows == [(1,)]
    for words in ("'); DROP TABLE report_heads; --", "工作'", "%工作' OR '1'='1", "工作总结' UNION SELECT"):
        search(archive, words, {"region": words, "sector": words}, 5)
    for view in ("canonical_reports", "reports_wide", "redated", "coverage", "source_health"):
        archive.rows(f"FROM {view}")
    assert archive.rows("SELECT count(*) FROM reports").rows == [(1,)]


def test_no_cell_is_a_formula(home: Home, tmp_path: Path) -> None:
    release(home, tmp_path / "out", "csv")
    with ask(home) as archive:
        shown_as_csv = as_csv(archive.rows(ALL))
    files = [path.read_text("utf-8") for path in (tmp_path / "out").glob("*.csv")]
    cells = [cell for text in [*files, shown_as_csv] for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any(cell.startswith("'=cmd|") for cell in cells)
    number = re.compile(r"-?[\d.]+(e-?\d+)?")
    assert not [
        cell for cell in cells if cell.startswith(("=", "+", "-", "@")) and not number.fullmatch(cell)
    ]


def test_a_terminal_gets_no_escapes_also_from_an_archive_that_has_them(home: Home) -> None:
    with ask(home) as archive:
        answer = archive.rows(f"SELECT title || chr(27) || '[31m' || chr(8238) AS title FROM ({ALL})")
    screen = io.StringIO()
    print_table(answer, Console(file=screen, width=200))
    assert not MARKS.search(screen.getvalue() + as_markdown(answer))


def test_pages_show_it_and_run_nothing(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKREPORTS_HOME", str(home.path))
    write_report(settings(), tmp_path / "report.html")
    client = TestClient(site(home), base_url="http://127.0.0.1")
    name = report_id(URL)
    pages = [
        client.get(path).text for path in ("/", f"/report/{name}", "/?q=工作总结", f"/compare/{name}/{name}")
    ]
    pages.append((tmp_path / "report.html").read_text("utf-8"))
    for page in pages:
        assert "<script>alert" not in page and "<img src=x" not in page and "=cmd|&#39;" in page
    assert all("{{ 7*7 }}" in page and "${7*7}" in page for page in pages)


def test_prefects_markdown_links_only_where_we_link() -> None:
    run = CrawlRun("r1", "yunhe", NOON, NOON, "red", message=f"stopped: {TITLE}")
    source = Source(
        name="yunhe", title="云河县", kind="government", columns=("http://a.example/",), at_least=0
    )
    text = shown.markdown(source, Collected(run, new=("1",), titles=((TITLE, URL),)), "1 new", "")
    links = re.findall(r"(?<!\\)\]\(([^)]*)\)", text)
    assert links == [f"<{URL}>"]
    assert not re.search(r"(?<!\\)<(?:script|img)", text)
