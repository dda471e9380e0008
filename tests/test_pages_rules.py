"""Rules of reading, one table each: titles, dates, labels, follow-ups, topics, truncation, splitting, refusal."""

from __future__ import annotations

import io
import random
from datetime import date

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Page, Rejection, Report
from crawlers.pages.chrome import is_furniture
from crawlers.pages.compilations import split
from crawlers.pages.dates import date_in_path, parse_date
from crawlers.pages.follow_ups import follow_ups
from crawlers.pages.labels import read_labels
from crawlers.pages.lines import Line
from crawlers.pages.reading import read_page
from crawlers.pages.rejections import reject_topic
from crawlers.pages.rows import extract_rows
from crawlers.pages.truncation import find_truncation

URL = "http://www.mou.example/zwgk/12308.html"
SENTENCES = [
    "2023年，某镇紧紧围绕年初确定的目标，扎实推进各项工作，取得了明显成效。",
    "全年完成固定资产投资2.3亿元，同比增长7.1%，建成高标准农田3600亩。",
    "农村居民人均可支配收入达到19860元，办结群众来信来访143件。",
    "下一步，继续锚定目标、苦干实干，确保各项任务圆满完成。",
]
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def _read(html: str, **guidance: object) -> Report:
    found = read_page(Page(URL, html.encode()), **guidance)  # type: ignore[arg-type]
    assert isinstance(found, list), found
    return found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018年05月04日 22:53", date(2018, 5, 4)),
        ("2023/7/5", date(2023, 7, 5)),
        ("2023.07.05", date(2023, 7, 5)),
        ("二〇二一年十二月三十一日", date(2021, 12, 31)),
        ("二○二○年二月二十九日", date(2020, 2, 29)),
        ("二零零九年十月十日", date(2009, 10, 10)),
        ("二O一八年一月二日", date(2018, 1, 2)),
        ("20230207", date(2023, 2, 7)),
        ("2023-13-01", None),
        ("第12345678号", None),
        ("电话0716-2023045", None),
    ],
)
def test_dates(text: str, expected: date | None) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.example/ghjh/202202/t20220218_43.shtml", date(2022, 2, 18)),
        ("http://a.example/art/2022/2/18/art_1_2.html", date(2022, 2, 18)),
        ("http://a.example/2022-02/18/content_1.shtml", date(2022, 2, 18)),
        ("http://a.example/20220218/ab12/c.html", date(2022, 2, 18)),
        ("http://a.example/info/1052/1839.htm", None),
        ("http://a.example/content/post_20221399.html", None),
    ],
)
def test_dates_in_paths(url: str, expected: date | None) -> None:
    assert date_in_path(url) == expected


def test_the_visible_date_outranks_meta_list_and_path() -> None:
    meta = '<meta name="PubDate" content="2023-02-02 10:00">'
    url = "http://a.example/202304/t20230404_1.html"
    for shown, tag, listed, expected, origin in (
        ("发布时间：2023-01-01", meta, date(2023, 3, 3), date(2023, 1, 1), "label:发布时间"),
        ("", meta, date(2023, 3, 3), date(2023, 2, 2), "meta:PubDate"),
        ("", "", date(2023, 3, 3), date(2023, 3, 3), "list"),
        ("", "", None, date(2023, 4, 4), "path"),
    ):
        html = f"<title>某镇工作总结</title>{tag}<h1>某镇工作总结</h1><p>{shown}</p><div id=zoom>{BODY}</div>"
        found = read_page(Page(url, html.encode()), list_date=listed)
        assert isinstance(found, list)
        assert (found[0].published_on, found[0].origins["published_on"]) == (expected, origin)


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        ([Line("索 引 号： A/2023-1　发文字号：某发〔2023〕1号")], "doc_no", "某发〔2023〕1号"),
        ([Line("来源：某市卫生局文章类型：原创")], "source_line", "某市卫生局"),
        ([Line("发布时间：2023-01-01 字体：大 中 小")], "published_on", "2023-01-01"),
        ([Line("索引号"), Line("A12345/2023-1")], "index_no", "A12345/2023-1"),
        ([Line("", cells=("文　　号", "", "效力状态", "有效"))], "validity", "有效"),
        ([Line("【发布机构】 某镇政府 【公开日期】 2023-01-01")], "publisher", "某镇政府"),
        ([Line("本局来源：略")], "source_line", None),
    ],
)
def test_labels(lines: list[Line], field: str, value: str | None) -> None:
    assert read_labels(lines).values.get(field) == value


