"""Pages that hold several reports ("工作总结范文5篇"): where one ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.pages.lines import Line

REPORT_NOUN = re.compile(r"总结|小结|计划|规划|报告|述职|要点|思路|打算|汇报|履职|方案|安排")

_NUMERAL = "一二三四五六七八九十"
_NUM = rf"(?:\d{{1,2}}|[{_NUMERAL}]{{1,3}})"
_COUNT_IN_TITLE = re.compile(rf"(\d{{1,3}}|[{_NUMERAL}两]{{1,3}})\s*(?:篇|份|则)")
_COLLECTION = re.compile(r"范文|合集|汇总|大全|集锦|精选|汇编|多篇|几篇|模板")

_MARKER = re.compile(
    rf"""
    [【\[（(《]? (?P<before>[^。；]{{0,40}}?) \s*
    (?: 第(?P<nth>{_NUM})[篇份]                                  # 第一篇：…
      | (?:篇|范文|范本|样本|例文|模板|模版)\s*(?P<of>{_NUM})    # 篇一, 年度工作总结 篇3, 范文2
      | [（(]\s*(?P<bracket>{_NUM})\s*[）)]                      # 年度工作总结（二）
      | (?P<tail>\d{{1,2}})                                      # 年度工作总结2
    )
    [】\]）)》]? \s* [:：、.．]? \s* (?P<after>[^。；]{{0,50}})
    """,
    re.VERBOSE,
)
MAX_MARKER_CHARS = 70
MIN_PART_CHARS = 150  # below this a "part" is a heading with a table of contents under it


@dataclass(frozen=True, slots=True)
class Part:
    """One constituent: its own title, where the page gives one, and its lines."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A boundary: the constituent's lines begin at `start`; what heads them is at `head`."""

    head: int
    start: int
    title: str


def split(title: str, lines: Sequence[Line]) -> list[Part]:
    """The constituents of a compilation of work reports, in order; one Part where the page is one report.

    Only pages whose title speaks of work reports are split: ten essays on one page are one text to an archive
    of reports. What stands before the first marker (a preface) belongs to no part.
    """
    if not lines or not REPORT_NOUN.search(title):
        return [Part("", tuple(lines))]
    count = announced_count(title)
    is_collection = count > 0 or _COLLECTION.search(title) is not None
    cuts = _marked(lines)
    if not is_collection and not all(REPORT_NOUN.search(cut.title) for cut in cuts):
        cuts = []  # plans and long reports are divided into 第一篇, 第二篇 too
    if not cuts and is_collection and count != 1:
        cuts = _unmarked(lines, count)
    parts = [part for part in _cut_up(lines, cuts) if _n_chars(part.lines) >= MIN_PART_CHARS]
    return parts if parts else [Part("", tuple(lines))]


def announced_count(title: str) -> int:
    """How many texts a title announces; 0 where it announces no number.

    >>> announced_count("乡镇工作总结范文5篇"), announced_count("个人述职报告(精选十二篇)"), announced_count("工作总结")
    (5, 12, 0)
    """
    match = _COUNT_IN_TITLE.search(title)
    return number(match.group(1).replace("两", "二")) if match else 0


def number(text: str) -> int:
    """A numeral up to 99: 12, 十二, 二十.

    >>> number("12"), number("十二"), number("二十"), number("三")
    (12, 12, 20, 3)
    """
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _NUMERAL.find(text[:1]) + 1
    return (_NUMERAL.find(tens[:1]) + 1 if tens else 1) * 10 + (_NUMERAL.find(ones[:1]) + 1 if ones else 0)


def _cut_up(lines: Sequence[Line], cuts: Sequence[_Cut]) -> list[Part]:
    ends = [cut.head for cut in cuts[1:]] + [len(lines)]
    return [Part(cut.title, tuple(lines[cut.start : end])) for cut, end in zip(cuts, ends, strict=False)]


def _n_chars(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _marked(lines: Sequence[Line]) -> list[_Cut]:
    """Cuts at markers of one kind whose numbers run 1, 2, 3 …: the kind with the longest run."""
    runs: dict[str, list[_Cut]] = {}
    for index, line in enumerate(lines):
        kind, value, title = _read_marker(line.text)
        run = runs.setdefault(kind, [])
        if kind and value == len(run) + 1:
            run.append(_Cut(index, index + 1, title))
    runs.pop("", None)
    best = max(runs.values(), key=len, default=[])
    sure = runs.get("nth") or runs.get("of") or []
    # A single 篇一/范文1 is the page's one report; a single "总结（一）" may be a chapter.
    return best if len(best) >= 2 else sure


def _read_marker(text: str) -> tuple[str, int, str]:
    match = _MARKER.fullmatch(text) if len(text) <= MAX_MARKER_CHARS else None
    if match is None:
        return "", 0, ""
    kind = match.lastgroup or ""
    kind = next(name for name in ("nth", "of", "bracket", "tail") if match[name])
    before, after = match["before"].strip(" :：【[（("), match["after"].strip()
    # Outline numbers look the same; a marker of these kinds follows the noun that names the text.
    if kind in ("bracket", "tail") and (after or not REPORT_NOUN.search(before[-6:])):
        return "", 0, ""
    return kind, number(match[kind]), after or before


_SALUTATION = re.compile(r"(?:尊敬的|各位)[^。]{0,40}[:：]$|^(?:同志们|各位代表|各位领导)[,，、！!:：]")
_FIRST = re.compile(r"\s*(?:一、|第一[章部]|[（(]一[）)])")
_SECOND = re.compile(r"\s*(?:二、|第二[章部]|[（(]二[）)]|三、)")
_ORDINAL = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．])"
)
_OPENING = re.compile(
    r"(?:20|19)[\dxX×]{2}年|今年|一年来|本年度|半年来|过去的|近年来|自.{2,15}以来|.{0,20}在.{2,40}(?:领导|指导|关心|支持|帮助)下|我是|本人|我叫|转眼|时光|光阴|时间|岁月|回顾|为(?:了|进一步|认真|切实)|根据|按照"
)
_CLOSING = re.compile(
    r"谢谢大家|此致|敬礼|以上(?:是|就是)|特此报告|汇报完毕|我的(?:总结|述职|汇报)|(?:19|20)[\dxX×]{2}\s*年\s*[\dxX×]{1,2}\s*月\s*[\dxX×]{1,2}\s*日$"
)


