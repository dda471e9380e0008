"""Forms in which list pages of the field say the same: pagers, dates, calls and settings, one table each."""

from __future__ import annotations

import json
from datetime import date

import pytest

from archive.models import ListPage, Page
from crawlers.listings import detect, first_request, read_list

COLUMN = "http://www.qingshi.example/zwgk/gzzj/"
FOOT = "<p>主办：青石县人民政府办公室</p>" * 25


def document(body: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{body}{FOOT}</body></html>"


def rows(
    day: str = "2023-01-15", form: str = '<li><a href="{url}">{title}</a><span>{day}</span></li>'
) -> str:
    titles = ("青石县水利局2022年工作总结", "青石县教育局2023年工作要点", "云河镇2022年政府工作报告")
    lines = (
        form.format(url=f"/zwgk/{n:06d}.html", title=title, day=day)
        for n, title in enumerate(titles, start=1)
    )
    return f"<ul>{''.join(lines)}</ul>"


def read(html: str, url: str = COLUMN) -> ListPage:
    return read_list(Page(url.partition("#")[0], html.encode()), first_request(url))


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="p1.html">首页</a><a href="p2.html">后一页</a><a href="p9.html">尾页</a>',
        '<a href="p2.html">下一页（共9页）</a>',
        '<a href="p2.html">下 一 页 &gt;&gt;</a>',
        '<span class="cur">1</span><a href="p2.html">2</a><a href="p3.html">3</a><a href="p2.html">»</a>',
        '<strong>1</strong> <a href="p2.html">2</a> <a href="p3.html">3</a>',
        '<a href="p2.html"><img src="n.gif" title="下一页"></a>',
        '<a class="next" href="p2.html"></a><a href="p3.html">3</a>',
        '<a class="next" tagname="/zwgk/gzzj/p2.html">下一页</a>',
        '<a data-href="/zwgk/gzzj/p2.html">下一页</a>',
        '<a href="javascript:void(0)" onclick="location.href=\'p2.html\'">下一页</a>',
        '<input type="button" value="下一页" onclick="location.href=\'p2.html\'">',
        '<select onchange="go(this)"><option value="./" selected>1</option><option value="p2.html">2</option></select>',
    ],
)
def test_the_next_page_of_a_pager(pager):
    found = read(document(rows() + f"<div>{pager}</div>"))
    assert [one.url for one in found.next] == [COLUMN + "p2.html"]


def test_the_next_page_in_the_head():
    found = read(document(rows(), '<link rel="next" href="p2.html">'))
    assert [one.url for one in found.next] == [COLUMN + "p2.html"]


@pytest.mark.parametrize("claim", ["共 12 页 当前第1页", "共200条"])
def test_a_list_that_claims_more_than_it_links_is_not_at_its_end(claim):
    found = read(document(rows() + f"<div>{claim}</div>"), COLUMN + "post_2.html")
    assert (found.verdict, found.next) == ("ok", ()) and "more pages" in found.detail


@pytest.mark.parametrize(
    "day",
    [
        "2023/1/15",
        "[2023.01.15]",
        "2023年1月15日",
        "二〇二三年一月十五日",
        "20230115",
        "Jan 15, 2023",
        "January 15th, 2023",
        "15 January 2023",
        "15-Jan-2023",
        "Sun Jan 15 09:30:00 CST 2023",
        "1/15/2023",
        "15-01-2023",
        "2023-01-15T09:30:00+08:00",
        "<b>15</b><i>2023-01</i>",
        "<b>01-15</b><i>2023</i>",
        '<time datetime="2023-01-15">3天前</time>',
    ],
)
def test_the_day_of_a_row(day):
    assert [row.date for row in read(document(rows(day))).rows] == [date(2023, 1, 15)] * 3


@pytest.mark.parametrize(
    ("day", "read_as"), [("3/12/2023", date(2023, 3, 12)), ("03-12-2023", date(2023, 12, 3))]
)
def test_a_day_that_can_be_read_both_ways_is_read_as_its_separator_has_it(day, read_as):
    assert read(document(rows(day))).rows[0].date == read_as