def test_unknown_labels_are_counted() -> None:
    found = read_labels([Line("", cells=("归档批次：", "第三批", "索引号：", "A123/1"))])
    assert found.unknown == ["归档批次"]
    assert found.values["index_no"] == "A123/1"


@pytest.mark.parametrize(
    ("document", "visible", "expected"),
    [
        ("某镇2023年工作总结_总结_某县人民政府", "<h1>某镇2023年工作总结</h1>", "某镇2023年工作总结"),
        ("某镇2023年工作总结 - 文档 - 某某学习网", "", "某镇2023年工作总结"),
        ("某县人民政府门户网站", "<h2>某镇2023年工作总结</h2>", "某镇2023年工作总结"),
        ("工作总结", '<div class="bt">某镇2023年工作总结</div>', "某镇2023年工作总结"),
        ("某镇工作总结.doc", "", "某镇工作总结"),
    ],
)
def test_titles(document: str, visible: str, expected: str) -> None:
    html = f"<title>{document}</title>{visible}<p>发布时间：2023-01-01</p><div id=zoom>{BODY}</div>"
    assert _read(html).title == expected


@pytest.mark.parametrize(
    "text",
    [
        "【打印本页】 【关闭窗口】",
        "分享到： 微信 微博 QQ空间",
        "上一篇：某镇开展植树活动",
        "责任编辑：赵某",
        "字体：大 中 小",
        "扫一扫在手机打开当前页",
        "版权所有：某县人民政府",
        "免责声明：本网转载内容版权归原作者所有。",
    ],
)
def test_furniture(text: str) -> None:
    assert is_furniture(text)


@pytest.mark.parametrize(
    "text",
    [
        "一、来源渠道不断拓宽",
        "打印机等办公用品统一采购，节约经费三万元。",
        "附件：任务分工表.xlsx",
        "2023年1月5日",
        "大力实施中小学校舍改造工程。",
        "某县人民政府办公室",
    ],
)
def test_text_is_no_furniture(text: str) -> None:
    assert not is_furniture(text)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/f/1.PDF">报告</a>', [("attachment", "http://www.mou.example/f/1.PDF", "报告")]),
        (
            """<a href="#" onclick="down('../up/2.docx')">下载</a>""",
            [("attachment", "http://www.mou.example/up/2.docx", "下载")],
        ),
        (
            '<iframe src="/pdfjs/viewer.html?file=%2Fup%2F3.pdf"></iframe>',
            [("attachment", "http://www.mou.example/up/3.pdf", "3.pdf")],
        ),
        (
            '<div id="pdfshow" data-value="a.ofd"></div>',
            [("attachment", "http://www.mou.example/zwgk/a.ofd", "a.ofd")],
        ),
        (
            '<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=9">附件1</a>',
            [
                (
                    "attachment",
                    "http://www.mou.example/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=9",
                    "附件1",
                )
            ],
        ),
        (
            '<a href="12308_3.html">3</a><a href="12308_2.html">[2]</a>',
            [
                ("continuation", "http://www.mou.example/zwgk/12308_2.html", "2"),
                ("continuation", "http://www.mou.example/zwgk/12308_3.html", "3"),
            ],
        ),
        ('<a href="12308_57.html">57</a><a href="/a/1.html">下一页</a>', []),
        ('<iframe src="http://other.example/content.html" height="600"></iframe>', []),
        ('<a href="javascript:window.print()">打印.pdf</a>', []),
        ('<base href="http://[x"><a href="http://[broken/a.pdf">报告</a><iframe src="//[/content">', []),
    ],
)
def test_follow_ups(html: str, expected: list[tuple[str, str, str]]) -> None:
    found = follow_ups(Page(URL, html.encode()))
    assert [(follow.kind, follow.url, follow.caption) for follow in found] == expected


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("某县卫生局2023年工作总结", None),
        ("2023年政府工作报告", None),
        ("关于印发2023年工作要点的通知", None),
        ("某局关于2022年工作情况的报告", None),
        ("在全县卫生工作会议上的讲话", None),
        ("关于报送2023年工作总结的通知", "notice"),
        ("某县人民医院设备采购项目成交公示", "notice"),
        ("某局2023年公开招聘工作人员公告", "notice"),
        ("某县召开2023年工作总结表彰大会", "news"),
        ("县领导到石桥镇调研", "news"),
    ],
)
def test_topics(title: str, reason: str | None) -> None:
    refused = reject_topic(Page(URL, b""), title)
    assert (refused.reason if refused else None) == reason


