"""Which figures, names and years of a report were replaced by placeholders, and what share of its figures."""

from __future__ import annotations

import re
from typing import NamedTuple

from archive.models import Report, Tag

# One rule per kind: (kind, a mark that must occur at all, so that a clean text costs one scan; the pattern).
_RULES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (kind, marks, re.compile(pattern, re.VERBOSE | re.MULTILINE))
    for kind, marks, pattern in (
        # 20XX年, 20××年, 20__年, 二〇XX年
        ("20XX", "0○〇２", r"(?:(?:19|20|２０) | [二一][〇○零九])[xXＸｘ×Ⅹ*＊_]{1,2}(?![A-Za-z0-9])"),
        # A letter beside Chinese. Not x光, X射线, XX染色体, XX型, SUV-X, x+y.
        (
            "x",
            "xXＸｘ",
            r"""(?<![A-Za-z0-9.\-+/=~])[xXＸｘ]+(?:\.[xXＸｘ]+)?
                (?![A-Za-z0-9\-+/=~^:])(?!\s*(?:[光线轴型射]|染色体|刀|荧光|断层|因子|世代))""",
        ),
        # A multiplication sign between figures multiplies: 3×4, 200×300, ×10; “数据要素×” is a campaign's name.
        ("×", "×", r"(?<![0-9A-Za-z)）\s])×+(?!\s*[0-9A-Za-z(（”\"])|×{2,}"),
        ("Ⅹ", "Ⅹ", r"Ⅹ{2,}|Ⅹ(?=[年月日个人名家万亿省市县区镇乡村])"),
        # Longer lines are blanks of a form to be filled in by hand.
        ("__", "_＿", r"(?<![_＿])[_＿]{2,6}(?![_＿])"),
        ("□□", "□", r"□{2,8}"),
        ("**", "*＊", r"(?<![*＊])[*＊]{2,8}(?![*＊])"),
        # 某市, 某某镇; not 某区域, 某市场, 某局部, and not a person's name in a case (李某某).
        (
            "某",
            "某",
            r"""某{1,4}(?:[省市县区镇乡村州旗局]|街道)(?![场域部民员长面限])
                | (?<![一-鿿])某{2,4}""",
        ),
        # 增长 %, 达到%: the figure itself is gone.
        (
            "增长 %",
            "%％",
            r"(?:增长|下降|提高|上升|达|达到|为|约|了|占|完成|增加|减少)[ \t　]*[%％](?![A-Za-z0-9])",
        ),
        ("增长 %", "元", r"(?:完成|达到|实现|投资|收入|共计|累计)[ \t　]+[万亿]元"),
        # A sentence that begins with 年: its year is gone. 年度工作 and 年底 begin sentences in their own right.
        (
            "年",
            "年",
            r"年(?:(?<=^年)|(?<=[，。；：、（《“,;:(]年)|(?<=[^\d\s]\s年))(?=(?:以来|工作|上半年|下半年|全[省市县区年]|我[省市县区局]|是|来)|[，,])",
        ),
    )
)
# What is counted or measured: a placeholder before one of these stands for a figure, before 市 or 医院 for a name.
_COUNTED = re.compile(
    r"[余多近几]?[万亿千百]?[余多]?\s*[年月日时分秒天周个人名户次例起件条张项类种场期元亩公平立方米吨千克斤%％‰多余块箱"
    r"只头座所台辆套篇份处位岁度号届倍级家篮盏株棵头羽批笔宗部间幢栋层支队对双本册盒瓶袋桶吊]"
)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


class Mask(NamedTuple):
    """One placeholder: its kind, its span in the text, and whether a figure stood there."""

    kind: str
    start: int
    end: int
    is_figure: bool


def find_masks(text: str) -> list[Mask]:
    """Every placeholder of a text, in order of kind; spans of different kinds do not overlap.

    >>> [(m.kind, m.is_figure) for m in find_masks("20XX年，xx县投入××万元，增长 %。")]
    [('20XX', True), ('x', False), ('×', True), ('增长 %', True)]
    """
    found: list[Mask] = []
    taken: set[int] = set()
    for kind, marks, pattern in _RULES:
        if not any(mark in text for mark in marks):
            continue
        for match in pattern.finditer(text):
            if match.start() in taken:
                continue
            taken.update(range(match.start(), match.end()))
            found.append(Mask(kind, match.start(), match.end(), _stands_for_figure(kind, text, match.end())))
    return found


def _stands_for_figure(kind: str, text: str, end: int) -> bool:
    return kind in ("20XX", "增长 %", "年") or bool(_COUNTED.match(text, end))


def masks(report: Report) -> list[Tag]:
    """`masked_ratio`: masked figures / all figures (0-1); `mask_kinds`: each kind seen, with its first place and number.

    Source of the kinds: sharing sites and collections of model texts, which blank what would name the author.
    """
    if not report.text:
        return []
    found = find_masks(report.text)
    masked = sum(mask.is_figure for mask in found)
    shown = sum(1 for _ in _FIGURE.finditer(report.text))
    ratio = round(masked / (masked + shown), 4) if masked else 0.0
    first: dict[str, Mask] = {}
    for mask in found:
        first.setdefault(mask.kind, mask)
    return [
        Tag("masked_ratio", ratio, 0.95, "masked figures / figures", detail=f"{masked}/{masked + shown}")
    ] + [
        Tag(
            "mask_kinds",
            kind,
            0.95,
            "placeholder",
            start=mask.start,
            end=mask.end,
            detail=f"n={sum(m.kind == kind for m in found)}",
        )
        for kind, mask in first.items()
    ]
