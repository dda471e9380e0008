"""Which passages of one text stand in another: common runs of characters, chained over small differences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.fingerprints import SHINGLE, compared_codes, sample

# Common runs of this many Han characters are the seeds of a passage. 4 and 8 lose .003 to .005 of F1.
SEED = 6
# Seeds join into one passage over a gap of at most this many characters on either side: what a mask, a place name or
# a swapped synonym takes. Without bridging, copies with synonyms swapped are lost.
MAX_GAP = 28
# … and if the two texts have shifted against each other by no more than this within the gap.
MAX_DRIFT = 8
# Shorter passages are turns of phrase (全面贯彻落实党的) that any two reports share.
MIN_PASSAGE = 14
# A seed that occurs twice says not where it belongs, so it is no seed: but a passage of this many repeated seeds is a
# text that stands on its page twice, and its first occurrence counts.
LONG_REPEAT = 20
# Han characters at the two ends of a page that extraction left in and that no other page need have: 上一篇, 打印本页.
CHROME = 40
# Nobody compares beyond this many Han characters (the longest national report has 35,000): a bound for memory.
MAX_HAN = 1_000_000

_EVEN_OUT = np.uint64(0x9E3779B97F4A7C15)
_FACTOR = np.uint64(0x10001F)
_NONE = -1


@dataclass(frozen=True)
class Prepared:
    """A text made ready for comparison with many others.

    han: its folded Han characters; places: where each stands in the text; seeds: a number for every run of SEED
    characters; is_own: False for characters of passages that the whole archive shares (boilerplate).
    """

    text: str
    han: NDArray[np.uint32]
    places: NDArray[np.intp]
    seeds: NDArray[np.uint64]
    is_own: NDArray[np.bool_]

    @cached_property
    def n_own(self) -> int:
        """The number of Han characters that count."""
        return int(self.own_before[-1])

    @cached_property
    def own_before(self) -> NDArray[np.intp]:
        """The number of own characters before each place, and at last of all."""
        return np.append(0, np.cumsum(self.is_own))

    @cached_property
    def index(self) -> NDArray[np.int32]:
        """Hash table from a seed to its place p: p if it is unique, -2 - p for the first one within a long repeat."""
        n_slots = 1 << max(10, (8 * len(self.seeds)).bit_length())
        table = np.full(n_slots, _NONE, dtype=np.int32)
        slots = _slots(self.seeds, n_slots)
        order = np.arange(len(slots), dtype=np.int32)
        table[slots[::-1]] = order[::-1]  # the first occurrence is written last and stays
        repeats = table[slots] != order
        short = _short_runs(repeats)
        in_long = slots[repeats & ~short]
        table[in_long] = -2 - table[in_long]
        table[slots[short]] = _NONE
        return table


@dataclass(frozen=True)
class Passages:
    """Passages of a text a that stand in a text b, in the order of a: half-open spans of Han characters of each.

    verbatim_ratio: the share of a's seeds that stand in b unchanged, 0-1. What bridging hides, damage and swapped
    words, shows here.
    """

    start_a: NDArray[np.intp]
    end_a: NDArray[np.intp]
    start_b: NDArray[np.intp]
    end_b: NDArray[np.intp]
    verbatim_ratio: float


def prepare(text: str, boilerplate: NDArray[np.uint64] | None = None) -> Prepared:
    """Make a text ready. `boilerplate`: ascending shingle hashes that the archive knows as everybody's."""
    codes = compared_codes(text)
    places = np.flatnonzero(codes)[:MAX_HAN]
    han = codes[places]
    return Prepared(text, han, places, _seeds(han), _own(han, boilerplate))


def passages(a: Prepared, b: Prepared) -> Passages:
    """What of a stands in b."""
    at_a, at_b = matches(a, b)
    if not len(at_a):
        return Passages(at_a, at_a, at_b, at_b, 0.0)
    step_a, step_b = np.diff(at_a), np.diff(at_b)
    joins = (step_a <= MAX_GAP) & (np.abs(step_b - step_a) <= MAX_DRIFT)
    breaks = np.flatnonzero(~joins)
    first, last = np.append(0, breaks + 1), np.append(breaks, len(at_a) - 1)
    long = at_a[last] + SEED - at_a[first] >= MIN_PASSAGE
    first, last = first[long], last[long]
    verbatim = len(at_a) / len(a.seeds)
    return Passages(at_a[first], at_a[last] + SEED, at_b[first], at_b[last] + SEED, verbatim)


class Coverage(NamedTuple):
    """The share of a text that stands in another, 0-1: of its own characters, and of all with boilerplate."""

    own: float
    plain: float


