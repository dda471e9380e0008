"""Any number of report pages of our own making: as a crawl would have landed them, and as files for other programs.

The sample sites draw the pages, five layouts of government and sharing sites in turn; the texts are composed, no two
alike. Page n weighs what one of 53 saved pages of such sites does, row n of page_profiles.tsv round and round: so many
characters of text, figures, paragraphs, links, elements of each kind, scripts, attributes, comments, blanks, levels. The
saved pages have in the mean 56 kB (a tenth below 16, a tenth above 104), 502 elements, 80 links, 3,413 characters of text
and 23 figures with a name.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise, zip_longest
from pathlib import Path

from archive.landing import Landing, digest
from archive.models import Capture, CrawlRun
from archive.warc import Exchange
from crawlers.sample_sites.site import Entry, Request, Site
from crawlers.sample_sites.sites import biganzi, qingling_jyj, qingshihe, shiqiao_mzj, yunhe_wjw
from crawlers.source import Source
from tests.composed import report

START = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source(
    name="samples", title="样本", kind="government", columns=("http://samples.example/",), at_least=0
)
HEADERS = ((b"Content-Type", b"text/html"),)

PageMade = tuple[str, bytes, str]  # address, bytes, title
Profile = dict[str, int]  # a row of page_profiles.tsv


def made(n: int, first: int = 0) -> Iterator[PageMade]:
    """Address, bytes and title of pages first, first + 1, …; the same number always gives the same page."""
    health = yunhe_wjw.build()
    sites = (health, qingling_jyj.build(), shiqiao_mzj.build(), qingshihe.build(), biganzi.build(health))
    profiles = _profiles()
    for number in range(first, first + n):
        profile = profiles[number % len(profiles)]
        yield _page(sites[number % len(sites)], _entry(number, profile), profile)


@cache
def _profiles() -> tuple[Profile, ...]:
    rows = Path(__file__).with_name("page_profiles.tsv").read_text("utf-8").splitlines()
    names, *values = [row.split("\t") for row in rows if not row.startswith("#")]
    return tuple(dict(zip(names, map(int, row), strict=True)) for row in values)


def _page(site: Site, entry: Entry, profile: Profile) -> PageMade:
    site.entries = [entry]
    answer = site.answer(Request("GET", site.path_of(entry)))
    assert answer is not None
    charset = "utf-8" if b"charset=utf-8" in answer.body[:400] else "gb18030"
    return site.url_of(entry), _weighed(answer.body.decode(charset), profile).encode(charset), entry.title


# ---------------------------------------------------------------- the text


def _entry(number: int, profile: Profile) -> Entry:
    rng = random.Random(number)
    year = 2008 + number % 16
    place, *sentences = _sentences(number, profile, year)
    lines = _lines(sentences, profile["lines"])
    day = date(year + 1, 1 + number % 12, 1 + number % 28)
    return Entry(
        number + 1_000_000,
        f"{year}年{place[:-4]}工作总结",
        day,
        tuple(lines),
        publisher=rng.choice(("", place[:3])),
    )


def _sentences(number: int, profile: Profile, year: int) -> list[str]:
    """The title of a composed report and its sentences; as many of them as the profile asks for have two figures."""
    title, *rest = report(number, 2 + profile["text_chars"] // 24, year).splitlines()
    bare, kept, n_chars = [], profile["figures"] // 2, 0
    for sentence in "".join(rest).split("。"):
        if n_chars >= profile["text_chars"]:
            break
        if "新增" in sentence and len(bare) >= kept:
            sentence = re.sub(r"，[^，。]{3}新增.*", "", sentence)
        bare.append(f"{sentence}。")
        n_chars += len(sentence)
    return [title, *bare]


def _lines(sentences: list[str], n: int) -> list[str]:
    """The sentences in so many paragraphs; a heading of its own above every fourth."""
    n = max(1, min(n * 4 // 5, len(sentences)))
    cuts = [len(sentences) * place // n for place in range(n + 1)]
    lines = ["".join(sentences[start:end]) for start, end in pairwise(cuts)]
    heads = "一二三四五六七八九十"
    return [
        part
        for place, line in enumerate(lines)
        for part in ([f"{heads[place // 4 % 10]}、{line[:12]}"] if place % 4 == 1 else []) + [line]
    ]


# ---------------------------------------------------------------- what stands around it


def _weighed(html: str, profile: Profile) -> str:
    """The page with what its profile has beyond the text: menus, scripts, styles, comments, levels."""
    left = {name: max(0, profile[name] - len(re.findall(f"<{name}[ >]", html))) for name in _KINDS}
    html = _styled(html, profile, left)
    above, below = (
        _chrome({name: n // 2 + n % 2 * half for name, n in left.items()}, profile) for half in (0, 1)
    )
    levels = max(0, profile["depth"] - 6)
    html = html.replace("<body>", f"<body>{_scripts(profile)}{above}{'<div>' * levels}", 1)
    return html.replace(
        "</body>", f"{'</div>' * levels}{below}<!--{_fill(profile['comment_chars'])}--></body>", 1
    )


_KINDS = ("p", "span", "div", "li", "td", "img", "a")
_STYLE = "margin: 0pt; text-indent: 32pt; line-height: 28pt; font-family: 仿宋_GB2312; font-size: 16pt; color: #000; "


def _styled(html: str, profile: Profile, left: dict[str, int]) -> str:
    """The paragraphs with the styles of a word processor, and cut into the spans that it leaves."""
    n = max(html.count("<p>　　"), 1)
    a_paragraph, left["span"] = left["span"] // 2 // n, left["span"] - left["span"] // 2 // n * n
    style = _fill(profile["style_chars"] // (n * (1 + a_paragraph)), _STYLE)

    def styled(match: re.Match[str]) -> str:
        runs = match[1].replace("，", "，\0").split("\0", max(a_paragraph - 1, 0))
        spans = "".join(f"<span style='{style}'>{run}</span>" for run in runs) if a_paragraph else match[1]
        return f"<p style='{style}'>{spans}</p>"

    return re.sub("<p>(　　.*?)</p>", styled, html)


def _chrome(kinds: dict[str, int], profile: Profile) -> str:
    """Elements of these kinds as menus have them: links in lists and cells, with names, addresses and blanks."""
    every = sum(profile[name] for name in _KINDS)
    name = _fill(max(4, profile["attribute_chars"] // max(every, 1) - 20), "menu-item m_nav ")
    blanks = "\n" + " " * max(0, profile["blank_chars"] // max(every, 1) - 1)
    words = _fill(max(1, profile["link_chars"] // max(profile["a"], 1)), "政务公开办事服务互动交流")
    links = [f"<a href='/{name}/{i}/' title='{words}'>{words}</a>" for i in range(kinds["a"])]
    around = [kind for kind in ("li", "td", "span", "p", "img", "div") for _ in range(kinds[kind])]
    parts = [
        _element(kind, name, link) for kind, link in zip_longest(around, links[: len(around)], fillvalue="")
    ]
    return f"<div class='{name}'>" + blanks.join([*parts, *links[len(around) :]]) + "</div>"


def _element(kind: str, name: str, inside: str) -> str:
    if kind == "img":
        return f"<img class='{name}' src='/images/{len(inside)}.gif'>{inside}"
    if kind == "td":
        return f"<table><tr><td class='{name}'>{inside}</td></tr></table>"
    return f"<{kind} class='{name}'>{inside}</{kind}>"


def _scripts(profile: Profile) -> str:
    n = profile["script"]
    code = _fill(
        profile["script_chars"] // max(n, 1),
        "var menu = document.getElementById('menu'); menu.onclick = show;\n",
    )
    return f"<script>{code}</script>\n" * n


def _fill(n: int, words: str = "<div class='old'>menu of the last year</div> ") -> str:
    """So many characters of these words, over and over."""
    return (words * (n // len(words) + 1))[:n]


# ---------------------------------------------------------------- where they go


def land(folder: Path, n: int, first: int = 0, pages: Iterable[PageMade] | None = None) -> None:
    """Write the pages, or those given, as the landing of one run."""
    run = CrawlRun(folder.name, SOURCE.name, START)
    landing = Landing(folder, run, "sample pages")
    for place, (url, body, title) in enumerate(pages or made(n, first)):
        at = START + timedelta(seconds=place)
        capture = Capture(
            run.run_id, run.source, url, "report", 200, "ok", at, content_type="text/html",
            digest=digest(body), n_bytes=len(body), list_title=title,
        )  # fmt: skip
        landing.save(capture, Exchange(url, 200, HEADERS, body, at))
    landing.finish(CrawlRun(run.run_id, run.source, START, START, "done", "end", True, n_fetched=n))


def save(folder: Path, n: int, first: int = 0, pages: Iterable[PageMade] | None = None) -> None:
    """Write the pages, or those given, as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, (_, body, _) in enumerate(pages or made(n, first)):
        (folder / f"{first + place:07}.html").write_bytes(body)
