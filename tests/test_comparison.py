"""Two texts side by side: every character stands in one block, and each change is called what it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.comparison import compare_texts
from tests.composed import masked, other_figures, redated, report

BEFORE, AFTER = "全县卫生健康系统坚持以人民健康为中心，", "，各项重点工作取得了明显的成效。"


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("门诊12万人次", "门诊１２万人次", None),
        ("门诊量，增长", "门诊量\n增长", None),
        ("衛生", "卫生", None),
        ("门诊12万人次", "门诊15万人次", "figures"),
        ("门诊12万人次", "门诊XX万人次", "masked"),
        ("门诊12.5万人次", "门诊1x.x万人次", "masked"),
        ("门诊12万人次", "门诊万人次", "masked"),
        ("位于青溪县城", "位于××县城", "masked"),
        ("落实责任", "压实责任", "changed"),
        ("落实责任", "", "cut"),
        ("", "落实责任", "added"),
    ],
)
def test_what_happened_between(a: str, b: str, kind: str | None) -> None:
    found = [block.kind for block in compare_texts(BEFORE + a + AFTER, BEFORE + b + AFTER).blocks]
    assert found == (["equal", kind, "equal"] if kind else ["equal"])


@given(
    st.text(alphabet="工作总结12xX，。\n某县", max_size=60),
    st.text(alphabet="工作总结12xX，。\n某县", max_size=60),
)
@settings(deadline=None)
def test_blocks_cover_both_texts(a: str, b: str) -> None:
    at_a = at_b = 0
    for block in compare_texts(BEFORE + a, BEFORE + b).blocks:
        assert (block.start_a, block.start_b) == (at_a, at_b)
        at_a, at_b = block.end_a, block.end_b
    assert (at_a, at_b) == (len(BEFORE + a), len(BEFORE + b))


def test_a_whole_report() -> None:
    text = report(3)
    found = compare_texts(text, masked(redated(text)))
    assert found.relation is not None
    assert found.relation.relation == "same"
    assert {block.kind for block in found.blocks} == {"equal", "masked"}
    edition = compare_texts(text, other_figures(text))
    assert [block.kind for block in edition.blocks].count("figures") > 60
    assert compare_texts("", "").blocks == ()


def test_a_moved_passage_is_cut_here_and_added_there() -> None:
    first, second = report(1)[:400], report(2)[:300]
    kinds = [block.kind for block in compare_texts(first + second, second + first).blocks]
    assert {"cut", "added"} <= set(kinds)


def test_long_texts() -> None:
    text = report(5, 2_000)
    assert len(compare_texts(text, text).blocks) == 1
