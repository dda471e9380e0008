"""Whether a page shows a document in full: the words that say so, and the sizes it gives."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.models import Truncation

_SHOWN = r"\s*(?P<shown>\d{1,7})\s*"
_WHOLE = r"\s*(?P<total>\d{1,7})\s*"
_SIZED = (
    # 全文共2234字,当前显示319字
    re.compile(rf"(?:全文|本文|此文|文档|文章)?共{_WHOLE}个?字符?.{{0,12}}?(?:当前|目前|仅|只|已)?(?:显示|展示|预览|阅读){_SHOWN}个?字"),
    re.compile(rf"(?:当前|目前|仅|只)(?:显示|展示|预览)前?{_SHOWN}个?字.{{0,12}}?共{_WHOLE}个?字"),
    # 第1页/共11页
    re.compile(rf"第{_SHOWN}页\s*[/／,，、]?\s*共{_WHOLE}页"),
    re.compile(rf"(?:免费|试读|预览|可阅读|当前)(?:预览|阅读|浏览)?前?{_SHOWN}页.{{0,12}}?共{_WHOLE}页"),
)  # fmt: skip
_HIDDEN = re.compile(
    r"(?:此处|余下|剩余|还有|隐藏|省略)(?:内容)?(?:隐藏|省略|有|约)?(?:了)?\s*(\d{1,7})\s*[个]?(字|页)(?:内容)?(?:未读|未显示|隐藏|，|。|,)?"
)
_TOTAL = re.compile(r"(?:此文|全文|本文|文档|原文)共\s*(\d{1,7})\s*[个]?字")
_CUE = re.compile(
    r"""
      解锁后?.{0,10}(?:阅读|查看|下载) | (?:剩余|余下|其余|以下|更多|全部|隐藏)(?:的)?(?:部分|内容|正文|章节).{0,12}(?:下载|付费|购买|登录|登陆|开通|会员|隐藏|查看|解锁|VIP)
    | (?:下载|购买|付费|开通(?:会员|VIP)|登[录陆]|充值|升级会员|扫码|关注.{0,10}公众号).{0,10}(?:后)?(?:即可|可以|可|方可|才能)?(?:查看|阅读|获取|浏览|下载)(?:全文|完整|全部|剩余|更多内容)
    | (?:全文|试读|预览|文档预览|试看|在线预览)(?:部分)?(?:已)?(?:结束|到此|到这|完毕|已到) | 未完待续 | 未完(?=[）)…，,\s]|$) | (?:还)?没看完.{0,8}(?:下载|阅读|继续) | (?:点击|展开|继续)(?:此处)?(?:阅读|查看|展开)(?:全文|剩余|余下)
    | (?:仅|只)(?:显示|展示|预览|供预览).{0,8}(?:部分|前|页|字) | 本文档?(?:为|是)?(?:会员|VIP|付费|收费)(?:文档|文章|专享|内容) | (?:该|本|此)(?:文档|文章).{0,6}(?:需要?|须)(?:付费|购买|登录|会员|下载券|积分)
    | 下载(?:后|完整版|原文档?).{0,10}(?:完整|全文|全部内容) | (?:完整版|全文|全部内容)请(?:下载|购买|登录|联系) | 开通(?:会员|VIP).{0,10}(?:全文|完整|阅读) | 阅读全文(?:请|需) | 喜欢.{0,10}下载
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[。！？；：.!?…”』」）)》\]】\d日]\s*$")
MAX_CUE_LINE = 120  # a cue is a line of its own on the page, not a clause of a report
MIN_LAST_LINE = 18


def find_truncation(page_lines: Iterable[str], body_lines: list[str]) -> Truncation | None:
    """What the page says about showing only part of a document; None where it says nothing of the kind.

    >>> find_truncation(["全文共2234字,当前显示319字"], ["一、工作开展情况，我局"]).total
    2234
    >>> find_truncation(["解锁后支持完整在线阅读"], ["全年完成投资三亿元，其中先诊疗后付费覆盖一百二十"]).cut_mid_sentence
    True
    >>> find_truncation(["某局2021年工作总结"], ["第一页共识。"]) is None
    True
    """
    cut = _is_cut(body_lines)
    shown = [line for line in page_lines if len(line) <= MAX_CUE_LINE]
    together = "\n".join(shown)  # one look at all of them, since next to no page has a cue
    has_cue = _HIDDEN.search(together) or _CUE.search(together)
    for line in shown:
        if has_cue or "共" in line:
            found = _read_cue(line, cut)
            if found is not None:
                return found
    return None


def _read_cue(line: str, cut: bool) -> Truncation | None:
    for pattern in _SIZED if "共" in line else ():
        match = pattern.search(line)
        if match:
            shown, total = int(match["shown"]), int(match["total"])
            if shown < total:
                return Truncation(
                    match.group().strip(), shown, total, "pages" if "页" in match.group() else "chars", cut
                )
            return None
    match = _HIDDEN.search(line)
    if match:
        return Truncation(
            line.strip()[:80], None, _total(line), "pages" if match.group(2) == "页" else "chars", cut
        )
    match = _CUE.search(line)
    if match:
        said = _total(line)
        return Truncation(match.group().strip()[:80], None, said, "chars" if said else "", cut)
    return None


def _total(line: str) -> int | None:
    match = _TOTAL.search(line)
    return int(match.group(1)) if match else None


def _is_cut(body_lines: list[str]) -> bool:
    """Whether the last line stops inside a sentence; a short last line is a signature or a heading."""
    last = body_lines[-1].strip() if body_lines else ""
    return len(last) >= MIN_LAST_LINE and not _SENTENCE_END.search(last)
