"""Citations: document numbers in every form of bracket, and titles."""

from __future__ import annotations

import pytest

from archive.citations import citations
from archive.models import Report


def cited(text: str, **fields: str) -> list[tuple[str, str, int | None]]:
    return [(c.kind, c.value, c.year) for c in citations(Report(text=text, **fields))]


@pytest.mark.parametrize(
    "number",
    [
        "平卫发〔2021〕12号",
        "平卫发[2021]12号",
        "平卫发【2021】12号",
        "平卫发（2021）12号",
        "平卫发(2021)12号",
        "平卫发 [2 0 21] 12 号",
        "平卫发〔2021〕第12号",
    ],
)
def test_forms_of_number(number):
    assert cited(f"根据{number}文件要求") == [("doc_no", "平卫发〔2021〕12号", 2021)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("印发了《平安县2022年卫生工作要点》", [("title", "平安县2022年卫生工作要点", 2022)]),
        (
            "《关于印发〈细则〉的通知》（国发〔2009〕12号）",
            [("title", "关于印发〈细则〉的通知", None), ("doc_no", "国发〔2009〕12号", 2009)],
        ),
        ("缺年份的平办发〔〕33号", [("doc_no", "平办发〔〕33号", None)]),
        ("附件（二）3号楼", []),
        ("《没有结束的书名号", []),
        ("", []),
    ],
)
def test_cited(text, expected):
    found = cited(text)
    assert [row for row in found if row in expected] == expected
    assert len(found) == len(expected)


def test_own_number_is_no_citation():
    assert cited("平卫发〔2021〕12号", doc_no="平卫发[2021]12号") == []


def test_span_is_the_words():
    text = "按照国发〔2009〕12号和《条例》执行"
    assert [text[c.start : c.end] for c in citations(Report(text=text))] == ["国发〔2009〕12号", "《条例》"]
