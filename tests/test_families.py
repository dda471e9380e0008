"""Families: who belongs together, never across an edition, and which copy stands for all."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.families import Copy, Same, attach, clusters, is_official, members

NAMES = "abcdefgh"
PAIRS = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] < pair[1])
EDGES = st.dictionaries(PAIRS, st.floats(0.84, 1), max_size=20)
EDITIONS = st.sets(PAIRS, max_size=6)


def named(families: list[frozenset[str]]) -> list[list[str]]:
    return sorted(map(sorted, families))


@given(EDGES, EDITIONS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_families_do_not_depend_on_order(
    edges: dict[tuple[str, str], float], editions: set[tuple[str, str]], rng: random.Random
) -> None:
    same = [Same(a, b, similarity) for (a, b), similarity in edges.items()]
    found = named(clusters(NAMES, same, editions))
    rng.shuffle(same)
    assert named(clusters(reversed(NAMES), same, sorted(editions))) == found
    assert sorted(name for family in found for name in family) == list(NAMES)


@given(EDGES, EDITIONS)
@settings(deadline=None)
def test_no_family_crosses_an_edition(
    edges: dict[tuple[str, str], float], editions: set[tuple[str, str]]
) -> None:
    found = clusters(NAMES, [Same(a, b, s) for (a, b), s in edges.items()], editions)
    assert not any(a in family and b in family for family in found for a, b in editions)


def test_the_strongest_evidence_joins_first() -> None:
    same = [Same("a", "b", 0.85), Same("b", "c", 0.99)]
    assert named(clusters("abc", same, [("a", "c")])) == [["a"], ["b", "c"]]


def test_a_preview_joins_its_whole_text_and_a_part_of_a_compilation_does_not() -> None:
    alone = [frozenset(name) for name in "wpc"]
    assert named(attach(alone, {"p": "w"}, [])) == [["c"], ["p", "w"]]
    assert named(attach(alone, {}, [])) == [["c"], ["p"], ["w"]]
    assert named(attach(alone, {"p": "w"}, [("p", "w")])) == [["c"], ["p"], ["w"]]
    assert named(attach(alone, {"p": "w", "w": "p"}, [])) == [["c"], ["p"], ["w"]]


EARLY, LATE = date(2021, 1, 5), date(2023, 3, 1)


@pytest.mark.parametrize(
    ("better", "worse", "reason"),
    [
        (Copy("z", is_official=True, published_on=LATE), Copy("a", published_on=EARLY), "official site"),
        (Copy("z"), Copy("a", is_truncated=True, published_on=EARLY), "whole text"),
        (Copy("z"), Copy("a", masked_ratio=0.8), "not masked"),
        (Copy("z"), Copy("a", completeness=0.8), "most complete"),
        (Copy("z"), Copy("a", soundness=0.6), "undamaged"),
        (Copy("z", published_on=EARLY), Copy("a", published_on=LATE), "published first"),
        (Copy("z", published_on=EARLY), Copy("a"), "published first"),
        (Copy("a"), Copy("z"), "first by name"),
    ],
)
def test_the_canonical_copy(better: Copy, worse: Copy, reason: str) -> None:
    for family in ([better, worse], [worse, better]):
        found = {member.report_id: member for member in members(family)}
        assert {member.canonical_id for member in found.values()} == {better.report_id}
        assert reason in found[worse.report_id].reason


def test_what_a_member_adds() -> None:
    official = Copy("a", is_official=True, is_truncated=True, masked_ratio=0.5)
    full = Copy("b")
    assert [(m.report_id, m.adds) for m in members([official, full])] == [
        ("a", ""),
        ("b", "whole text 全文; figures not masked 数字未打码"),
    ]
    assert members([full])[0].reason == "only copy 唯一"


@pytest.mark.parametrize(
    ("url", "kind", "official"),
    [
        ("https://wjw.a.gov.cn/art/1.html", None, True),
        ("https://a.gov.cn.b.example/1.html", "sharing", False),
        ("https://b.example/gov.cn/1.html", None, False),
        ("https://hospital.example/1.html", "government", True),
        ("http://[broken", None, False),
        ("", None, False),
    ],
)
def test_official_sites(url: str, kind: str | None, official: bool) -> None:
    assert is_official(url, kind) is official
