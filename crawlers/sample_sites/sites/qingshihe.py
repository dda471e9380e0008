"""青石河镇, a township's column of static pages; one report stands there only as DOCX and one only as PDF."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from crawlers.sample_sites import chrome
from crawlers.sample_sites.entries import government_column
from crawlers.sample_sites.files.docx import docx
from crawlers.sample_sites.files.pdf import pdf
from crawlers.sample_sites.site import (
    Answer,
    Entry,
    File,
    Request,
    Site,
    html_article,
    html_list,
    n_pages,
    page_of,
)
from crawlers.sample_sites.texts.agencies import TOWN

_HOST = "www.qingshihe.gov.example"
_COLUMN = "/qsh/ghjh/"
_CODE = "9901230088"
_PER_PAGE = 8
_MENU = ("走进青石河", "政务动态", "信息公开", "便民服务")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_AS_DOCX, _AS_PDF = "2020年青石河镇政府工作报告", "2023年青石河镇政府工作报告"


def build() -> Site:
    """The site: 14 reports of seven years, two of them as attachments, and what stands beside them."""
    entries = [_with_file(e) for e in government_column(TOWN, ("annual", "plan"), first_number=303_888)]
    return Site("sample_qingshihe", _HOST, TOWN.name, _path_of, _respond, entries)


def _with_file(entry: Entry) -> Entry:
    folder = f"/attachment/0/{entry.number // 1000}/"
    if entry.title == _AS_DOCX:
        file = File(
            f"{folder}{entry.number}.docx", f"{entry.title}.docx", docx(entry.title, entry.paragraphs), _DOCX
        )
    elif entry.title == _AS_PDF:
        body = pdf(entry.title, entry.paragraphs)
        file = File(f"{folder}{entry.number}.pdf", f"{entry.title}.pdf", body, "application/pdf")
    else:
        return entry
    return replace(entry, paragraphs=("详见附件。",), files=(file,))


def _path_of(entry: Entry) -> str:
    return f"{_COLUMN}content/post_{entry.number}.html"


def _respond(site: Site, request: Request) -> Answer | None:
    if entry := site.entry_at(request.path):
        return html_article(entry, _article(site, entry))
    total = n_pages(site.entries, _PER_PAGE)
    paths = [f"{_COLUMN}index{f'_{number}' if number > 1 else ''}.html" for number in range(1, total + 1)]
    path = paths[0] if request.path == _COLUMN else request.path
    return html_list(site, _list(site, paths.index(path), paths)) if path in paths else None


def _frame(title: str, meta: dict[str, str], content: str) -> str:
    where = f'<div class="crumb">当前位置：<a href="/">首页</a> &gt; 信息公开 &gt; <a href="{_COLUMN}index.html">规划计划</a></div>'
    bottom = chrome.footer(_HOST, TOWN.name, _CODE, "云ICP备99000321号")
    return chrome.head(title, meta) + chrome.navigation(TOWN.name, _MENU) + where + content + bottom


def _list(site: Site, index: int, paths: list[str]) -> str:
    rows = "\n".join(
        f'<li><i></i><a href="{site.url_of(e)}" target="_blank" title="{escape(e.title)}">{escape(e.title)}</a>'
        f'<span class="time">{e.published_on}</span></li>'
        for e in page_of(site.newest_first(), index + 1, _PER_PAGE)
    )
    onward = (
        f'<a class="next" href="{paths[index + 1]}">下一页</a> <a class="last" href="{paths[-1]}">尾页</a>'
        if index + 1 < len(paths)
        else ""
    )
    content = f'<div class="list_con"><ul>\n{rows}\n</ul></div><div class="page"><a class="first" href="{paths[0]}">首页</a> {onward}</div>'
    return _frame(f"规划计划 - {TOWN.name}", {"SiteName": TOWN.name, "ColumnName": "规划计划"}, content)


def _article(site: Site, entry: Entry) -> str:
    published = f"{entry.published_on} 15:{entry.number % 60:02d}:00"
    meta = {
        "SiteName": TOWN.name,
        "SiteDomain": _HOST,
        "SiteIDCode": _CODE,
        "ColumnName": "规划计划",
        "ArticleTitle": entry.title,
        "PubDate": published[:-3],
        "ContentSource": "本网",
    }
    content = (
        f'<div class="article"><h1 class="article-title">{escape(entry.title)}</h1>\n'
        f'<div class="article-date">时间：{published} 来源：本网 <span>【字体：<a>大</a> <a>中</a> <a>小</a>】</span></div>\n'
        f'<div class="article-content">\n{chrome.paragraphs(entry)}\n</div>{_attached(entry)}\n'
        '<div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div>'
        '<div class="btns"><a href="javascript:window.print()">打印</a> <a href="javascript:window.close()">关闭</a></div></div>'
    )
    return _frame(f"{entry.title} - {TOWN.name}", meta, content)


def _attached(entry: Entry) -> str:
    links = "".join(
        f'<p>附件：<a href="{f.path}" title="{f.caption}">{f.caption}</a></p>' for f in entry.files
    )
    return f'<div class="article-attachment">{links}</div>' if links else ""
