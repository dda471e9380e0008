"""Bytes to text: the eleven kinds of labelling measured on Chinese sites, and no input that raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.decode import decode

TEXT = "二〇二一年工作总结：新增面积1280㎡，镕喆二人获奖。"
PLAIN = "二零二一年工作总结：新增面积一千二百平方米。"
LONG = PLAIN * 40


def _page(text: str, encoding: str, meta: str = "") -> bytes:
    label = f'<meta charset="{meta}">' if meta else ""
    return f"<html><head>{label}<title>工作</title></head><body>{text}</body></html>".encode(encoding)


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        pytest.param(_page(TEXT, "gb18030"), "text/html", TEXT, id="undeclared gb18030"),
        pytest.param(_page(TEXT, "gb18030", "gb2312"), "text/html", TEXT, id="gb18030 behind gb2312"),
        pytest.param(
            b"<!--" + b"x" * 3000 + b"-->" + _page(TEXT, "utf-8", "gbk"), "", TEXT, id="late and wrong meta"
        ),
        pytest.param(b"\xef\xbb\xbf" + _page(TEXT, "utf-8", "gb2312"), "", TEXT, id="byte order mark"),
        pytest.param(b"\xff\xfe" + _page(TEXT, "utf-16-le"), "", TEXT, id="utf-16 mark"),
        pytest.param(_page(TEXT, "gb18030", "x-gbk"), "", TEXT, id="x-gbk"),
        pytest.param(
            b'<?xml version="1.0" encoding="gb2312"?>' + _page(TEXT, "gb18030"),
            "",
            TEXT,
            id="xml declaration",
        ),
        pytest.param(_page(TEXT, "utf-8", "gb2312"), "", TEXT, id="utf-8 called gb2312"),
        pytest.param(
            _page(TEXT, "utf-8", "utf-8"), "text/html; charset=ISO-8859-1", TEXT, id="header says iso-8859-1"
        ),
        pytest.param(_page(TEXT, "gb18030"), "text/html; charset=utf-8", TEXT, id="gb behind a utf-8 header"),
        pytest.param("总结".encode("gb18030"), "", "总结", id="short undeclared gb"),
        pytest.param(_page("工作總結與計劃", "big5", "big5"), "", "工作總結與計劃", id="big5"),
        pytest.param(_page(LONG, "gb18030", "big5"), "", LONG, id="gb called big5"),
    ],
)
def test_the_text_survives_its_labels(body: bytes, content_type: str, expected: str) -> None:
    assert expected in decode(body, content_type)


def test_a_few_bad_bytes_cost_only_their_characters() -> None:
    damaged = LONG.encode().replace("结".encode(), b"\xe7\xff", 2)
    assert decode(damaged).count("工作总") == 40
    damaged = LONG.encode("gb18030")[:-1] + b"\xff"
    assert decode(damaged, "text/html; charset=gbk").count("工作总结") == 40


def test_a_cut_utf8_page_is_not_taken_for_gb() -> None:
    assert decode("年度工作".encode()[:-1]).startswith("年度工")


@given(st.binary(max_size=300), st.text(max_size=40))
def test_anything_decodes(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type), str)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=4, max_size=200))
def test_chinese_text_comes_back_from_both_families(text: str) -> None:
    assert decode(text.encode("utf-8")) == text
    assert decode(_page(text, "gb18030")).count(text) == 1