@pytest.mark.parametrize(
    ("line", "shown", "total", "unit"),
    [
        ("全文共2234字,当前显示319字", 319, 2234, "chars"),
        ("此处隐藏545个字", None, None, "chars"),
        ("第1页 / 共11页", 1, 11, "pages"),
        ("全文预览已结束，下载文档查看全文", None, None, ""),
        ("剩余内容请登录后查看", None, None, ""),
    ],
)
def test_truncation_cues(line: str, shown: int | None, total: int | None, unit: str) -> None:
    found = find_truncation([line], ["全年任务圆满完成。"])
    assert found is not None
    assert (found.shown, found.total, found.unit) == (shown, total, unit)


@pytest.mark.parametrize(
    "line",
    ["加快推进全文数据库建设，下载量达到三万次。", "第二次全体会议，共10页材料", "全年共接待群众2234人次"],
)
def test_no_truncation_in_reports(line: str) -> None:
    assert find_truncation([line], ["全年任务圆满完成。"]) is None


def _report(year: int) -> list[Line]:
    opening = Line(f"{year}年，在局党委的正确领导下，我认真履行职责，完成了各项工作任务，现总结如下：")
    return [opening, Line("一、主要工作"), *map(Line, SENTENCES), Line("二、存在不足"), *map(Line, SENTENCES)]


MARKERS = ["篇{}：个人工作总结", "第{}篇 个人总结", "工作总结范文{}", "个人工作总结（{}）"]


@pytest.mark.parametrize(
    ("marker", "numerals"),
    [
        *((marker, numerals) for marker in MARKERS for numerals in ("一二三", "123")),
        ("个人工作总结{}", "123"),
    ],
)
def test_marked_compilations(marker: str, numerals: str) -> None:
    lines = [Line("下面是几篇总结。")]
    for numeral, year in zip(numerals, (2019, 2020, 2021), strict=True):
        lines += [Line(marker.format(numeral)), *_report(year)]
    parts = split("个人工作总结三篇", lines)
    assert [part.lines[0].text[:4] for part in parts] == ["2019", "2020", "2021"]
    assert all(len(part.lines) == 11 for part in parts)


def test_a_title_that_announces_texts_over_a_page_without_any() -> None:
    assert [part.lines for part in split("个人工作总结（精选3篇）", [])] == [()]


def test_unmarked_compilation_is_cut_where_the_numbering_starts_again() -> None:
    parts = split("个人工作总结3篇", [*_report(2019), *_report(2020), *_report(2021)])
    assert [part.lines[0].text[:4] for part in parts] == ["2019", "2020", "2021"]


@pytest.mark.parametrize("title", ["某局2023年工作总结", "关于感恩的作文三篇"])
def test_one_report_and_other_genres_stay_whole(title: str) -> None:
    lines = [*_report(2019), Line("（一）"), Line("（二）"), *_report(2020)]
    assert len(split(title, lines)) == 1


def test_a_plan_in_several_books_stays_whole() -> None:
    books = [Line("第一篇 发展环境"), *_report(2019), Line("第二篇 重点任务"), *_report(2020)]
    assert len(split("某县国民经济和社会发展第十四个五年规划", books)) == 1


def test_attachments_that_were_not_fetched_say_so() -> None:
    report = _read(f'<title>某镇工作总结</title><div id=zoom>{BODY}<a href="a.pdf">报告</a></div>')
    assert [(each.format, each.note, each.text) for each in report.attachments] == [
        ("pdf", "not_fetched", None)
    ]


