"""石桥区民政局, a column in the manner of VSB: page numbers in the addresses count down to 1, the oldest page."""

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
from crawlers.sample_sites.texts.agencies import CIVIL

_HOST = "mzj.shiqiao.gov.example"
_STEM = "/zwgk/ghzj"
_CODE = "9907890015"
_PER_PAGE = 9
_MENU = ("民政概况", "工作动态", "政务公开", "社会救助", "养老服务")


def build() -> Site:
    """The site: 21 reports of seven years and the notices and news beside them."""
    entries = government_column(CIVIL, ("annual", "half", "plan"), first_number=3_344)
    return Site("sample_shiqiao_mzj", _HOST, CIVIL.name, _path_of, _respond, entries)


def _path_of(entry: Entry) -> str:
    return f"/info/1022/{entry.number}.htm"


def _page_path(number: int, total: int) -> str:
    return f"{_STEM}.htm" if number == 1 else f"{_STEM}/{total - number + 1}.htm"


def _respond(site: Site, request: Request) -> Answer | None:
    if entry := site.entry_at(request.path):
        return html_article(entry, _article(site, entry))
    total = n_pages(site.entries, _PER_PAGE)
    paths = [_page_path(number, total) for number in range(1, total + 1)]
    if request.path not in paths:
        return None
    return html_list(site, _list(site, paths.index(request.path) + 1, paths))


def _frame(title: str, content: str, meta: dict[str, str]) -> str:
    where = '<div class="local">当前位置：<a href="/index.htm">首页</a>&gt;<a href="/zwgk.htm">政务公开</a>&gt;<a href="/zwgk/ghzj.htm">规划总结</a></div>'
    bottom = chrome.footer(_HOST, CIVIL.name, _CODE, "石ICP备99000789号")
    script = '<script language="javascript" src="/system/resource/js/dynclicks.js"></script>'
    return chrome.head(title, meta) + script + chrome.navigation(CIVIL.name, _MENU) + where + content + bottom


def _list(site: Site, number: int, paths: list[str]) -> str:
    rows = "\n".join(
        f'<li id="line_u8_{i}"><a href="{site.path_of(e)}" title="{escape(e.title)}">{escape(e.title)}</a>'
        f"<span>{e.published_on:%Y年%m月%d日}</span></li>"
        for i, e in enumerate(page_of(site.newest_first(), number, _PER_PAGE))
    )
    content = f'<div class="n_list"><ul>\n{rows}\n</ul>{_pager(number, paths)}</div>'
    return _frame(f"规划总结-{CIVIL.name}", content, {"pageType": "2", "pageTitle": "规划总结"})


def _pager(number: int, paths: list[str]) -> str:
    total = len(paths)
    numbers = "".join(
        f'<span class="p_no_d">{i}</span>'
        if i == number
        else f'<span class="p_no"><a href="{path}">{i}</a></span>'
        for i, path in enumerate(paths, 1)
    )
    on = (
        f'<span class="p_next p_fun"><a href="{paths[number]}">下页</a></span>'
        f'<span class="p_last p_fun"><a href="{paths[-1]}">尾页</a></span>'
        if number < total
        else '<span class="p_next_d p_fun_d">下页</span><span class="p_last_d p_fun_d">尾页</span>'
    )
    jump = (
        '<input type="text" class="p_goto_input" id="u8_goto"><a href="javascript:;" '
        f'onclick="_simple_list_gotopage_fun({total},&quot;u8_goto&quot;,2)">跳转</a>'
    )
    return (
        '<div class="pb_sys_common pb_sys_normal pb_sys_style1"><span class="p_pages">'
        f'{numbers}{on}</span> <span class="p_t">共{total}页</span> <span class="p_t">到第</span>{jump}</div>'
    )


def _article(site: Site, entry: Entry) -> str:
    in_order = site.newest_first()
    at = in_order.index(entry)
    after = in_order[at + 1] if at + 1 < len(in_order) else None
    next_line = (
        f'下一条：<a href="{site.path_of(after)}">{escape(after.title)}</a>' if after else "下一条：没有了"
    )
    content = (
        '<form name="_newscontent_fromname"><div class="c_title"><h2>'
        f'{escape(entry.title)}</h2></div><div class="c_info">时间：{entry.published_on}　来源：{CIVIL.name}　点击数：'
        f'<script>_showDynClicks("wbnews", 1676231333, {entry.number})</script></div>\n'
        f'<div id="vsb_content"><div class="v_news_content">\n{chrome.paragraphs(entry)}\n</div></div>\n'
        f'<div id="div_vote_id"></div><p class="prev">上一条：<a href="{_STEM}.htm">返回列表</a></p><p>{next_line}</p>'
        '<p align="right">【<a href="javascript:window.close();">关闭</a>】</p></form>'
    )
    meta = {"pageType": "3", "pageTitle": entry.title}
    return _frame(f"{entry.title}-{CIVIL.name}", content, meta)
