"""How two texts stand to each other: the kinds of copies that are seen, and those that only look like one."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.duplicates import compare, document, relate
from archive.fingerprints import fingerprint
from archive.models import Relation
from tests.composed import BOILERPLATE, masked, other_figures, redated, report, sentence, with_chrome

TURNED = {"contains": "part_of", "part_of": "contains"}
SWAPPED = str.maketrans({"推": "開", "升": "高"})


def rewritten(text: str, share: float, seed: int = 5) -> str:
    """The next year's report: other figures, and a share of the sentences written anew in their places."""
    rng = random.Random(seed)
    kept = [s + "。" for s in other_figures(text).split("。") if s]
    return "".join(sentence(rng) if rng.random() < share else s for s in kept)


def wrapped(text: str, width: int = 30) -> str:
    """As a PDF text layer has it."""
    flat = text.replace("\n", "")
    return "\n".join(flat[i : i + width] for i in range(0, len(flat), width))


ORIGINAL = report(7, 60)
OTHER = report(8, 60)


@pytest.mark.parametrize(
    ("name", "text", "relation"),
    [
        ("re-dated", redated(ORIGINAL), "same"),
        ("masked", masked(ORIGINAL, "xx"), "same"),
        ("half masked", masked(ORIGINAL, "□□", keep=0.5), "same"),
        ("digits masked", masked(ORIGINAL, "3.x"), "same"),
        ("wrapped", wrapped(ORIGINAL), "same"),
        ("half-width marks", ORIGINAL.replace("，", ",").replace("。", "."), "same"),
        ("chrome", with_chrome(ORIGINAL, 0.2), "same"),
        ("words swapped", ORIGINAL.replace("推进", "推动").replace("落实", "贯彻"), "same"),
        ("a sentence lost", ORIGINAL.replace(ORIGINAL.split("。")[10] + "。", ""), "same"),
        ("shown twice", ORIGINAL + "\n" + ORIGINAL, "same"),
        ("preview", ORIGINAL[: len(ORIGINAL) // 3] + "\n部分预览已结束，点击下载", "contains"),
        ("gap", ORIGINAL[:900] + "\n……此处省略1200字……\n" + ORIGINAL[-600:], "contains"),
        ("masked preview", masked(ORIGINAL[:900]), "contains"),
        ("compilation", OTHER + "\n篇二\n" + ORIGINAL + "\n篇三\n" + report(9, 60), "part_of"),
        ("other figures", other_figures(ORIGINAL), "edition"),
        ("next year", rewritten(ORIGINAL, 0.2), "edition"),
        ("next year, masked", masked(rewritten(ORIGINAL, 0.2)), "edition"),
        ("half shared", ORIGINAL[: len(ORIGINAL) // 2] + OTHER[len(OTHER) // 2 :], "overlaps"),
        ("stranger", OTHER, None),
        ("empty", "", None),
    ],
)
def test_relation(name: str, text: str, relation: str | None) -> None:
    found = compare(ORIGINAL, text)
    assert (found and found.relation) == relation, found
    back = compare(text, ORIGINAL)
    assert (back and back.relation) == (relation and TURNED.get(relation, relation)), back


@given(st.integers(0, 10_000), st.integers(8, 60))
@settings(max_examples=30, deadline=None)
def test_a_text_is_its_own_duplicate(seed: int, n_sentences: int) -> None:
    text = report(seed, n_sentences)
    found = compare(text, text)
    assert found is not None
    assert (found.relation, found.similarity) == ("same", 1.0)


@given(
    st.integers(0, 10_000),
    st.sampled_from(["x", "XX", "**", "__", "□□", "某", ""]),
    st.floats(0, 1),
    st.floats(0, 0.2),
)
@settings(max_examples=40, deadline=None)
def test_masks_and_chrome_never_separate_a_copy(seed: int, mask: str, keep: float, chrome: float) -> None:
    text = report(seed)
    found = compare(text, with_chrome(redated(masked(text, mask, keep, seed)), chrome, seed))
    assert found is not None
    assert found.relation == "same"


@given(st.integers(0, 10_000), st.integers(0, 100))
@settings(max_examples=30, deadline=None)
def test_other_figures_never_make_a_copy(seed: int, change: int) -> None:
    text = report(seed)
    found = compare(text, other_figures(text, change))
    assert found is not None
    assert found.relation == "edition"
    assert found.n_figures_conflict > found.n_figures_agree


@given(st.text(max_size=300), st.text(max_size=300))
@settings(deadline=None)
def test_any_two_texts_can_be_compared(a: str, b: str) -> None:
    found, back = compare(a, b), compare(b, a)
    assert (found is None) == (back is None)
    if found and back:
        assert TURNED.get(found.relation, found.relation) == back.relation
        assert 0 <= found.similarity <= 1


def test_spans_point_at_the_shared_passages() -> None:
    part = ORIGINAL[300:900]
    found = compare("前面是别人的话，与此无关，也不相干。" + part, ORIGINAL)
    assert isinstance(found, Relation)
    start_a, end_a, start_b, end_b = found.spans[0]
    assert ORIGINAL[start_b:end_b] in part
    assert part.startswith(("前面是别人的话，与此无关，也不相干。" + part)[start_a:end_a][:50])


def test_boilerplate_makes_no_part() -> None:
    shared = "".join(BOILERPLATE) * 2
    preview, whole = shared + report(21, 3), shared + report(22, 60)
    known = fingerprint(shared)
    found = relate(document(preview, known), document(whole, known))
    assert found is None or found.relation == "overlaps"


def test_half_figures_are_no_figures() -> None:
    words = (
        "全年完成固定资产投资{}亿元，比上年增长{}%，城镇居民人均可支配收入达到{}元，增长{}%，新增就业{}人。"
    )
    whole = "".join(
        words.format(n + 21.5, n + 7.25, n + 30125, n + 8.5, n + 1246) + sentence(random.Random(n))
        for n in range(9)
    )
    cut = whole.replace(".5亿", ".x亿").replace("1246", "1\n246").replace(".25%", ".\n25%")
    found = compare(whole, cut)
    assert found is not None
    assert (found.relation, found.n_figures_conflict) == ("same", 0)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("一句话反复说了又说。" * 100_000, "same"),
        (report(1, 10_000), "same"),  # few of its phrases stand but once
        ("1" * 3_000_000, None),
        ("。\n" * 1_000_000, None),
        ("某" * 1_000_000, None),
    ],
    ids=["one sentence", "long", "digits", "marks", "masks"],
)
def test_hostile_texts_take_linear_time(text: str, relation: str | None) -> None:
    found = compare(text, text + "尾")
    assert (found and found.relation) == relation
