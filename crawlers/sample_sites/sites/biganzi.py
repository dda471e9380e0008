"""笔杆子文库, an article site in GBK under a gb2312 label: own reports, and two of 云河县's with another year."""

from __future__ import annotations

from datetime import date
from html import escape

from crawlers.sample_sites.entries import numbered
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
from crawlers.sample_sites.texts.agencies import HEALTH, WATER
from crawlers.sample_sites.texts.compose import YEARS, compose
from crawlers.sample_sites.texts.masks import anonymous, redated

_HOST = "www.biganzi.example"
_PER_PAGE = 6
_CHARSET = "gb18030"  # what the pages are; what they claim is gb2312, as sites of this kind do


def build(originals: Site) -> Site:
    """The site. `originals` is the government site that its two copies were taken from."""
    entries = numbered([*_copies(originals), *_own()], first_number=271)
    return Site("sample_biganzi", _HOST, "笔杆子文库", _path_of, _respond, entries)


def _copies(originals: Site) -> list[Entry]:
    """The annual report of 2018 dated three years later, and that of 2020 with the year masked."""
    later, hidden = compose(HEALTH, "annual", 2018), compose(HEALTH, "annual", 2020)
    title, paragraphs = redated(later, years=3)
    masked_title, masked_paragraphs = anonymous(hidden)
    return [
        Entry(0, title, date(2022, 3, 16), paragraphs, copied_from=_address(originals, later.title)),
        Entry(
            0,
            masked_title,
            date(2023, 9, 2),
            masked_paragraphs,
            copied_from=_address(originals, hidden.title),
        ),
    ]


def _address(site: Site, title: str) -> str:
    return next(site.url_of(entry) for entry in site.entries if entry.title == title)


def _own() -> list[Entry]:
    # 喆, 堃 and 镕 are no characters of gb2312: only a decoder that knows the wider set reads them.
    thanks = "（本文由会员李喆、张堃、周镕分享，略有删节）"
    works = [compose(WATER, "annual", year) for year in YEARS]
    return [
        Entry(
            0, w.title, date(w.year + 1, 4, 3 + w.year % 20), (*w.paragraphs, thanks), publisher=w.agency.name
        )
        for w in works
    ]


def _path_of(entry: Entry) -> str:
    return f"/html/{entry.number}.html"


def _respond(site: Site, request: Request) -> Answer | None:
    if entry := site.entry_at(request.path):
        return html_article(entry, _article(site, entry), _CHARSET)
    total = n_pages(site.entries, _PER_PAGE)
    paths = [f"/html/list_{number}.html" for number in range(1, total + 1)]
    if request.path not in paths:
        return None
    return html_list(site, _list(site, paths.index(request.path) + 1, total), _CHARSET)


def _frame(title: str, content: str) -> str:
    menu = "".join(
        f'<a href="/{i}/">{name}</a>'
        for i, name in enumerate(("公文写作", "领导讲话", "总结计划", "心得体会"), 1)
    )
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        f"<title>{escape(title)}</title></head><body>\n<div class=head><b>笔杆子文库</b> 公文写作好帮手 {menu}"
        ' <a href="/login.php">登录</a> <a href="/reg.php">注册</a></div>\n'
        f"{content}\n<div class=foot>Copyright 2012-2024 笔杆子文库 版权所有 | 网站地图 | 联系我们</div></body></html>"
    )


def _list(site: Site, number: int, total: int) -> str:
    rows = "\n".join(
        f'<li><a href="{site.path_of(e)}" target=_blank>{escape(e.title)}</a> <i>{e.published_on:%m-%d}</i></li>'
        for e in page_of(site.newest_first(), number, _PER_PAGE)
    )
    onward = f'<a href="/html/list_{number + 1}.html">下一页</a> <a href="/html/list_{total}.html">末页</a>'
    pager = f"<div class=pages>第{number}页/共{total}页 {onward if number < total else ''}</div>"
    return _frame(
        "总结计划 - 笔杆子文库",
        f"<div class=pos>当前位置:笔杆子文库 &gt; 总结计划</div><ul class=list>\n{rows}\n</ul>{pager}",
    )


def _article(site: Site, entry: Entry) -> str:
    body = "\n".join(f"<p>　　{escape(line)}</p>" for line in entry.paragraphs)
    hot = [e for e in site.newest_first() if e != entry][:3]
    links = "".join(f'<li><a href="{site.path_of(e)}">{escape(e.title)}</a></li>' for e in hot)
    content = (
        f"<div class=pos>当前位置:笔杆子文库 &gt; 总结计划 &gt; {escape(entry.title)}</div>\n"
        f"<h1>{escape(entry.title)}</h1><div class=info>时间:{entry.published_on} 作者:会员投稿 来源:网络 点击:{entry.number * 3}次</div>\n"
        f"<div class=content id=content>\n{body}\n</div>\n"
        f"<p class=copy>本文地址:{site.url_of(entry)}，转载分享请保留原作者信息。</p>"
        "<p class=copy>免责声明:本站部分内容由会员上传，如有侵权请联系我们删除。</p>"
        f"<div class=hot><h3>热门文章</h3><ul>{links}</ul></div>"
    )
    return _frame(f"{entry.title} - 笔杆子文库", content)
