"""What kind of place a report was found in: an official site, a mirror of one, a sharing site, model texts."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from archive.models import Report, Tag
from archive.regions.hosts import is_government_host
from archive.regions.numbers import region_of_index_no, region_of_site_code
from archive.tags.is_truncated import is_truncated
from archive.titles.reading import read_title

# Words that gamblers' link farms put into copied government pages; no report has them but one on gambling itself,
# so a number of different ones is asked for.
_INJECTED = re.compile(
    r"""百家乐|娱乐城|老虎机|博彩网|博彩平台|彩票平台|真人视讯|棋牌平台|澳门新葡京|新葡京|威尼斯人|体育投注|足球投注|网上赌场|线上赌场|bet365|备用网址|注册送|时时彩|六合彩|皇冠体育""",
    re.VERBOSE,
)
_LEAST_INJECTED = 2
# What sites of model texts say about them, in titles and around the text.
_MODEL = re.compile(
    r"""范文|小编|仅供参考|欢迎阅读|供大家参考|希望对(?:您|你|大家)有(?:所)?帮助|模板|优秀作文|写作指导|点击查看更多|本文由.{0,12}整理|公文网|(?:精选|热门|通用|优质|推荐)[\d一二三四五六七八九十]+篇""",
    re.VERBOSE,
)
# A page that says so is a preview; a text that stops in mid-sentence may as well have been saved so.
_PREVIEW_SAYS_SO = 0.85
_EDGE = 400  # such words stand around a text, not in it
# Paths that government publishing systems make: /zwgk/…, /xxgk/…, t20220218_4395179.html, art_12_345.html.
_GOVERNMENT_PATH = re.compile(r"/(?:zwgk|zfxxgk|xxgk|zfgzbg|fdzdgknr)[/_]|/t20\d{6}_\d+|/art[/_]\d")
_SCHOOL_HOST = re.compile(r"^(?:https?://)?[^/?#]*\.edu\.cn(?:[:/?#]|$)", re.IGNORECASE)
_HEADER = re.compile(r"索\s*引\s*号|发布机构|发文机关|成文日期|信息分类")


def provenance(report: Report) -> list[Tag]:
    """One tag: official | official_mirror | hijacked_mirror | sharing | preview | fanwen | fanwen_compilation.

    No tag where neither address, source nor text tells.
    """
    injected = set(_INJECTED.findall(report.text))
    if len(injected) >= _LEAST_INJECTED:
        return [
            Tag("provenance", "hijacked_mirror", 0.85, "injected words", detail=" ".join(sorted(injected)))
        ]
    if is_government_host(report.url):
        return [Tag("provenance", "official", 0.97, "host", "url")]
    if _SCHOOL_HOST.search(report.url):  # public institutions publish their own reports there
        return [Tag("provenance", "official", 0.75, "host", "url")]
    return _unofficial_host(report)


def _unofficial_host(report: Report) -> list[Tag]:
    model = _model_text(report)
    if model is not None:
        return [model]
    marks = _government_marks(report)
    if report.source_kind == "government" or (marks and (_is_bare_address(report.url) or not report.url)):
        return [
            Tag(
                "provenance",
                "official",
                0.75,
                "source" if report.source_kind else "marks",
                "url",
                detail=marks,
            )
        ]
    if marks:
        return [Tag("provenance", "official_mirror", 0.7, "marks", "url", detail=marks)]
    said = (t.value is True and t.confidence >= _PREVIEW_SAYS_SO for t in is_truncated(report))
    if report.truncation is not None or any(said):
        return [Tag("provenance", "preview", 0.8, "truncation cue")]
    if report.source_kind == "sharing" or report.url:
        confidence = 0.9 if report.source_kind else 0.5
        return [Tag("provenance", "sharing", confidence, "source" if report.source_kind else "host", "url")]
    return []


def _model_text(report: Report) -> Tag | None:
    kinds = read_title(report.title).types
    if "compilation" in kinds or report.n_parts > 1:
        start, end = kinds.get("compilation", (None, None))
        return Tag("provenance", "fanwen_compilation", 0.85, "several texts", "title", start, end)
    for field, value, offset in _edges(report):
        match = _MODEL.search(value)
        if match is not None:
            start, end = match.start() + offset, match.end() + offset
            return Tag("provenance", "fanwen", 0.8, "page words", field, start, end, match[0])
    return None


def _edges(report: Report) -> list[tuple[str, str, int]]:
    tail = max(0, len(report.text) - _EDGE)
    return [("title", report.title, 0), ("text", report.text[:_EDGE], 0), ("text", report.text[tail:], tail)]


def _government_marks(report: Report) -> str:
    """What a page has that only government publishing systems give, as words for a reader."""
    marks = []
    if report.index_no and region_of_index_no(report.index_no)[1]:
        marks.append("index number")
    if report.site_id_code and region_of_site_code(report.site_id_code):
        marks.append("site code")
    if _GOVERNMENT_PATH.search(report.url):
        marks.append("path")
    if len(set(_HEADER.findall(report.text[:_EDGE]))) > 1:
        marks.append("header table")
    return ", ".join(marks)


def _is_bare_address(url: str) -> bool:
    try:
        ip_address(urlsplit(url).hostname or "")
    except ValueError:
        return False
    return True
