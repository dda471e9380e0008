"""青岭市教育局, a column in the manner of Hanweb: the list comes as XML from dataproxy.jsp."""

from __future__ import annotations

from html import escape

from crawlers.sample_sites import chrome
from crawlers.sample_sites.entries import government_column
from crawlers.sample_sites.site import Answer, Entry, Request, Site, html_article, html_list
from crawlers.sample_sites.texts.agencies import EDUCATION

_HOST = "jyj.qingling.gov.example"
_COLUMN_ID = 1229
_COLUMN = f"/col/col{_COLUMN_ID}/index.html"
_PROXY = "/module/web/jpage/dataproxy.jsp"
_UNIT = "58863"
_CODE = "9904560007"
_PER_PAGE = 8
_MENU = ("教育概况", "教育新闻", "政务公开", "招生考试", "互动平台")


def build() -> Site:
    """The site: 21 reports of seven years and the notices and news beside them."""
    entries = government_column(EDUCATION, ("annual", "half", "plan"), first_number=58_860)
    return Site("sample_qingling_jyj", _HOST, EDUCATION.name, _path_of, _respond, entries)


def _path_of(entry: Entry) -> str:
    on = entry.published_on
    return f"/art/{on.year}/{on.month}/{on.day}/art_{_COLUMN_ID}_{entry.number}.html"


def _respond(site: Site, request: Request) -> Answer | None:
    if entry := site.entry_at(request.path):
        return html_article(entry, _article(site, entry))
    if request.path == _COLUMN:
        return html_list(site, _column(site))
    if request.path == _PROXY:
        return _records(site, {**request.query, **request.form})
    return None


def _records(site: Site, asked: dict[str, str]) -> Answer | None:
    if asked.get("columnid") != str(_COLUMN_ID) or asked.get("unitid") != _UNIT:
        return None
    first = int(asked.get("startrecord", "1"))
    last = int(asked.get("endrecord", str(first + _PER_PAGE - 1)))
    body = _datastore(site, first, last)
    return Answer(body.encode(), "text/xml;charset=UTF-8", "list", site.last_change())


def _datastore(site: Site, first: int, last: int) -> str:
    rows = site.newest_first()
    records = "".join(f"<record><![CDATA[{_row(site, e)}]]></record>" for e in rows[first - 1 : last])
    total_pages = -(-len(rows) // _PER_PAGE)
    return (
        '<?xml version="1.0" encoding="utf-8"?><datastore>\n'
        f"<totalrecord>{len(rows)}</totalrecord><totalpage>{total_pages}</totalpage>"
        f"<recordset>\n{records}</recordset></datastore>"
    )


def _row(site: Site, entry: Entry) -> str:
    return (
        f'<li><span class="fr">{entry.published_on}</span>'
        f'<a href="{site.path_of(entry)}" title="{escape(entry.title)}" target="_blank">{escape(entry.title)}</a></li>'
    )


def _meta() -> dict[str, str]:
    return {"SiteName": EDUCATION.name, "SiteDomain": _HOST, "SiteIDCode": _CODE, "ColumnName": "计划总结"}


def _frame(title: str, meta: dict[str, str], content: str) -> str:
    where = (
        f'<div class="dqwz">您现在的位置：<a href="/">首页</a>&gt;&gt;<a href="{_COLUMN}">计划总结</a></div>'
    )
    bottom = chrome.footer(_HOST, EDUCATION.name, _CODE, "青ICP备99000456号")
    return chrome.head(title, meta) + chrome.navigation(EDUCATION.name, _MENU) + where + content + bottom


def _column(site: Site) -> str:
    """The column page holds the first page in the same form and the settings of the pager."""
    settings = (
        '<script type="text/javascript">$(function(){$(\'#' + _UNIT + "').jpage({proxyUrl:'" + _PROXY + "',"
        f"totalRecord:{len(site.entries)},openCookies:0,perPage:{_PER_PAGE},"
        f"ajaxParam:{{col:1,appid:1,webid:26,path:'/',columnid:{_COLUMN_ID},sourceContentType:1,unitid:'{_UNIT}',"
        f"webname:'{EDUCATION.name}',permissiontype:0}}}});}});</script>"
    )
    first_page = f'<script type="text/xml">{_datastore(site, 1, _PER_PAGE)}</script>'
    content = f'<div class="list"><div id="{_UNIT}">{first_page}</div></div>\n{settings}'
    return _frame(f"{EDUCATION.name} 计划总结", _meta(), content)


def _article(site: Site, entry: Entry) -> str:
    published = f"{entry.published_on} 09:{entry.number % 60:02d}"
    meta = _meta() | {"ArticleTitle": entry.title, "pubdate": published, "ContentSource": EDUCATION.name}
    others = [e for e in site.newest_first() if e.kind == "report" and e != entry][:4]
    content = (
        '<div class="main"><table width="100%"><tr><td class="title" align="center">'
        f'<meta name="ArticleTitle"><!--<$[标题]>begin-->{escape(entry.title)}<!--<$[标题]>end--></td></tr></table>\n'
        f'<div class="xxly"><span>发布日期：{published}</span><span>信息来源：{EDUCATION.name}</span>'
        '<span>浏览次数：<script src="/module/visitcount/articlehits.jsp"></script></span>'
        '<span>字体：[<a href="javascript:doZoom(16)">大</a> <a href="javascript:doZoom(14)">中</a>]</span></div>\n'
        f'<div id="zoom" class="bt_content"><!--<$[信息内容]>begin-->\n{chrome.paragraphs(entry)}\n<!--<$[信息内容]>end--></div>\n'
        '<div class="dyclose">[<a href="javascript:window.print()">打印本页</a>] '
        '[<a href="javascript:window.close()">关闭窗口</a>]</div></div>\n'
        + chrome.related(others, [site.path_of(e) for e in others])
    )
    return _frame(f"{EDUCATION.name} 计划总结 {entry.title}", meta, content)