def test_days_under_the_heading_of_their_year():
    groups = "".join(f"<div><h2>{year}年</h2>{rows('01-15')}</div>" for year in (2023, 2022))
    # The same three pages stand under both years: the first place counts.
    assert [row.date for row in read(document(groups)).rows] == [date(2023, 1, 15)] * 3


@pytest.mark.parametrize(
    ("script", "following"),
    [
        ('createPageHTML("12", "0", "index", "html");', "index_1.html"),
        ("createPage( 12 , 0 , 'list' , '.shtml' )", "list_1.shtml"),
        ('/* createPageHTML(页数,当前页) */ createPageHTML(12,0,"index_2345","shtml")', "index_2345_1.shtml"),
        (
            'var nPages = 12; var nCurrent = 0; var sName = "index"; var sExt = "html";'
            "createPageHTML(nPages, nCurrent, sName, sExt);",
            "index_1.html",
        ),
    ],
)
def test_calls_of_the_trs_pager(script, following):
    found = read(document(rows() + f"<script>{script}</script>"))
    assert (found.family, [one.url for one in found.next]) == ("trs", [COLUMN + following])


UNIT = "{'webId':'w','tagId':'%s','pageId':'%s'}"
CHANNEL = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("family", "html", "url", "asked"),
    [
        (
            "hanweb_jpaas",
            f'<script url="/other/unit" querydata="{UNIT % ("当前位置", "p9")}" src="/unitbuild.js"></script>'
            f'<script querydata="{UNIT % ("信息列表", "p1")}" url="/page/unit" src="/unitbuild.js"></script>',
            COLUMN,
            "/page/unit?webId=w",
        ),
        ("ucap_channel", f'<meta content="{CHANNEL}" name="channelId">', COLUMN, f"/searchList/{CHANNEL}"),
        (
            "gkmlpt",
            '<script>window._CONFIG={"SID":75}</script>',
            "http://a.example/gkmlpt/index#23",
            "all/23?page=1&sid=75",
        ),
        (
            "jiangxi_querylist",
            '<script>ask({url:"/queryList",data:{"channelId":"c","websiteId":"w","siteId":"s"}})</script>',
            "http://a.example/qs/col/gzzj/",
            "/queryList",
        ),
        (
            "truecms",
            '<script>jpage({"proxyUrl":"/truecms/messageController/getMessage.do","perPage":16,'
            '"ajaxParam":{"columnId":"c-1"}})</script>',
            COLUMN,
            "endrecord=16&perpage=16&columnId=c-1",
        ),
        (
            "frame",
            '<frameset><frame src="/l.html" name="leftmenu"><frame src="/list.html" name="main"></frameset>',
            COLUMN,
            "/list.html",
        ),
    ],
)
def test_settings_in_another_order_case_or_quotes(family, html, url, asked):
    found = read(document(html), url)
    assert found.family == family and asked in found.next[0].url


@pytest.mark.parametrize(
    ("url", "answer", "following"),
    [
        (
            "http://a.example/igs/front/search.jhtml?code=x&searchWord=a&pageSize=1&pageNumber=1",
            {
                "page": {
                    "total": 9,
                    "content": [{"title": "2022年工作总结", "url": "/1.html", "trs_time": "2023-01-15"}],
                }
            },
            "pageNumber=2",
        ),
        (
            "http://a.example/cms/JsonList?channelCode=1&perPage=1&pageno=1",
            {
                "total": 9,
                "list": [{"title": "2022年工作总结", "infourl": "/1.html", "pubtime": "2023-01-15"}],
            },
            "pageno=2",
        ),
    ],
)
def test_json_lists_by_their_own_names(url, answer, following):
    page = Page(url, json.dumps(answer).encode(), "application/json")
    assert detect(page) == "json_records"
    found = read_list(page, first_request(url))
    assert found.rows[0].date == date(2023, 1, 15) and following in found.next[0].url