def test_a_selector_of_the_source_wins() -> None:
    html = f"<title>某镇工作总结</title><div id=zoom>{BODY}</div><div class=x><p>{SENTENCES[1]}</p></div>"
    assert _read(html, body_selector="div.x").text == SENTENCES[1]
    assert len(_read(html, body_selector="div[").text) > 100  # a broken selector is passed over


def test_rows_for_the_command(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.html").write_text(f"<title>某镇采购公告</title><div id=zoom>{BODY}</div>", "utf-8")
    rows = list(
        extract_rows([{"id": "1", "url": URL, "file": "a.html"}, {"url": "u", "file": "b.html"}], tmp_path)
    )
    assert rows[0]["text"] == "\n".join(SENTENCES)
    assert rows[0].keys() == {
        "id", "part", "url", "title", "published_on", "written_on", "publisher", "doc_no", "index_no", "text",
        "is_truncated", "rejected",
    }  # fmt: skip
    assert (rows[1]["id"], rows[1]["text"], rows[1]["rejected"]) == ("u", None, "unreadable")


def _mutated(seed: int) -> bytes:
    dice = random.Random(seed)
    page = f"<html><head><title>某镇工作总结</title></head><body><table><tr><td>{BODY}</td></tr></table></body>".encode()
    kind = seed % 5
    place = dice.randrange(len(page))
    if kind == 0:
        return page[:place]
    if kind == 1:
        return page[:place] + page[dice.randrange(len(page)) :]
    if kind == 2:
        return bytes(dice.randrange(256) if dice.random() < 0.02 else byte for byte in page)
    if kind == 3:
        return dice.randbytes(place)
    opening = dice.choice(
        [b"<!--", b"<script>", b"<title>", b"<textarea>", b"<div>" * 3000, b"</html>", b"<![CDATA["]
    )
    return page[:place] + opening + page[place:]


@pytest.mark.parametrize("seed", range(60))
def test_mutated_pages_end_in_a_value(seed: int) -> None:
    page = Page(URL, _mutated(seed))
    found = read_page(page)
    assert isinstance(found, Rejection) or all(isinstance(report, Report) for report in found)
    assert not (isinstance(found, Rejection) and found.reason == "unreadable")
    assert isinstance(follow_ups(page), list)


BOMBS = {
    "nesting": b"<div>" * 100_000 + BODY.encode(),
    "entities": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><p>&b;&b;</p>'
    + BODY.encode(),
    "ampersands": b"&" * 2_000_000,
    "comments": b"<!--" * 500_000,
    "one long line": "工作总结".encode() * 300_000,
    "brackets": "（".encode() * 500_000,
    "cells": b"<td>" * 60_000,
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.timeout(60)
def test_bombs_end_in_a_value(name: str) -> None:
    found = read_page(Page(URL, BOMBS[name]))
    assert isinstance(found, Rejection | list)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="<>/=\"' abpdivtrs总结一、。：&#;!-", max_size=300))
def test_no_markup_raises(text: str) -> None:
    found = read_page(Page(URL, text.encode()))
    assert not (isinstance(found, Rejection) and found.reason == "unreadable")


def test_a_page_that_only_points_to_its_attachment_gets_its_text() -> None:
    word = Document()
    for sentence in SENTENCES:
        word.add_paragraph(sentence)
    saved = io.BytesIO()
    word.save(saved)
    cover = Page(
        URL, "<title>某镇工作总结</title><div id=zoom><a href='/a.docx'>某镇工作总结.docx</a></div>".encode()
    )
    wanted = follow_ups(cover)
    found = read_page(cover, [Page(wanted[0].url, saved.getvalue())])
    assert isinstance(found, list), found
    assert all(sentence in found[0].text for sentence in SENTENCES)
    assert [(each.format, each.note) for each in found[0].attachments] == [("docx", "")]
    straight = read_page(Page("http://www.mou.example/a.docx", saved.getvalue()), list_title="某镇工作总结")
    assert isinstance(straight, list), straight
    assert (straight[0].title, straight[0].text.splitlines()) == ("某镇工作总结", SENTENCES)
