"""Which documents a report cites: by document number (文号) in any form of bracket, and by 《title》."""

from __future__ import annotations

import re

from archive.models import Citation, Report

# 〔2023〕1号. The brackets of GB/T 9704 are 〔〕; offices also type [] 【】 （） () 〈〉 and spread the figures.
_NUMBER = re.compile(
    r"""[〔\[［【（(﹝〈] \s{0,2} (?P<year> (?:1\s?9|2\s?0)\s?\d\s?\d )? \s{0,2} 年?
        [〕\]］】）)﹞〉] \s{0,2} 第? \s{0,2} (?P<serial> \d{1,5} ) \s{0,2} 号
    """,
    re.VERBOSE,
)
# The issuing office's short name stands right before: 湖卫健发, 国办发, 浙政办发（电）.
_OFFICE = re.compile(r"[一-鿿]{1,12}(?:[（(][一-鿿]{1,4}[）)])?\s{0,2}$")
_OFFICE_LENGTH = 20
# Longer names than any document has are an unclosed 《.
_TITLE = re.compile(r"《([^《》\n]{2,120}(?:《[^《》\n]{1,80}》[^《》\n]{0,40})?)》")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年|[-—–~至到])")
# What stands before the issuing office's short name in a sentence: 根据国发〔2009〕12号, 印发了国发…
_LEAD_IN = re.compile(
    r".*(?:根据|按照|依据|落实|印发|下发|转发|关于|以及|贯彻|执行|制定|出台|文件|通知|[了的和与及以])(?=.)"
)


def citations(report: Report) -> tuple[Citation, ...]:
    """Every document cited in the report's text, in reading order; the report's own number (`doc_no`) is not a citation.

    A number is normalised to 〔〕 without blanks, a title is given without 《》; `year` is the year that either names.
    """
    text = report.text
    found = [c for m in _NUMBER.finditer(text) if (c := _by_number(text, m)) is not None]
    found += [_by_title(m) for m in _TITLE.finditer(text)]
    own = _squeeze(report.doc_no or "")
    return tuple(sorted((c for c in found if _squeeze(c.value) != own), key=lambda c: c.start))


def _by_number(text: str, match: re.Match[str]) -> Citation | None:
    before = text[max(0, match.start() - _OFFICE_LENGTH) : match.start()]
    named = _OFFICE.search(before)
    prefix = named.group() if named else ""
    lead_in = _LEAD_IN.match(prefix)
    office = prefix[lead_in.end() :] if lead_in else prefix
    year = int(re.sub(r"\s", "", match["year"])) if match["year"] else None
    if not office.strip() and year is None:
        return None  # "（）3号" is a form, not a document
    value = f"{_squeeze(office)}〔{year or ''}〕{int(match['serial'])}号"
    confidence = 0.95 if office.strip() and year is not None else 0.6
    return Citation("doc_no", value, match.start() - len(office), match.end(), year, "number", confidence)


def _by_title(match: re.Match[str]) -> Citation:
    title = match.group(1).strip()
    year = _YEAR.search(title)
    return Citation(
        "title", title, match.start(), match.end(), int(year.group()) if year else None, "title", 0.95
    )


def _squeeze(value: str) -> str:
    """A document number as compared: one form of bracket, no blanks.

    >>> _squeeze("国发 [2009]  12号")
    '国发〔2009〕12号'
    """
    value = re.sub(r"\s", "", value)
    value = re.sub(r"[\[［【﹝〈]", "〔", value)
    return re.sub(r"[\]］】﹞〉]", "〕", value)