def coverage(a: Prepared, found: Passages) -> Coverage:
    """How much of a the passages cover; a little page chrome at the ends is forgiven."""
    if not len(found.start_a):
        return Coverage(0.0, 0.0)
    begins = np.maximum(
        found.start_a, np.append(0, found.end_a[:-1])
    )  # the last seed of one may reach into the next
    places = np.arange(len(a.han) + 1)
    return Coverage(_share(a.own_before, begins, found.end_a), _share(places, begins, found.end_a))


def _share(before: NDArray[np.intp], begins: NDArray[np.intp], ends: NDArray[np.intp]) -> float:
    """The share that stands between begins and ends of all that counts; `before`: how much counts before each place."""
    n_all = int(before[-1])
    n_ends = n_all - int(before[ends[-1]] - before[begins[0]])
    return int((before[ends] - before[begins]).sum()) / max(1, n_all - min(n_ends, CHROME))


def rewritten_ratio(a: Prepared, b: Prepared, found: Passages) -> float:
    """Of the stretch of a that stands in b, the share whose words b replaced by others of its own, 0-1.

    Between two passages that follow each other in both texts, a copy has nothing, or something on one side: a lost
    sentence, an advertisement. Text on both sides was rewritten: the mark of the next year's report.
    """
    own_a, own_b = a.own_before, b.own_before
    gap_a = own_a[found.start_a[1:]] - own_a[found.end_a[:-1]]
    gap_b = own_b[found.start_b[1:]] - own_b[found.end_b[:-1]]
    n_rewritten = int(np.minimum(gap_a, gap_b).clip(min=0).sum())
    n_kept = int((own_a[found.end_a] - own_a[found.start_a]).sum())
    return n_rewritten / (n_rewritten + n_kept) if n_rewritten else 0.0


def matches(a: Prepared, b: Prepared) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places of seeds in a, ascending, and of the same seeds in b.

    A seed that is unique in b has its place there. Another is looked for where the last unique one leads, and, within
    a passage that b holds twice, at its first occurrence.
    """
    if not len(a.seeds) or not len(b.seeds):
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    entry, order = b.index[_slots(a.seeds, len(b.index))].astype(np.intp), np.arange(len(a.seeds))
    first = np.where(entry >= 0, entry, -2 - entry)
    is_there = (entry != _NONE) & (b.seeds[first] == a.seeds)  # slots are shared by chance, seeds are not
    is_unique = is_there & (entry >= 0)
    last = np.maximum.accumulate(np.where(is_unique, order, _NONE))
    led = order + np.where(last == _NONE, 0, first[last] - last)
    inside = led.clip(0, len(b.seeds) - 1)
    is_led = (inside == led) & (b.seeds[inside] == a.seeds) & ~is_unique
    at_a = np.flatnonzero(is_there | is_led)
    return at_a, np.where(is_led, inside, first)[at_a]


def _short_runs(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The flags without those that stand in runs of LONG_REPEAT or more."""
    edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0))
    begins, ends = edges[::2], edges[1::2]
    short = flags.copy()
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        if end - begin >= LONG_REPEAT:
            short[begin:end] = False
    return short


def _slots(seeds: NDArray[np.uint64], n_slots: int) -> NDArray[np.intp]:
    bits = n_slots.bit_length() - 1
    return ((seeds * _EVEN_OUT) >> np.uint64(64 - bits)).astype(np.intp)


def _seeds(han: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """A number for every run of six characters: a polynomial of their codes, distinct but for rare chance."""
    if len(han) < SEED:
        return np.empty(0, dtype=np.uint64)
    runs = np.zeros(len(han) - SEED + 1, dtype=np.uint64)
    codes = han.astype(np.uint64)
    for offset in range(SEED):
        runs = runs * _FACTOR + codes[offset : offset + len(runs)]
    return runs


def _own(han: NDArray[np.uint32], boilerplate: NDArray[np.uint64] | None) -> NDArray[np.bool_]:
    """Each character takes the nearest sampled shingle's word for it: boilerplate or its own."""
    own = np.ones(len(han), dtype=np.bool_)
    if boilerplate is None or not len(boilerplate):
        return own
    kept = sample(han)
    if not len(kept.hashes):
        return own
    found = np.searchsorted(boilerplate, kept.hashes)
    found[found == len(boilerplate)] = 0
    is_shared = boilerplate[found] == kept.hashes
    middles = kept.begins + SHINGLE // 2
    borders = (middles[:-1] + middles[1:]) // 2
    np.logical_not(is_shared[np.searchsorted(borders, np.arange(len(han)), side="right")], out=own)
    return own
