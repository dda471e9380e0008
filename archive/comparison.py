"""Two texts side by side: what is equal, what was masked, re-figured, changed, cut or added, in the order of reading."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.alignment import SEED, Prepared, matches
from archive.duplicates import document, exact_form, relate
from archive.models import Relation

BlockKind = Literal["equal", "figures", "masked", "changed", "cut", "added"]

# Placeholders that pages put for a figure or a name.
_MASK = re.compile(r"[xX×*＊_□■○●〇某]+")
_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[^\W_]")  # a letter, a Han character or a digit: without one a difference is layout
_WORD = re.compile(r"[^\W\d_]")
_TOKEN = re.compile(r"\d[\d.,]*|[xX×*＊_□■○●〇]+|.", re.DOTALL)
# Longer stretches without a common run of six characters are other text; the refining is quadratic, so it is bounded.
MAX_REFINED = 400


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of both texts, [start, end) in characters of each; one side is empty where the other cut or added.

    equal: the same words, whatever the layout · figures: another figure in the same place · masked: a figure or name
    on one side, a placeholder or nothing on the other · changed: other words · cut: only in a · added: only in b
    """

    kind: BlockKind
    start_a: int
    end_a: int
    start_b: int
    end_b: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a person needs to judge a pair: the relation and the blocks, which cover both texts without gaps."""

    relation: Relation | None
    blocks: tuple[Block, ...]


class _Pair(NamedTuple):
    """Places of one Han character in both texts."""

    a: int
    b: int


def compare_texts(a: str, b: str) -> Comparison:
    """Lay two texts side by side; time n log n in their length.

    >>> [block.kind for block in compare_texts("全年接诊门诊病人12万人次。", "全年接诊门诊病人XX万人次。").blocks]
    ['equal', 'masked', 'equal']
    """
    first, second = document(a), document(b)
    pairs = _aligned(first.prepared, second.prepared)
    return Comparison(relate(first, second), tuple(_merged(_blocks(a, b, pairs))))


def _aligned(a: Prepared, b: Prepared) -> list[_Pair]:
    """Equal Han characters of both texts, ascending in both."""
    at_a, at_b = matches(a, b)
    kept = _longest_ascent(at_b.tolist())
    offsets = np.arange(SEED)
    han_a = (at_a[kept][:, None] + offsets).ravel()
    han_b = (at_b[kept][:, None] + offsets).ravel()
    # Where seeds overlap and disagree, the earlier one keeps its place, and only what still ascends stays.
    fresh = _new_heights(han_a) & _new_heights(han_b)
    return [
        _Pair(*pair)
        for pair in zip(a.places[han_a[fresh]].tolist(), b.places[han_b[fresh]].tolist(), strict=True)
    ]


def _new_heights(values: NDArray[np.intp]) -> NDArray[np.bool_]:
    highest = np.maximum.accumulate(np.append(-1, values))[:-1]
    return np.greater(values, highest)


def _longest_ascent(values: Sequence[int]) -> list[int]:
    """Indexes of a longest strictly ascending subsequence.

    >>> _longest_ascent([5, 1, 2, 9, 3])
    [1, 2, 4]
    """
    tails: list[int] = []  # the smallest last value of an ascent of each length, and where it stands
    ends: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        length = bisect_left(tails, value)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [value]
        ends[length : length + 1] = [index]
    chain = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(index)
        index = before[index]
    return chain[::-1]


def _blocks(a: str, b: str, pairs: list[_Pair]) -> Iterator[Block]:
    """Each aligned character and, before it, what stands between it and the one before."""
    at_a = at_b = 0
    for pair in [*pairs, _Pair(len(a), len(b))]:
        if pair.a > at_a or pair.b > at_b:
            yield from _between(a, b, Block("changed", at_a, pair.a, at_b, pair.b))
        at_a, at_b = min(pair.a + 1, len(a)), min(pair.b + 1, len(b))
        if pair.a < len(a):
            yield Block("equal", pair.a, at_a, pair.b, at_b)


def _between(a: str, b: str, gap: Block) -> Iterator[Block]:
    """What stands between two aligned characters, in smaller pieces where both texts have some words there."""
    piece_a, piece_b = a[gap.start_a : gap.end_a], b[gap.start_b : gap.end_b]
    shorter = min(len(piece_a), len(piece_b))
    n_equal = next((n for n in range(shorter) if piece_a[n] != piece_b[n]), shorter)
    if n_equal:
        end_a, end_b = gap.start_a + n_equal, gap.start_b + n_equal
        yield Block("equal", gap.start_a, end_a, gap.start_b, end_b)
        gap = Block(gap.kind, end_a, gap.end_a, end_b, gap.end_b)
        piece_a, piece_b = piece_a[n_equal:], piece_b[n_equal:]
    if n_tail := _same_tail(piece_a, piece_b):
        end_a, end_b = gap.end_a - n_tail, gap.end_b - n_tail
        yield from _between(a, b, Block(gap.kind, gap.start_a, end_a, gap.start_b, end_b))
        yield Block("equal", end_a, gap.end_a, end_b, gap.end_b)
        return
    kind = _kind(piece_a, piece_b)
    if kind != "changed" or max(len(piece_a), len(piece_b)) > MAX_REFINED:
        yield Block(kind, gap.start_a, gap.end_a, gap.start_b, gap.end_b)
        return
    tokens_a, tokens_b = _TOKEN.findall(piece_a), _TOKEN.findall(piece_b)
    at_a, at_b = gap.start_a, gap.start_b
    for _, i, j, k, m in SequenceMatcher(None, tokens_a, tokens_b, autojunk=False).get_opcodes():
        said_a, said_b = "".join(tokens_a[i:j]), "".join(tokens_b[k:m])
        yield Block(_kind(said_a, said_b), at_a, at_a + len(said_a), at_b, at_b + len(said_b))
        at_a, at_b = at_a + len(said_a), at_b + len(said_b)


def _same_tail(a: str, b: str) -> int:
    r"""How many characters of punctuation and layout both end in.

    >>> _same_tail("98.6%。\n（", "xx.x%。\n（"), _same_tail("48", "28"), _same_tail("。", "。")
    (4, 0, 1)
    """
    n = 0
    while n < min(len(a), len(b)) and a[-1 - n] == b[-1 - n] and not a[-1 - n].isalnum():
        n += 1
    return n


def _kind(a: str, b: str) -> BlockKind:
    """What happened between two aligned characters."""
    if exact_form(a) == exact_form(b) or not (_is_told(a) or _is_told(b)):
        return "equal"
    is_masked = bool(_MASK.search(a)) != bool(_MASK.search(b))
    if is_masked and (_is_mask_only(a) or _is_mask_only(b)):
        return "masked"
    if _DIGIT.search(a) and _DIGIT.search(b) and _words(a) == _words(b):
        return "masked" if is_masked else "figures"
    return _kind_of_words(a, b)


def _kind_of_words(a: str, b: str) -> BlockKind:
    if _is_told(a) and _is_told(b):
        return "changed"
    shown = a if _is_told(a) else b
    if _DIGIT.search(shown) and not _words(shown):
        return "masked"  # a figure here, nothing there
    return "cut" if shown is a else "added"


def _words(text: str) -> str:
    """The text without figures, placeholders and layout."""
    return "".join(_WORD.findall(_MASK.sub("", text)))


def _is_told(text: str) -> bool:
    return bool(_WORDS.search(text) or _MASK.search(text))


def _is_mask_only(text: str) -> bool:
    return bool(_MASK.search(text)) and not _WORDS.search(_MASK.sub("", text))


def _merged(blocks: Iterator[Block]) -> Iterator[Block]:
    """Neighbours of one kind as one block."""
    open_block: Block | None = None
    for block in blocks:
        if open_block and open_block.kind == block.kind:
            open_block = Block(block.kind, open_block.start_a, block.end_a, open_block.start_b, block.end_b)
            continue
        if open_block:
            yield open_block
        open_block = block
    if open_block:
        yield open_block
