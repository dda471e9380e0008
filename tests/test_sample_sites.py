"""The sample sites hold what they promise: the demo and the crawl tests rely on it."""

import io
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pdfplumber
import pytest

from crawlers.sample_sites import SOURCES, Running, build_sites, expected, serve
from crawlers.sample_sites.files.pdf import pdf
from crawlers.sample_sites.texts.agencies import CIVIL, EDUCATION, HEALTH, TOWN
from crawlers.sample_sites.texts.compose import YEARS, compose
from crawlers.source import load_sources

pytestmark = pytest.mark.slow


@pytest.fixture
def running() -> Iterator[Running]:
    with serve() as sites:
        yield sites


def fetch(
    proxy: str, url: str, data: bytes | None = None, **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy}))
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        answer = opener.open(urllib.request.Request(url, data, names), timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.read(), dict(answer.headers)


def shingles(text: str, n: int = 8) -> set[str]:
    text = re.sub(r"[^\u4e00-\u9fff]", "", text)
    return {text[i : i + n] for i in range(len(text) - n + 1)}


def test_every_site_has_a_source_that_leads_to_it() -> None:
    sources = load_sources(SOURCES)
    sites = {site.name: site for site in build_sites()}
    assert sources.keys() == sites.keys()
    for name, source in sources.items():
        assert all(sites[name].host in column for column in source.columns)
        assert source.at_least <= expected(tuple(sites.values())).n_reports[name]


def test_every_article_and_every_column_is_served(running: Running) -> None:
    for site in running.sites:
        for entry in site.entries:
            status, body, _ = fetch(running.proxy, site.url_of(entry))
            assert status == 200
            assert (
                entry.paragraphs[-1][:20].encode("gb18030" if site.name == "sample_biganzi" else "utf-8")
                in body
            )
    for source in load_sources(SOURCES).values():
        assert fetch(running.proxy, source.columns[0])[0] == 200
    assert running.counts.by_kind["article"] == sum(len(site.entries) for site in running.sites) > 100
    assert running.counts.by_kind["list"] == len(running.sites)


def test_list_pages_hold_every_article_once(running: Running) -> None:
    pages = {
        "sample_yunhe_wjw": [f"/zfxxgk/fdzdgknr/ghjh/index{f'_{i}' if i else ''}.shtml" for i in range(4)],
        "sample_shiqiao_mzj": ["/zwgk/ghzj.htm", "/zwgk/ghzj/3.htm", "/zwgk/ghzj/2.htm", "/zwgk/ghzj/1.htm"],
        "sample_qingshihe": [f"/qsh/ghjh/index{f'_{i}' if i > 1 else ''}.html" for i in range(1, 5)],
        "sample_biganzi": ["/html/list_1.html", "/html/list_2.html"],
        "sample_wendangge": ["/list-12.html", "/list-12-2.html"],
        "sample_fanwenku": ["/gongzuozongjie/", "/gongzuozongjie/index_2.html"],
    }
    for name, paths in pages.items():
        site = running.site(name)
        listed = b"".join(fetch(running.proxy, f"http://{site.host}{path}")[1] for path in paths)
        missing = [e.title for e in site.entries if site.path_of(e).rsplit("/", 1)[1].encode() not in listed]
        assert not missing, name


def test_hanweb_list_answers_the_records_asked_for(running: Running) -> None:
    site = running.site("sample_qingling_jyj")
    url = f"http://{site.host}/module/web/jpage/dataproxy.jsp?startrecord=9&endrecord=16&perpage=8"
    form = b"col=1&appid=1&webid=26&path=/&columnid=1229&sourceContentType=1&unitid=58863&permissiontype=0"
    _, body, _ = fetch(running.proxy, url, form)
    rows = re.findall(r"<record><!\[CDATA\[<li>.*?href=\"([^\"]+)\"", body.decode())
    assert rows == [site.path_of(entry) for entry in site.newest_first()[8:16]]
    assert f"<totalrecord>{len(site.entries)}</totalrecord>" in body.decode()


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_an_unchanged_page_is_not_sent_again(running: Running, header: str) -> None:
    site = running.site("sample_yunhe_wjw")
    entry = site.newest_first()[0]
    condition = {"ETag": "If_None_Match", "Last-Modified": "If_Modified_Since"}[header]
    _, _, headers = fetch(running.proxy, site.url_of(entry))
    assert fetch(running.proxy, site.url_of(entry), **{condition: headers[header]})[0] == 304
    site.alter(entry.number, ("全文已更新。",), date(2026, 1, 5))
    status, body, _ = fetch(running.proxy, site.url_of(entry), **{condition: headers[header]})
    assert status == 200 and "全文已更新" in body.decode()


def test_a_site_can_gain_and_lose_reports(running: Running) -> None:
    site = running.site("sample_shiqiao_mzj")
    new = replace(
        site.newest_first()[0], number=9_999, title="2025年全区民政工作要点", published_on=date(2025, 2, 10)
    )
    site.add(new)
    assert "2025年全区民政工作要点" in fetch(running.proxy, f"http://{site.host}/zwgk/ghzj.htm")[1].decode()
    site.remove(new.number)
    assert fetch(running.proxy, site.url_of(new))[0] == 404


def test_the_log_counts_requests_but_not_itself(running: Running) -> None:
    fetch(running.proxy, "http://wjw.yunhe.gov.example/robots.txt")
    fetch(running.proxy, "http://nowhere.example/")
    counts = json.loads(fetch(running.proxy, "http://sample.example/_log")[1])
    assert counts["requests"] == 2
    assert counts["by_kind"] == {"robots": 1, "none": 1}
    assert counts["by_status"] == {"200": 1, "404": 1}


def test_the_command_says_where_it_serves() -> None:
    command = [sys.executable, "-m", "crawlers.sample_sites", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert fetch(told["proxy"], "http://wjw.yunhe.gov.example/robots.txt")[0] == 200
        process.terminate()
        assert process.wait(10) == 0


def test_texts_are_the_same_on_every_run() -> None:
    code = "from crawlers.sample_sites import build_sites; print([e.paragraphs for s in build_sites() for e in s.entries])"
    first, second = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in "ab"
    )
    assert first == second and len(first) > 100_000


def test_reports_are_as_long_as_reports_are() -> None:
    lengths = [len(compose(a, "annual", y).text) for a in (HEALTH, EDUCATION, CIVIL, TOWN) for y in YEARS]
    assert min(lengths) >= 1_500 and max(lengths) <= 5_000


def test_agencies_differ_and_neighbouring_years_share_some_text() -> None:
    health, later = (shingles(compose(HEALTH, "annual", year).text) for year in (2021, 2022))
    other = shingles(compose(EDUCATION, "annual", 2021).text)
    assert 0.3 < len(health & later) / len(health | later) < 0.9
    assert len(health & other) / len(health | other) < 0.1


def test_copies_are_masked_and_say_another_year() -> None:
    entries = {site.url_of(e): e for site in build_sites() for e in site.entries}
    copies = expected(build_sites()).copies
    assert len(copies) == 2
    for copy, original in copies.items():
        text, source = "".join(entries[copy].paragraphs), "".join(entries[original].paragraphs)
        assert len(shingles(text) & shingles(source)) / len(shingles(text)) > 0.6
        assert "云河县" not in text
        assert re.search(r"x[x.]*[个张万%]", text)
    titles = sorted(entries[copy].title for copy in copies)
    assert titles[0].startswith("20XX年") or "20XX" in titles[0] + titles[1]
    assert "2021年" in titles[0] + titles[1]


def test_previews_end_in_mid_sentence_and_parts_are_whole() -> None:
    sites = build_sites()
    entries = {site.url_of(e): e for site in sites for e in site.entries}
    for preview, original in expected(sites).previews.items():
        shown, whole = "\n".join(entries[preview].paragraphs), "\n".join(entries[original].paragraphs)
        assert whole.startswith(shown) and len(shown) < len(whole) / 2 and shown[-1] not in "。；！"
    for page, parts in expected(sites).compilations.items():
        text = "\n".join(entries[page].paragraphs)
        assert all("\n".join(entries[part].paragraphs[:-2]) in text for part in parts)


def test_the_article_site_needs_more_than_its_label_says(running: Running) -> None:
    site = running.site("sample_biganzi")
    own = next(e for e in site.entries if not e.copied_from)
    body = fetch(running.proxy, site.url_of(own))[1]
    assert b"charset=gb2312" in body and "李喆" in body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")


def test_attached_reports_can_be_read(running: Running) -> None:
    sites = build_sites()
    files = sorted(expected(sites).only_attached.values())
    assert [file[-4:] for file in files] == ["docx", ".pdf"]
    package = zipfile.ZipFile(io.BytesIO(fetch(running.proxy, files[0])[1]))
    assert "2019年主要工作开展情况" in package.read("word/document.xml").decode()
    with pdfplumber.open(io.BytesIO(fetch(running.proxy, files[1])[1])) as document:
        text = "".join(page.extract_text() for page in document.pages)
    assert "2022年主要工作开展情况" in text


def test_a_pdf_gives_back_its_text() -> None:
    with pdfplumber.open(io.BytesIO(pdf("工作总结", ["增长5.3%，共12（个）项。"] * 40))) as document:
        text = "".join(page.extract_text() for page in document.pages).replace("\n", "")
    assert text.count("增长5.3%，共12（个）项。") == 40
