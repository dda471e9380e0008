"""Candidates: every element of a list page that may be a row's title, with what stands around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from crawlers.listings._answer import ListAnswer

# Words of links that lead somewhere but name nothing; a row may hold them beside its title.
FILLERS = frozenset(
    re.split(
        r"\W+",
        "更多 more 详情 详细 查看 查看详情 查看全文 阅读全文 阅读 全文 点击查看 点击访问 点击进入 下载 立即下载 分享 首页 上一页 下一页 上页 下页 "
        "尾页 末页 第一页 最后一页 跳转 go 确定 返回 返回首页 设为首页 加入收藏 登录 注册 收藏 打印 关闭 搜索 原文 正文 预览 在线预览",
    )
)
# A link inside quotes in a script: onclick="open(this,'/zwgk/t1.shtml')".
_QUOTED = re.compile(r"""['"]([^'"\s]{2,300})['"]""")
_LINK_SHAPE = re.compile(
    r"^(?:https?:/|\.{0,2})/|/$|\.(?:s?html?|jsp|aspx?|php|pdf|docx?)(?:$|\?)", re.IGNORECASE
)
# Where pager and list scripts of the field keep the address that they open.
_LINK_ATTRIBUTES = ("tagname", "data-href", "data-url", "data-link")
_LONGEST_TITLE = 500  # characters; the longest titles of the field stay below 150
CUT = re.compile(r"(?:…+|\.{2,}|。{3,})$")
_BLANKS = re.compile(r"[\s\u3000\xa0]+")
# Bullets, counters and the brackets of a 【详情】 around a title.
_ORNAMENT = re.compile(r"^[\s·•●■◆▪►▶>»›\-—–*◎○□]+|[\s>»›]+$")
DATE_ONLY = re.compile(r"^[\s\[\]()（）【】\d年月日:/.\-－发布时间日期更新：]+$")
ROW_TAGS = frozenset({"li", "tr", "dl"})
_LIST_TAGS = frozenset({"body", "html", "tbody", "table", "ul", "ol"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CLICKABLE = frozenset({"li", "p", "div", "span", "td", "tr", "h3", "h4"})
_SILENT = frozenset({"script", "style", "noscript", "template"})
_MOST_LINKS = 20_000  # no page of the field has a tenth as many; a page that has must not hold up the crawl
_MAX_DEPTH = 60  # of ancestors looked at; real pages stay below 40


@dataclass(frozen=True)
class Candidate:
    """A possible row: its title, its link ("" where the page names none) and the element that is the whole row."""

    element: HtmlElement
    row: HtmlElement
    url: str
    title: str


def text_of(element: HtmlElement) -> str:
    """The visible text of an element, blanks folded; comments, scripts and styles left out."""
    return _BLANKS.sub(" ", " ".join(pieces(element))).strip()


def pieces(element: HtmlElement) -> Iterator[str]:
    """The strings of an element in reading order."""
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    for event, node in _walk(element):
        text = node.text if event == "start" else node.tail if node is not element else None
        if text and not text.isspace():
            yield text


def _walk(element: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Start and end of each node under `element`, without recursion; of silent nodes only the end."""
    stack: list[tuple[str, HtmlElement]] = [("start", element)]
    while stack:
        event, node = stack.pop()
        if event == "end":
            yield event, node
            continue
        stack.append(("end", node))
        if isinstance(node.tag, str) and node.tag not in _SILENT:
            yield event, node
            stack.extend(("start", child) for child in reversed(node))


def candidates(answer: ListAnswer) -> list[Candidate]:
    """All candidates of a page in reading order."""
    linking = islice(_linking(answer.root), _MOST_LINKS)
    found = [(element, answer.link(target(element)), title_of(element)) for element in linking]
    named = [(element, url, title) for element, url, title in found if is_title(title)]
    n_links = _links_inside(named)
    return [Candidate(element, _row_of(element, n_links), url, title) for element, url, title in named]


def _linking(root: HtmlElement) -> Iterator[HtmlElement]:
    for element in root.iter():
        is_script_link = element.tag in _CLICKABLE and element.get("onclick") and element.find(".//a") is None
        if element.tag == "a" or is_script_link:
            yield element


def target(element: HtmlElement) -> str:
    """Where an element leads: its href, else the address quoted in its script; "" where there is none."""
    href = (element.get("href") or "").strip()
    if href and not href.lower().startswith(("javascript:", "#")):
        return href
    for name in _LINK_ATTRIBUTES:
        if _LINK_SHAPE.search(told := (element.get(name) or "").strip()):
            return str(told)
    for script in (href, element.get("onclick") or ""):
        for quoted in _QUOTED.findall(script):
            if _LINK_SHAPE.search(quoted):
                return str(quoted)
    return ""


def title_of(element: HtmlElement) -> str:
    """The title that a link shows: a heading inside it, or its text without dates; whole where the text is cut."""
    shown = _shown_title(element)
    whole = clean_title(element.get("title") or "")
    stem = CUT.sub("", shown)
    return whole if len(whole) > len(stem) and whole.startswith(stem) else shown or whole


def _shown_title(element: HtmlElement) -> str:
    for inner in element.iter(*_HEADINGS):
        if title := clean_title(text_of(inner)):
            return title
    parts = [part for part in pieces(element) if not DATE_ONLY.match(part)] or list(pieces(element))
    text = clean_title(" ".join(parts))
    # A link around a whole card: its first piece is the title, the rest a summary (no title of the field is longer).
    return clean_title(parts[0]) if len(text) > 120 and len(parts) > 1 and len(parts[0].strip()) > 5 else text


def clean_title(text: str) -> str:
    """A title without bullets, folded blanks.

    >>> clean_title(" · 2022年  工作总结 >")
    '2022年 工作总结'
    """
    return _ORNAMENT.sub("", _BLANKS.sub(" ", text)[:_LONGEST_TITLE]).strip()


def is_title(text: str) -> bool:
    """Whether a link's text can be a title: two letters at least, and no word of a pager or a button."""
    bare = text.strip("【】[]()（）<>《》 .…").lower()
    return len(bare) >= 2 and bare not in FILLERS and not DATE_ONLY.match(bare)


def _links_inside(named: list[tuple[HtmlElement, str, str]]) -> Counter[HtmlElement]:
    """How many different links each element holds. Two links to one page (picture and title) are one."""
    inside: dict[HtmlElement, set[str]] = {}
    for number, (element, url, _) in enumerate(named):
        key = url or f"no link {number}"
        for ancestor in _ancestors(element):
            inside.setdefault(ancestor, set()).add(key)
    return Counter({element: len(keys) for element, keys in inside.items()})


def _ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    for depth, ancestor in enumerate(element.iterancestors()):
        if depth >= _MAX_DEPTH:
            return
        yield ancestor


def _row_of(element: HtmlElement, n_links: Counter[HtmlElement]) -> HtmlElement:
    """The largest element around a link that holds no other link; a list item or table row ends it.

    A table row may hold a second link (the publisher, a file): it is the row of the longest one all the same.
    """
    row = element
    for ancestor in _ancestors(element):
        if ancestor.tag in ROW_TAGS and (n_links[ancestor] <= 3 or row is element):
            return ancestor
        if n_links[ancestor] > 1 or ancestor.tag in _LIST_TAGS:
            return row
        row = ancestor
    return row
