"""Passwords, of a proxy or in an address, are used where they must be and are found nowhere afterwards."""

from pathlib import Path

import duckdb
import pytest

from archive import landing
from archive.warc_scan import scan
from archive.warehouse import ask, open_writer
from crawlers import sample_sites
from crawlers.source import SourceError, load_source
from flows import pipeline
from flows.settings import Settings, settings
from tests.sites import Answer, Site, list_page, report_page

pytestmark = pytest.mark.slow

PASSWORD = "hunter2"


def collect(name: str) -> tuple[Settings, list[str]]:
    """Collect a source as the flow does, and keep all that was told on the way."""
    now, told = settings(), list[str]()
    job = pipeline.prepare(now, now.source(name), pipeline.Request())
    pipeline.crawl(job, lambda event: told.append(str(event)))
    found = pipeline.load_run(now, now.source(name), job.folder, lambda event: told.append(str(event)))
    assert found.new, found.run
    with open_writer(now.layout()) as writer:
        writer.publish()
    return now, told


def everything_kept(now: Settings) -> str:
    """All bytes of an archive, and what stands packed in its WARC and DuckDB files."""
    texts = [path.read_bytes() for path in now.layout().path.rglob("*") if path.is_file()]
    for folder in landing.run_folders(now.layout().landing):
        for path in folder.glob("*.warc.gz"):
            texts += [str(record.headers).encode() + record.block for _, record in scan(path)]
    with duckdb.connect(str(now.layout().warehouse.resolve()), read_only=True) as con:
        for (table,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            texts.append(str(con.execute(f"FROM {table}").fetchall()).encode())
    return b"\n".join(texts).decode("utf-8", "replace")


def test_a_proxys_password_is_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKREPORTS_HOME", str(tmp_path))
    monkeypatch.setenv("WORKREPORTS_SOURCES", str(sample_sites.SOURCES))
    monkeypatch.setenv("WORKREPORTS_NOTIFY", f"http://127.0.0.1:9/{PASSWORD}")
    with sample_sites.serve() as sites:
        monkeypatch.setenv("http_proxy", sites.proxy.replace("://", f"://me:{PASSWORD}@"))
        now, told = collect("sample_biganzi")
    assert PASSWORD not in " ".join(told)
    kept = everything_kept(now)
    assert "biganzi.example" in kept
    assert (
        PASSWORD not in kept and "bWU6aHVudGVyMg" not in kept
    )  # as it is, and as HTTP's basic scheme writes it


def test_a_password_in_an_address_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    title = "云河县卫生局2021年工作总结"
    with Site({}) as site:
        mine = f"http://me:{PASSWORD}@{site.netloc}"
        site.replies |= {
            "/list/": Answer(
                list_page([(f"{mine}/1.html", title, "2022-01-05"), ("/2.html", title, "2022-01-05")])
            ),
            "/1.html": Answer(report_page(title, f"<a href='{mine}/a.pdf'>附件.pdf</a>")),
            "/2.html": Answer(b"", 302, (("Location", f"{mine}/3.html"),)),
            "/3.html": Answer(report_page(title + "（续）")),
            "/a.pdf": Answer(b"%PDF-1.4 nothing"),
        }
        (tmp_path / "sources").mkdir()
        (tmp_path / "sources" / "yunhe.toml").write_text(
            f'title = "云河县"\nkind = "government"\ncolumns = ["{site.url("/list/")}"]\nat_least = 1\ndelay = 0\n'
        )
        monkeypatch.setenv("WORKREPORTS_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("WORKREPORTS_SOURCES", str(tmp_path / "sources"))
        monkeypatch.setenv("WORKREPORTS_ALLOW", site.netloc)
        (tmp_path / "home").mkdir()
        now, told = collect("yunhe")
        asked = site.paths()
    assert {"/1.html", "/2.html", "/3.html", "/a.pdf"} <= set(asked)
    with ask(now.layout()) as archive:
        assert {url for (url,) in archive.rows("SELECT url FROM reports").rows} >= {
            f"http://{site.netloc}/1.html"
        }
    location = f"Location: {mine}"  # of an answer, as the server sent it to everybody
    assert PASSWORD not in " ".join(told)
    shown = everything_kept(now).replace(location, "").replace(f"'{mine}", "").replace(f'"{mine}', "")
    assert PASSWORD not in shown


def test_a_source_with_a_password_is_refused_without_repeating_it(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        f'title = "云河县"\nkind = "government"\ncolumns = ["http://me:{PASSWORD}@a.example/"]\nat_least = 1\n',
        "utf-8",
    )
    with pytest.raises(SourceError, match="name and password") as refusal:
        load_source(path)
    assert PASSWORD not in str(refusal.value)
