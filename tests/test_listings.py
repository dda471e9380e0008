"""What holds for every list page: alarms, rows of odd structures, pagers, and that nothing raises."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import ListRequest, Page
from crawlers.links import link_rows
from crawlers.listings import detect, families, first_request, read_list
from crawlers.listings._answer import ListAnswer
from crawlers.listings._dates import date_in_url, find_date
from crawlers.listings._rows import find_rows
from crawlers.listings.trs import paging

COLUMN = "http://www.qingshi.example/zwgk/gzzj/"
PADDING = "<!-- " + "工作总结" * 100 + " -->"


def answer(html: str, url: str = COLUMN, content_type: str = "text/html", status: int = 200) -> Page:
    return Page(url, html.encode(), content_type, status)


def row(number: int, extra: str = "") -> str:
    return f'<li><a href="/zwgk/{number}.html">青石县第{number}号工作总结</a><span>2023-01-{number:02d}</span>{extra}</li>'


def listing(*parts: str) -> str:
    return f"<html><body>{''.join(parts)}{PADDING}</body></html>"


# ---------------------------------------------------------------- alarms


def test_a_repeated_page_is_an_alarm_not_an_end():
    html = listing("<ul>", row(1), row(2), "</ul><a href='index_1.html'>下一页</a>")
    first = read_list(answer(html), first_request(COLUMN))
    again = read_list(answer(html, first.next[0].url), first.next[0])
    assert (first.verdict, again.verdict, again.rows, again.next) == ("ok", "repeated", (), ())


def test_no_rows_on_page_one_is_an_alarm():
    assert read_list(answer(listing("<p>栏目建设中</p>")), first_request(COLUMN)).verdict == "empty"


def test_no_rows_on_a_later_page_without_totals_ends_the_list():
    request = ListRequest(COLUMN + "?page=9", family="general", page_no=9)
    assert read_list(answer(listing("<p>没有了</p>")), request).verdict == "end"


def test_a_stub_is_an_alarm():
    request = ListRequest(COLUMN + "index_40.html", family="trs", page_no=41)
    found = read_list(answer("<html><body>　</body></html>"), request)
    assert found.verdict == "stub" and "bytes" in found.detail


@pytest.mark.parametrize(
    ("family", "state"),
    [
        ("hanweb_jpaas", {"api": COLUMN, "query": {}, "column": COLUMN}),
        ("gkmlpt", {"sid": "1", "api": COLUMN, "column": COLUMN}),
        ("ucap_channel", {"api": COLUMN, "column": COLUMN}),
        ("jiangxi_querylist", {"ids": {}, "api": COLUMN, "column": COLUMN}),
        ("irs_search", {"query": {}, "api": COLUMN, "column": COLUMN}),
        ("search5", {"form": {}, "api": COLUMN, "column": COLUMN}),
        ("truecms", {"api": COLUMN, "window": 10, "per_page": 10, "columnId": "1", "column": COLUMN}),
        ("epoint_ewb", {"guid": "1", "api": COLUMN, "column": COLUMN, "index": 0, "is_wrapped": True}),
        ("json_records", {}),
    ],
)
def test_an_error_in_an_envelope_is_refused(family, state):
    body = json.dumps({"success": False, "message": "排序方式不能为空"}, ensure_ascii=False)
    found = read_list(
        answer(body, content_type="application/json"), ListRequest(COLUMN, family=family, state=state)
    )
    assert (found.verdict, found.next) == ("refused", ())
    assert "排序方式不能为空" in found.detail


def test_too_few_records_are_an_alarm():
    body = json.dumps({"articles": [], "classify": {"post_count": 12}})
    request = ListRequest(
        COLUMN, family="gkmlpt", state={"sid": "1", "api": COLUMN, "column": COLUMN, "n_seen": 5}, page_no=2
    )
    found = read_list(answer(body, content_type="application/json"), request)
    assert found.verdict == "empty" and "5 records of 12" in found.detail


@pytest.mark.parametrize(
    "shell",
    [
        "<html><head><meta http-equiv='refresh' content='0;URL=./list/'></head></html>",
        "<script>window.location.href='list/';</script>",
    ],
)
def test_a_page_that_sends_readers_on_leads_to_the_list(shell):
    found = read_list(answer(shell), first_request(COLUMN))
    assert (found.verdict, [one.url for one in found.next]) == ("ok", [COLUMN + "list/"])
    html = listing("<ul>", row(1), row(2), "</ul>")
    assert read_list(answer(html, COLUMN + "list/"), found.next[0]).family == "general"
    circle = read_list(answer(shell, COLUMN + "list/"), found.next[0])
    assert (circle.verdict, circle.next) == ("empty", ())


def test_a_list_that_only_a_script_fills_says_what_would_be_needed():
    shell = listing('<div id="app"></div><ul><li v-for="item in list">{{ item.title }}</li></ul>')
    scripted = listing(
        "<ul>", "<li><a href='javascript:;'>青石县2022年工作总结</a><i>2023-01-01</i></li>" * 3, "</ul>"
    )
    asking = listing('<div class="list"></div><script>$.ajax({url: "/api/list", success: show})</script>')
    for html, said in ((shell, "scrapy-playwright"), (asking, "--browser"), (scripted, "name no address")):
        found = read_list(answer(html), first_request(COLUMN))
        assert found.verdict == "unreadable" and said in found.detail


def test_a_scripted_pager_is_no_end():
    html = listing("<ul>", row(1), row(2), "</ul><a onclick='next()'>下一页</a>")
    found = read_list(answer(html), first_request(COLUMN))
    assert (found.verdict, found.next) == ("ok", ()) and "script" in found.detail


def test_a_server_that_ignores_startrecord_is_asked_by_page():
    records = "".join(f"<record><![CDATA[{row(n)}]]></record>" for n in range(1, 5))
    state = {
        **{"api": COLUMN + "dataproxy.jsp", "form": {"columnid": "1", "unitid": "2"}, "column": COLUMN},
        **{
            "per_page": 4,
            "by": "record",
            "n_seen": 4,
            "total": 12,
            "first": "http://www.qingshi.example/zwgk/1.html",
        },
    }
    request = ListRequest(COLUMN, family="hanweb_jpage", state=state, page_no=2)
    found = read_list(
        answer(f"<datastore><recordset>{records}</recordset></datastore>", content_type="text/xml"), request
    )
    assert found.verdict == "ok" and found.rows == ()
    assert found.next[0].url.endswith("dataproxy.jsp?page=2&perpage=4")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(sorted(families())), st.integers(1, 3))
def test_no_answer_raises(body, family, page_no):
    request = ListRequest(COLUMN, family=family, page_no=page_no, state={"guid": 1, "index": "x", "seen": 3})
    assert read_list(Page(COLUMN, body), request).family == family


def test_a_family_that_is_named_is_kept_in_every_next_request():
    html = listing("<ul>", row(1), row(2), "</ul><script>createPageHTML(9, 0, 'index', 'html')</script>")
    found = read_list(answer(html), first_request(COLUMN))
    assert [(one.family, one.page_no) for one in found.next] == [("trs", 2)]
    assert detect(answer(html)) == "trs"


# ---------------------------------------------------------------- rows


@pytest.mark.parametrize(
    ("html", "title", "day"),
    [
        (
            "<li><a href='t1.html' title='青石县二〇二二年工作总结报告全文'>青石县二〇二二年工作…</a> [01-15]</li>",
            "青石县二〇二二年工作总结报告全文",
            None,
        ),
        ("<li><a href='202301/t2.html'>青石县工作总结</a> [01-15]</li>", "青石县工作总结", date(2023, 1, 15)),
        (
            "<li><a href='t3.html'>2015年5月4日安全检查工作总结</a><span>2016/5/4</span></li>",
            "2015年5月4日安全检查工作总结",
            date(2016, 5, 4),
        ),
        (
            "<tr><td><a href='t4.html'>青石县工作总结</a></td><td><a href='/jgzn/'>县政府办</a></td><td>2022.2.8</td></tr>",
            "青石县工作总结",
            date(2022, 2, 8),
        ),
        (
            "<li><div><b>18</b><i>2022-02</i></div><a href='t5.html'>青石县工作总结</a></li>",
            "青石县工作总结",
            date(2022, 2, 18),
        ),
        (
            "<li><div>02-18</div><div>2022</div><a href='t6.html'>青石县工作总结</a></li>",
            "青石县工作总结",
            date(2022, 2, 18),
        ),
        (
            "<dt><a href='t7.html'>青石县工作总结</a></dt><dd>2022年2月18日</dd>",
            "青石县工作总结",
            date(2022, 2, 18),
        ),
        ("<p>·<a href='t8.html'>青石县工作总结</a>（2022-02-18）</p>", "青石县工作总结", date(2022, 2, 18)),
        (
            "<li><a href='t9.html'><h4>青石县工作总结</h4><p>全县上下认真贯彻落实</p><em>2022-02-18</em></a></li>",
            "青石县工作总结",
            date(2022, 2, 18),
        ),
        (
            "<li onclick=\"open('/zwgk/t10.html')\">青石县工作总结 <i>2022-02-18</i></li>",
            "青石县工作总结",
            date(2022, 2, 18),
        ),
        (
            "<li><a href='/art/2022/2/18/art_1_2.html'>青石县水利局工作总结</a></li>",
            "青石县水利局工作总结",
            date(2022, 2, 18),
        ),
    ],
)
def test_rows_and_dates_of_the_forms_in_use(html, title, day):
    block = "<table>" + html + "</table>" if html.startswith("<tr") else html
    second = block.replace(".html", "b.html")
    found = find_rows(ListAnswer(COLUMN, listing("<div class='list'>", block, second, "</div>")))
    assert (found[0].title, found[0].date) == (title, day)


def test_navigation_sidebar_and_footer_are_no_rows():
    nav = "<div class='nav'>" + "".join(f"<a href='/c{n}/'>栏目{n}</a>" for n in range(30)) + "</div>"
    side = (
        "<div class='sidebar'><ul>"
        + "".join(f"<li><a href='/hot/{n}.html'>热门文章推荐第{n}篇</a></li>" for n in range(9))
        + "</ul></div>"
    )
    links = "<select><option>友情链接</option></select>" + "".join(
        f"<a href='http://b{n}.example/'>兄弟单位网站{n}</a>" for n in range(20)
    )
    found = find_rows(ListAnswer(COLUMN, listing(nav, side, "<ul>", row(1), row(2), row(3), "</ul>", links)))
    assert [one.url for one in found] == [f"http://www.qingshi.example/zwgk/{n}.html" for n in (1, 2, 3)]


def test_picture_and_title_of_one_page_are_one_row():
    card = "<li><a href='/zwgk/1.html'><img src='1.jpg'></a><a href='/zwgk/1.html'>青石县工作总结</a><i>2023-01-01</i></li>"
    found = find_rows(ListAnswer(COLUMN, listing("<ul>", card, row(2), "</ul>")))
    assert (found[0].title, found[0].date) == ("青石县工作总结", date(2023, 1, 1))
    assert len(found) == 2


def test_dates_before_their_rows():
    lines = "".join(
        f"<span>2023-01-0{n}</span><a href='/zwgk/{n}.html'>青石县第{n}号工作总结</a><br>" for n in (1, 2, 3)
    )
    found = find_rows(ListAnswer(COLUMN, listing("<div>", lines, "</div>")))
    assert [one.date for one in found] == [date(2023, 1, 1), date(2023, 1, 2), date(2023, 1, 3)]


def test_a_row_that_is_a_list_of_its_own():
    """Title, summary and date as items of one list each; the summary's own dates are not the row's."""
    lists = "".join(
        f"<ul class='list'><li class='tit'><a href='/zwgk/{n}.html'>青石县第{n}号工作总结</a></li>"
        f"<li>2015年1月14日，全县召开大会……<a href='/zwgk/{n}.html'>[查看全文]</a></li><li>发布时间：2023-01-0{n}</li></ul>"
        for n in (1, 2, 3)
    )
    found = find_rows(ListAnswer(COLUMN, listing("<div>", lists, "</div>")))
    assert [(one.title, one.date) for one in found] == [
        (f"青石县第{n}号工作总结", date(2023, 1, n)) for n in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    "frame", ["<div class='hot'><ul>", "<h3>热点资讯</h3><ul>", "<h4>相关阅读</h4><div><ul>"]
)
def test_recommendations_beside_a_short_list_are_no_rows(frame):
    advice = "".join(
        f"<li><a href='/2023{n:04d}/{n}.html'>大家关心的热点文章第{n}篇标题</a></li>" for n in range(12)
    )
    found = find_rows(
        ListAnswer(COLUMN, listing("<ul class='list'>", row(1), "</ul>", frame, advice, "</ul>"))
    )
    assert [one.title for one in found] == ["青石县第1号工作总结"]


def test_a_last_page_that_links_itself_ends_the_list():
    html = listing("<ul>", row(1), row(2), "</ul>共2页<a href='index.html?p=9'>下一页</a>")
    second = read_list(
        answer(html, COLUMN + "index_2.html"),
        ListRequest(COLUMN + "index_2.html", family="general", page_no=2),
    )
    third = read_list(answer(html, second.next[0].url), second.next[0])
    assert (third.verdict, third.rows, third.next) == ("end", (), ())


def test_pinned_rows_are_marked():
    found = find_rows(ListAnswer(COLUMN, listing("<ul>", row(9, "<b>置顶</b>"), row(1), "</ul>")))
    assert [one.is_pinned for one in found] == [True, False]


def test_a_page_of_column_links_is_no_list():
    links = "".join(f"<li><a href='/zwgk/lm{n}/'>公开栏目第{n}类信息</a></li>" for n in range(12))
    assert find_rows(ListAnswer(COLUMN, listing("<ul>", links, "</ul>"))) == ()


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_a_date_is_found_in_every_form(day):
    y, m, d = day.year, day.month, day.day
    forms = [
        f"{day}",
        f"[{y}/{m}/{d}]",
        f"{y}年{m}月{d}日",
        f"{y}.{m:02d}.{d:02d} 08:30",
        f"{d} {y}-{m:02d}",
        f"{m:02d}-{d:02d} {y}",
    ]
    assert {find_date(form) for form in forms} == {day}
    assert date_in_url(f"http://a.example/art/{y}/{m}/{d}/art_1_2.html") == day


# ---------------------------------------------------------------- pagers


@pytest.mark.parametrize(
    ("script", "url", "pages", "current", "name"),
    [
        ('createPageHTML(4, 0, "index", "html")', COLUMN, 4, 0, "index.html"),
        ("createPageHTML(75,4,1,'list','shtml');", COLUMN, 4, 1, "list.shtml"),
        (
            "createPageHTML('page_div', 46, 1, 'common_list', 'shtml', 920)",
            COLUMN,
            46,
            1,
            "common_list.shtml",
        ),
        ("createPage(7)", COLUMN + "index_2.htm", 7, 2, "index.htm"),
        ("var currentPage = 3;\nvar countPage = 9", COLUMN, 9, 3, "index.html"),
        (
            "var pagination_script_config = {total: 6, name: 'index', ext: 'html'}",
            COLUMN + "index_1.html",
            6,
            1,
            "index.html",
        ),
        ("Pager({size:16, current:0, prefix:'index',suffix:'html'});", COLUMN, 16, 0, "index.html"),
    ],
)
def test_forms_of_the_trs_pager(script, url, pages, current, name):
    found = paging(script, url)
    assert found and (found.n_pages, found.current, f"{found.stem}.{found.ext}") == (pages, current, name)


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ("<a href='index_2.html'>下一页</a>", "index_2.html"),
        ("<a href='?p=2' title='下一页'><img src='r.png' alt=''></a>", "?p=2"),
        ("<b>1</b><a href='list_2.html'>2</a><a href='list_3.html'>3</a>", "list_2.html"),
        (
            "<a href='1.html'>1</a><a class='current'>2</a><a href='3.html'>3</a><a href='3.html'>&gt;</a>",
            "3.html",
        ),
        ("<a href='javascript:void(0)' onclick=\"go('/zwgk/gzzj/index_2.html')\">下页</a>", "index_2.html"),
    ],
)
def test_the_next_page_of_pagers_in_use(pager, following):
    found = read_list(
        answer(listing("<ul>", row(1), row(2), "</ul><div>", pager, "</div>")), first_request(COLUMN)
    )
    assert [one.url for one in found.next] == [COLUMN + following]


# ---------------------------------------------------------------- links


def test_link_rows(tmp_path):
    (tmp_path / "a.html").write_bytes(
        listing(
            "<ul>", row(1), "<li><a href='#'>青石县水利工作总结</a><i>2023-02-01</i></li>", "</ul>"
        ).encode()
    )
    manifest = [
        {"id": "a", "url": COLUMN, "file": "a.html"},
        {"id": "b", "url": COLUMN, "file": "missing.html"},
    ]
    found = list(link_rows(manifest, tmp_path))
    assert [item["url"] for item in found[0]["items"]] == ["http://www.qingshi.example/zwgk/1.html", None]
    assert found[0]["items"][1] == {"url": None, "title": "青石县水利工作总结", "date": "2023-02-01"}
    assert (found[0]["next"], found[0]["verdict"], found[1]["verdict"]) == (None, "end", "unreadable")


def test_corpus_rows():
    """On a corpus of saved list pages: the floor below which a change is a step back."""
    folder = os.environ.get("WORKREPORTS_CORPUS")
    if not folder:
        pytest.skip("WORKREPORTS_CORPUS names no corpus")
    pages = Path(folder) / "pages"
    gold = {
        one["id"]: one
        for one in map(json.loads, (pages / "gold_lists.jsonl").read_text("utf-8").splitlines())
    }
    rows = [
        one
        for one in map(json.loads, (pages / "manifest.jsonl").read_text("utf-8").splitlines())
        if one["id"] in gold
    ]
    right = 0
    for found in link_rows(rows, pages):
        want = {item["href"] or item["title"] for item in gold[found["id"]]["items"]}
        got = {
            item["url"] if item["url"] in want else item["title"] if item["title"] in want else item["url"]
            for item in found["items"]
        }
        right += len(want & got) >= 0.95 * max(len(want), len(got))
    assert right >= 20  # 22 of 24 by the scorer, which compares titles by their beginnings