def _unmarked(lines: Sequence[Line], count: int) -> list[_Cut]:
    """Cuts without markers: a title-like line or a salutation where the numbering starts again.

    Each new 一、 after a 二、 opens a new text; its beginning is looked for in the lines above it.
    """
    cuts = [_beginning(lines, 0, _next_first(lines, 0))]
    previous, seen_second = 0, False
    for index, line in enumerate(lines):
        is_new = _SALUTATION.search(line.text) or _is_title_like(line)
        if _SECOND.match(line.text):
            seen_second = True
        elif seen_second and (_FIRST.match(line.text) and line.text.lstrip()[0] == "一"):
            cuts.append(_beginning(lines, previous, index))
            previous, seen_second = index, False
        elif is_new and _follows_an_end(lines, index) and index > cuts[-1].start + 1:
            cuts.append(_beginning(lines, index, index))
            previous, seen_second = index, False
    kept = _distinct(lines, cuts)
    return kept if len(kept) >= 2 and (count == 0 or len(kept) <= 2 * count) else []


def _next_first(lines: Sequence[Line], start: int) -> int:
    return next((i for i in range(start, len(lines)) if _FIRST.match(lines[i].text)), start)


def _is_title_like(line: Line) -> bool:
    text = line.text
    if not 5 <= len(text) <= 45 or _ORDINAL.match(text) or text[-1] in "。；，：:;,":
        return False
    return REPORT_NOUN.search(text[-8:]) is not None


def _follows_an_end(lines: Sequence[Line], index: int) -> bool:
    return any(_CLOSING.search(line.text) for line in lines[max(0, index - 3) : index])


LOOK_BACK = 5  # a title, a subtitle, a salutation and two opening paragraphs


def _beginning(lines: Sequence[Line], floor: int, first: int) -> _Cut:
    """Where the text whose 一、 is at `first` begins: its title, else its salutation, else its opening."""
    window = range(max(floor, first - LOOK_BACK), first + 1)
    for index in window:
        if _is_title_like(lines[index]) and index < len(lines) - 1:
            return _Cut(index, index + 1, lines[index].text)
    for index in window:
        if _SALUTATION.search(lines[index].text):
            return _Cut(index, index, "")
    for index in reversed(window):  # sentences above the opening may begin like one
        if _OPENING.match(lines[index].text) and not _ORDINAL.match(lines[index].text):
            return _Cut(index, index, "")
    start = max(floor, first - 1)
    return _Cut(start, start, "")


def _distinct(lines: Sequence[Line], cuts: Sequence[_Cut]) -> list[_Cut]:
    """Cuts far enough apart to hold a report each."""
    kept: list[_Cut] = []
    for cut in cuts:
        if kept and _n_chars(lines[kept[-1].start : cut.head]) < MIN_PART_CHARS:
            continue
        kept.append(cut)
    return kept


# Who speaks here is the site, not the office. 本站 alone proves nothing: stations write reports too.
_PREFACE = re.compile(
    r"小编|本站(?:为(?:大家|您|你)|整理|收集|精心)|笔者为(?:大家|您)|欢迎(?:阅读|大家阅读|参考|借鉴|下载|收藏)|为(?:大家|您|你)(?:精心)?(?:整理|收集|准备|搜集|带来|推荐)了?.{0,40}(?:范文|总结|报告|计划)"
)
_AFTERWORD = re.compile(
    r"^以上(?:就?是|内容).{0,60}(?:小编|全部内容|整理|分享|收集)|小编(?:为|推荐|整理|精心|寄语)|(?:更多|想了解).{0,30}(?:请|欢迎|关注|点击)|推荐阅读|本文由.{2,20}(?:整理|提供|上传)"
)
MAX_PREFACE_LINES = 4


def without_preface(lines: Sequence[Line]) -> tuple[list[Line], bool]:
    """The lines without the site's own words before and after the text, and whether there were any before."""
    start = 0
    for index, line in enumerate(lines[:MAX_PREFACE_LINES]):
        if len(line.text) <= 400 and _PREFACE.search(line.text):
            start = index + 1
    end = len(lines)
    while end > start + 1 and len(lines[end - 1].text) <= 200 and _AFTERWORD.search(lines[end - 1].text):
        end -= 1
    return list(lines[start:end]), start > 0
