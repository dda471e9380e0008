"""Folding and fingerprints: what changes between copies must not change them, what differs between reports must."""

from __future__ import annotations

import time
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.fingerprints import STORED_BITS, fingerprint, link_blocks
from archive.text import fold, simplify
from tests.composed import masked, redated, report, with_chrome


@pytest.mark.parametrize(
    ("shown", "compared"),
    [
        ("２０２３年，全縣衛生機構", "年全县卫生机构"),
        ("投入×××万元、增长 XX.X%", "投入万元增长"),
        ("某某县 第 1 2 页", "县第页"),
        ("⼯作总结", "工作总结"),  # a radical from a PDF text layer
        ("衛(wèi)生", "卫生"),
        ("二〇二三年", "二二三年"),
        ("\ud800坏\udfff", "坏"),
        ("", ""),
    ],
)
def test_fold(shown: str, compared: str) -> None:
    assert fold(shown) == compared


@given(st.text())
@settings(deadline=None)
def test_folding_is_idempotent_and_simplifying_keeps_length(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert simplify(simplify(text)) == simplify(text)
    assert len(simplify(text)) == len(text)


def test_simplify_agrees_with_nfkc_where_it_maps() -> None:
    shown = "".join(map(chr, range(0xFF01, 0xFF5F)))
    assert simplify(shown) == unicodedata.normalize("NFKC", shown)


def shared(a: str, b: str) -> float:
    """Share of the smaller fingerprint that stands in the other."""
    x, y = fingerprint(a), fingerprint(b)
    return len(np.intersect1d(x, y)) / max(1, min(len(x), len(y)))


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_copies_share_their_fingerprint_and_strangers_do_not(seed: int) -> None:
    original = report(seed)
    assert shared(original, redated(masked(original))) == 1
    assert shared(original, with_chrome(original, 0.2)) > 0.9
    assert shared(original, original[: len(original) // 3]) > 0.8
    assert shared(original, report(seed + 20_000)) < 0.5


def test_a_fingerprint_is_a_small_sorted_sample() -> None:
    text = "".join(map(chr, np.random.default_rng(1).integers(0x4E00, 0x9000, 20_000)))
    found = fingerprint(text)
    assert found.dtype == np.uint64
    assert (np.diff(found.astype(np.int64)) > 0).all()
    assert int(found.max()) < 2**STORED_BITS
    assert len(found) == pytest.approx(len(fold(text)) / 16, rel=0.25)


def test_links_are_left_out_and_wrapped_prose_is_not() -> None:
    links = "\n".join(f"青溪县{n}年工作总结" for n in range(2010, 2016))
    prose = "\n".join(["我们坚持问题导向,深入推进", "乡村振兴,着力改善民生,", "全面落实各项任务;继续"] * 3)
    assert link_blocks(f"正文一段，到此为止。\n{links}\n又一段，到此为止。") == [(11, 11 + len(links) + 1)]
    assert link_blocks(prose) == []
    assert len(fingerprint(links * 30)) == 0


@pytest.mark.parametrize("text", ["", "工作", "\n" * 100, "12345 abc", "\ud83d"])
def test_nothing_to_sample(text: str) -> None:
    assert len(fingerprint(text)) == 0


def test_time_is_linear_in_the_text() -> None:
    def seconds(text: str) -> float:
        started = time.process_time()
        fingerprint(text)
        return time.process_time() - started

    fingerprint("先做一次")
    page = report(3) * 100
    assert seconds(page * 10) < 40 * max(seconds(page), 0.002)
    assert seconds("一句话反复说。" * 1_500_000) < 20  # 10 million characters
