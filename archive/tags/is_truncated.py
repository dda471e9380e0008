"""Whether a page shows only the beginning of its document, and what share of it."""

from __future__ import annotations

import re

from archive.models import Report, Tag, Truncation

# What sharing sites write where they stop showing. Sizes are given as shown, hidden and total, in characters or pages.
_SIZED = re.compile(
    r"""(?: 全文|此文|本文|文档|全篇) [共总约有计]{1,3} \s* (?P<total>\d{1,7}) \s* (?P<total_unit>个?字|页)
       | (?: 当前|目前|现在|已)?(?:显示|展示|预览)(?:了|的?前)? \s* (?P<shown>\d{1,7}) \s* (?P<shown_unit>个?字|页)
       | (?: 此处|剩余|还有|余下|已?隐藏|省略)[^。\d\n]{0,6} (?P<hidden>\d{1,7}) \s* (?P<hidden_unit>个?字|页)
       | 第 \s* 1 \s* 页 \s* [/,，]? \s* 共 \s* (?P<pages>\d{1,4}) \s* 页
    """,
    re.VERBOSE,
)
_CUES = re.compile(
    r"""解锁后 | (?:解锁|购买|付费|开通会员|登录|注册|下载|充值)[^。\n]{0,8}(?:阅读|查看|浏览|显示)[^。\n]{0,4}(?:全文|全部|完整|剩余)
      | (?:阅读|查看|浏览|展开|下载)(?:全文|完整版|剩余内容|全部内容)
      | (?:全文|文档|部分|试读|免费)预览(?:已?结束|到此|完毕|部分|$)
      | 剩余(?:内容|部分|\d+%?)[^。\n]{0,10}(?:隐藏|下载|查看|付费|购买|未显示|阅读)
      | (?:以上|上面|此处)?(?:仅|只)(?:为|是|显示|展示|提供)(?:文档|资料|全文)?的?(?:部分|摘要|前\d+页)(?:内容|预览)?
      | 部分(?:内容)?(?:预览|已隐藏) | 内容已隐藏 | (?:^|[（(\s…])未完(?:待续)?(?:[）)…\s]|$) | 此处隐藏
      | 请(?:下载|登录|购买)后(?:查看|阅读|继续)
      | 试读(?:已)?结束 | 预览结束 | 更多内容请(?:下载|登录|购买)
    """,
    re.VERBOSE | re.MULTILINE,
)
# One of these is in every cue: a text without them needs no closer look.
_CUE_WORDS = (
    "解锁",
    "全文",
    "预览",
    "剩余",
    "隐藏",
    "部分",
    "未完",
    "下载",
    "登录",
    "购买",
    "付费",
    "试读",
    "显示",
    "页",
)
_ENDS = "。！？!?…”’」』）)】》〕>~～"
# A paragraph of this many characters is prose, so it should end like a sentence; shorter last lines are signatures.
_PROSE = 40


def is_truncated(report: Report) -> list[Tag]:
    """`is_truncated`, and where a page gives sizes `shown_ratio` (0-1), `shown_size` and `total_size` (characters or pages).

    The page reader's own finding comes first; then what the text says; then a last paragraph cut inside a sentence.
    """
    text = report.text
    if not text:
        return []
    if report.truncation:
        return [
            Tag("is_truncated", True, 0.95, "page cue", field="", detail=report.truncation.cue),
            *_sizes(report.truncation, text),
        ]
    has_words = any(word in text for word in _CUE_WORDS)
    cue = _CUES.search(text) if has_words else None
    said = _said_sizes(text) if has_words else None
    if cue or said:
        where = cue.span() if cue else (None, None)
        words = cue.group() if cue else said.cue if said else ""
        tag = Tag("is_truncated", True, 0.9, "text cue", start=where[0], end=where[1], detail=words.strip())
        return [tag, *(_sizes(said, text) if said else [])]
    cut = _cut_at(text)
    if cut is not None:
        return [Tag("is_truncated", True, 0.7, "cut mid-sentence", start=cut, end=len(text))]
    return [Tag("is_truncated", False, 0.8, "no cue")]


def _said_sizes(text: str) -> Truncation | None:
    """The sizes that the text itself gives, or None where it gives none that say that something is missing."""
    sizes: dict[str, int] = {}
    cue, unit = "", ""
    for match in _SIZED.finditer(text):
        for name in ("total", "shown", "hidden", "pages"):
            if match[name]:
                sizes.setdefault("total" if name == "pages" else name, int(match[name]))
                cue = cue or match.group()
                if name == "pages":
                    sizes.setdefault("shown", 1)  # "第1页/共11页": the first page is what we have
                unit = "pages" if name == "pages" or "页" in (match[f"{name}_unit"] or "") else "chars"
    if "shown" not in sizes and "hidden" in sizes and "total" in sizes:
        sizes["shown"] = sizes["total"] - sizes["hidden"]
    # 全文共N字 alone is the word count of a whole text; it says something only beside what is shown or hidden.
    if not ("hidden" in sizes or ("total" in sizes and sizes.get("shown", sizes["total"]) < sizes["total"])):
        return None
    return Truncation(cue, sizes.get("shown"), sizes.get("total"), "pages" if unit == "pages" else "chars")


def _sizes(truncation: Truncation, text: str) -> list[Tag]:
    shown, total = truncation.shown, truncation.total
    if shown is None and total and truncation.unit == "chars":
        shown = len(text)  # the text before us is what is shown
    tags = []
    if shown is not None and total:
        tags.append(Tag("shown_ratio", round(min(1.0, shown / total), 4), 0.9, f"{truncation.unit} given"))
    for name, size in (("shown_size", shown), ("total_size", total)):
        if size is not None:
            tags.append(Tag(name, size, 0.9, f"{truncation.unit} given", detail=truncation.cue))
    return tags


def _cut_at(text: str) -> int | None:
    """Where the unfinished last sentence begins, or None where the text ends as texts end.

    >>> _cut_at("落实各项政策。" * 6 + "截止目前,落实“先诊疗后付费”122") is not None
    True
    >>> _cut_at("特此报告。\\n某县卫生健康局\\n2021年1月5日") is None
    True
    """
    body = text.rstrip()
    line = body[body.rfind("\n") + 1 :]
    if len(line) < _PROSE or body[-1] in _ENDS or body[-1] in ";；":
        return None
    sentence = max(line.rfind(mark) for mark in "。！？；;")
    unfinished = line[sentence + 1 :]
    is_open = unfinished.count("“") > unfinished.count("”") or unfinished.count("（") > unfinished.count("）")
    if is_open or body[-1] in "，,、：:“（(《0123456789的和与及在对将" or len(unfinished) > _PROSE:
        return len(body) - len(unfinished)
    return None
