"""范文库, a site of model texts: one page glues three government reports into one, the others stand alone."""

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
from crawlers.sample_sites.texts.agencies import AGRICULTURE, CIVIL, EDUCATION, HEALTH, MARKET
from crawlers.sample_sites.texts.compose import Work, compose

_HOST = "www.fanwenku.example"
_COLUMN = "/gongzuozongjie/"
_PER_PAGE = 6


def build(*governments: Site) -> Site:
    """The site. `governments` are the sites that the parts of its compilation were taken from."""
    urls = {(site.title, e.title): site.url_of(e) for site in governments for e in site.entries}
    own = [
        compose(agency, "annual", year)
        for agency in (AGRICULTURE, MARKET)
        for year in (2019, 2020, 2022, 2023)
    ]
    entries = [_compilation(urls), *(_own_entry(work) for work in own)]
    return Site(
        "sample_fanwenku", _HOST, "范文库", _path_of, _respond, numbered(entries, first_number=50_211)
    )


def _own_entry(work: Work) -> Entry:
    return Entry(0, work.title, date(work.year + 1, 5, 6 + work.year % 20), work.paragraphs[:-2])


def _compilation(urls: dict[tuple[str, str], str]) -> Entry:
    works = (
        compose(HEALTH, "half", 2019),
        compose(EDUCATION, "half", 2021),
        compose(CIVIL, "half", 2022),
    )
    lines = [
        "上半年的工作已经结束，写好一份工作总结有助于发现问题、积累经验。下面是小编为大家整理的机关单位上半年工作总结范文（精选3篇），"
        "仅供参考，希望能够帮助到大家！",
    ]
    for numeral, work in zip("一二三", works, strict=True):
        lines += [f"篇{numeral}：机关单位上半年工作总结范文", *work.paragraphs[:-2]]
    return Entry(
        0,
        "机关单位上半年工作总结范文（精选3篇）",
        date(2023, 7, 5),
        tuple(lines),
        n_reports=len(works),
        parts=tuple(urls[work.agency.name, work.title] for work in works),
    )


def _path_of(entry: Entry) -> str:
    return f"{_COLUMN}{entry.number}.html"


def _respond(site: Site, request: Request) -> Answer | None:
    if entry := site.entry_at(request.path):
        return html_article(entry, _article(site, entry))
    total = n_pages(site.entries, _PER_PAGE)
    paths = [_COLUMN, *(f"{_COLUMN}index_{number}.html" for number in range(2, total + 1))]
    if request.path not in paths:
        return None
    return html_list(site, _list(site, paths.index(request.path), paths))


def _frame(title: str, content: str) -> str:
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        f"<title>{escape(title)}-范文库</title></head><body>\n"
        '<div class="header"><a href="/">范文库</a><ul><li>工作总结</li><li>工作计划</li><li>述职报告</li><li>心得体会</li></ul></div>\n'
        f'{content}\n<div class="footer"><p>© 2015-2024 范文库 www.fanwenku.example 版权所有</p></div></body></html>\n'
    )


def _list(site: Site, index: int, paths: list[str]) -> str:
    rows = "\n".join(
        f'<li><a href="{site.path_of(e)}">{escape(e.title)}</a><p>{escape(e.paragraphs[0][:60])}…</p>'
        f'<span class="date">{e.published_on}</span></li>'
        for e in page_of(site.newest_first(), index + 1, _PER_PAGE)
    )
    onward = (
        f'<a href="{paths[index + 1]}">下一页</a><a href="{paths[-1]}">尾页</a>'
        if index + 1 < len(paths)
        else ""
    )
    return _frame(
        "工作总结范文",
        f'<div class="list"><h2>工作总结</h2><ul>\n{rows}\n</ul><div class="pager">{onward}</div></div>',
    )


def _article(site: Site, entry: Entry) -> str:
    body = "\n".join(_line(line) for line in entry.paragraphs)
    others = [e for e in site.newest_first() if e != entry][:4]
    more = "".join(f'<li><a href="{site.path_of(e)}">{escape(e.title)}</a></li>' for e in others)
    content = (
        f'<div class="path">当前位置：<a href="/">范文库</a> &gt; <a href="{_COLUMN}">工作总结</a> &gt; 正文</div>\n'
        f'<div class="article"><h1>{escape(entry.title)}</h1><div class="meta">时间：{entry.published_on} 编辑：小敏 '
        '<a class="dl" href="javascript:;">下载本文</a></div>\n'
        f'<div class="content">\n{body}\n</div></div>\n'
        f'<div class="more"><h3>【{escape(entry.title)}】相关文章</h3><ul>{more}</ul></div>'
    )
    return _frame(entry.title, content)


def _line(line: str) -> str:
    return f"<h2>{line}</h2>" if line.startswith("篇") else f"<p>　　{escape(line)}</p>"
