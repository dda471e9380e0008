"""文档阁, a document site that shows the beginning of a report and sells the rest."""

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
from crawlers.sample_sites.texts.agencies import CIVIL, EDUCATION, HEALTH
from crawlers.sample_sites.texts.compose import Work, compose
from crawlers.sample_sites.texts.masks import preview

_HOST = "www.wendangge.example"
_PER_PAGE = 5
_SHARE = 0.38  # of a document is shown: about what such sites show of a report of three pages


def build(*governments: Site) -> Site:
    """The site. `governments` are the sites that its documents were taken from."""
    works = [
        compose(agency, "annual", year)
        for agency in (HEALTH, EDUCATION, CIVIL)
        for year in (2019, 2021, 2023)
    ]
    urls = {(site.title, e.title): site.url_of(e) for site in governments for e in site.entries}
    entries = [_preview_entry(work, urls[work.agency.name, work.title]) for work in works]
    return Site(
        "sample_wendangge", _HOST, "文档阁", _path_of, _respond, numbered(entries, first_number=812_341)
    )


def _preview_entry(work: Work, url: str) -> Entry:
    shown, total = preview(work, _SHARE)
    n_shown = sum(map(len, shown))
    uploaded_on = date(work.year + 1, 6, 1 + work.year % 27)
    return Entry(0, work.title, uploaded_on, shown, preview_of=url, n_hidden=total - n_shown)


def _path_of(entry: Entry) -> str:
    return f"/doc-{entry.number}.html"


def _respond(site: Site, request: Request) -> Answer | None:
    if entry := site.entry_at(request.path):
        return html_article(entry, _article(site, entry))
    total = n_pages(site.entries, _PER_PAGE)
    paths = ["/list-12.html", *(f"/list-12-{number}.html" for number in range(2, total + 1))]
    if request.path not in paths:
        return None
    return html_list(site, _list(site, paths.index(request.path), paths))


def _frame(title: str, content: str) -> str:
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        f"<title>{escape(title)} - 文档阁</title></head><body>\n"
        '<div class="topbar">文档阁 <a href="/vip">开通会员</a> <a href="/upload">上传文档赚收益</a> <a href="/login">登录</a></div>\n'
        f"{content}\n"
        '<div class="foot">关于我们 | 版权申诉 | 客服 | 文档阁 Copyright © 2016-2024</div></body></html>\n'
    )


def _list(site: Site, index: int, paths: list[str]) -> str:
    rows = "\n".join(
        f'<dl class="item"><dt><a href="{site.path_of(e)}" title="{escape(e.title)}">{escape(e.title)}</a></dt>'
        f"<dd>上传时间：{e.published_on} 页数：{3 + e.number % 4} 大小：{28 + e.number % 30}KB</dd></dl>"
        for e in page_of(site.newest_first(), index + 1, _PER_PAGE)
    )
    onward = f'<a class="next" href="{paths[index + 1]}">下一页</a>' if index + 1 < len(paths) else ""
    return _frame(
        "工作总结文档大全", f'<h2>工作总结</h2>\n{rows}\n<div class="page">{index + 1} {onward}</div>'
    )


def _article(site: Site, entry: Entry) -> str:
    body = "\n".join(f"<p>　　{escape(line)}</p>" for line in entry.paragraphs)
    n_shown = sum(map(len, entry.paragraphs))
    content = (
        '<div class="crumb"><a href="/">首页</a> &gt; <a href="/list-12.html">工作总结</a></div>\n'
        f'<div class="doc"><h1>{escape(entry.title)}</h1><div class="info">栏目：工作总结 发布：{entry.published_on} '
        f"浏览：{entry.number % 3000} 下载：{entry.number % 170} 收藏</div>\n"
        f'<div class="preview" id="docContent">\n{body}\n</div>\n'
        f'<div class="paywall"><p>解锁后支持完整在线阅读、编辑和下载</p><p>全文共{n_shown + entry.n_hidden}字,当前显示{n_shown}字</p>'
        '<a class="btn" href="/pay">立即下载（9.9元）</a></div></div>\n'
        '<div class="note">1、本文档由用户上传，版权归原作者所有。2、下载后文档不会有水印。</div>'
    )
    return _frame(entry.title, content)
