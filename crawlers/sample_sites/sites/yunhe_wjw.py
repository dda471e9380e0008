"""云河县卫生健康局, a column in the manner of TRS WCM: metadata table, standard tags, createPageHTML paging."""

from __future__ import annotations

from html import escape

from crawlers.sample_sites import chrome
from crawlers.sample_sites.entries import government_column
from crawlers.sample_sites.site import (
    Answer,
    Entry,
    Request,
    Site,
    html_article,
    html_list,
    n_pages,
    page_of,
)
from crawlers.sample_sites.texts.agencies import HEALTH

_HOST = "wjw.yunhe.gov.example"
_COLUMN = "/zfxxgk/fdzdgknr/ghjh/"
_CODE = "9901230012"
_PER_PAGE = 10
_MENU = ("机构概况", "新闻中心", "政府信息公开", "办事服务", "互动交流")


def build() -> Site:
    """The site: 21 reports of seven years and the notices and news beside them."""
    entries = government_column(HEALTH, ("annual", "half", "plan"), first_number=4_390_001)
    return Site("sample_yunhe_wjw", _HOST, HEALTH.name, _path_of, _respond, entries)


def _path_of(entry: Entry) -> str:
    on = entry.published_on
    return f"{_COLUMN}{on:%Y%m}/t{on:%Y%m%d}_{entry.number}.shtml"


def _respond(site: Site, request: Request) -> Answer | None:
    if entry := site.entry_at(request.path):
        return html_article(entry, _article(site, entry))
    total = n_pages(site.entries, _PER_PAGE)
    names = [f"{_COLUMN}index{f'_{i}' if i else ''}.shtml" for i in range(total)]
    path = _COLUMN + "index.shtml" if request.path == _COLUMN else request.path
    return html_list(site, _list(site, names.index(path), total)) if path in names else None


def _meta() -> dict[str, str]:
    return {
        "SiteName": HEALTH.name,
        "SiteDomain": _HOST,
        "SiteIDCode": _CODE,
        "ColumnName": "规划计划",
        "ColumnType": "工作动态",
    }


def _frame(title: str, meta: dict[str, str], content: str) -> str:
    where = f'<div class="wz">当前位置：<a href="/">首页</a> &gt; <a href="/zfxxgk/">政府信息公开</a> &gt; <a href="{_COLUMN}">规划计划</a></div>'
    bottom = chrome.footer(_HOST, HEALTH.name, _CODE, "云ICP备99000123号-1")
    return chrome.head(title, meta) + chrome.navigation(HEALTH.name, _MENU) + where + content + bottom


def _list(site: Site, index: int, total: int) -> str:
    rows = "\n".join(
        f'<li><a href=".{site.path_of(e)[len(_COLUMN) - 1 :]}" title="{escape(e.title)}" target="_blank">'
        f"{escape(e.title[:24])}{'…' if len(e.title) > 24 else ''}</a><span>{e.published_on}</span></li>"
        for e in page_of(site.newest_first(), index + 1, _PER_PAGE)
    )
    content = (
        f'<div class="list-box"><h2>规划计划</h2><ul class="info-list">\n{rows}\n</ul>\n<div class="page">'
        f'<script>createPageHTML({total}, {index}, "index", "shtml");</script></div></div>'
    )
    return _frame(f"规划计划_{HEALTH.name}", _meta(), content)


def _article(site: Site, entry: Entry) -> str:
    published = f"{entry.published_on} 10:{entry.number % 60:02d}"
    meta = _meta() | {
        "ArticleTitle": entry.title,
        "PubDate": published,
        "ContentSource": HEALTH.name,
        "Keywords": "卫生健康;规划计划",
    }
    content = (
        f'{_metadata_table(entry)}<h2 class="title">{escape(entry.title)}</h2>\n'
        f'<div class="info">发布时间：{published} 来源：{HEALTH.name} 字号：<a href="javascript:doZoom(18)">大</a> '
        '<a href="javascript:doZoom(16)">中</a> <a href="javascript:doZoom(14)">小</a> '
        '<a href="javascript:window.print()">打印</a></div>\n'
        f'<div class="view TRS_UEDITOR trs_paper_default trs_web">\n{chrome.paragraphs(entry)}\n</div>\n'
        '<div class="tools"><a href="javascript:window.print()">【打印本页】</a>'
        '<a href="javascript:window.close()">【关闭窗口】</a></div>'
        '<div class="ewm"><img src="/images/ewm.png" alt=""><p>扫一扫在手机上查看当前页面</p></div>'
    )
    return _frame(f"{entry.title}_{HEALTH.name}", meta, content)


def _metadata_table(entry: Entry) -> str:
    if entry.kind != "report":
        return ""
    written = entry.written_on or entry.published_on
    rows = (
        ("索引号", f"{_index_no(entry)}", "主题分类", "卫生、体育"),
        ("发布机构", entry.publisher, "发文日期", f"{written:%Y年%m月%d日}"),
        ("名称", escape(entry.title), "文号", entry.doc_no),
        ("效力状态", "有效", "发布日期", f"{entry.published_on:%Y年%m月%d日}"),
    )
    cells = "".join(
        f'<tr><td class="k">{a}</td><td>{b}</td><td class="k">{c}</td><td>{d}</td></tr>'
        for a, b, c, d in rows
    )
    return f'<table class="xxgk" cellspacing="0">{cells}</table>\n'


def _index_no(entry: Entry) -> str:
    return f"MB0X12343/{entry.published_on.year}-{entry.number % 100_000:05d}"
