"""How one text stands to another: the same, a part of it, an edition of it with other figures, or merely overlapping.

A pair is decided by the share of each text that stands in the other, small differences bridged, and by the figures
that stand in the same places: the next year's report on last year's words is another document, a re-dated and masked
copy is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from archive.alignment import (
    Coverage,
    Passages,
    Prepared,
    coverage,
    passages,
    prepare,
    rewritten_ratio,
)
from archive.figures import Agreement, Figures, agreement, figures
from archive.models import Relation, RelationKind
from archive.text import simplify

# A change of any rule or threshold of this file, of alignment.py or of figures.py needs a new one.
RULES_VERSION = "1"

# Thresholds were set on one draw of 3,400 labelled documents (seed 20261122) and hold on others (see tests/benchmarks).
# Both texts must stand in each other to this share, and to the second share on average, to be the same.
SAME_EACH, SAME_MEAN = 0.78, 0.84
# A part stands in the whole to this share.
PART = 0.82
# Below this share on either side a pair is not worth a row.
OVERLAP = 0.3
# An edition: at least this many places show another figure, and at least this share of the common places.
CONFLICTS, CONFLICT_SHARE = 2, 0.5
# … or this share of the common stretch rewritten in place (copies stay below .02, next year's reports begin at .1) of
# two texts that stand in each other to the second share: with less in common they merely overlap.
REWRITTEN, SIBLING = 0.07, 0.6
# Fewer own Han characters than this decide nothing: two headings, a signature.
MIN_OWN = 30


@dataclass(frozen=True)
class Document:
    """A text ready for comparison, with its figures."""

    prepared: Prepared

    @cached_property
    def figures(self) -> Figures:
        """Place -> values."""
        return figures(self.prepared)

    @cached_property
    def exact(self) -> str:
        """The text without layout: what two copies of the same bytes or of another width or script share."""
        return exact_form(self.prepared.text)


def document(text: str, boilerplate: NDArray[np.uint64] | None = None) -> Document:
    """Make a text ready; `boilerplate` are ascending shingle hashes that count for nothing."""
    return Document(prepare(text, boilerplate))


def exact_form(text: str) -> str:
    """The text with width, script and white space evened out, figures and punctuation kept.

    >>> exact_form("衛生 局\\n１２") == exact_form("卫生局12")
    True
    """
    return "".join(simplify(text).split())


def compare(text_a: str, text_b: str) -> Relation | None:
    """How text a stands to text b, or None where they have nothing to do with each other.

    >>> compare("", "") is None
    True
    """
    return relate(document(text_a), document(text_b))


def relate(a: Document, b: Document) -> Relation | None:
    """How document a stands to document b, or None."""
    if a.exact == b.exact:
        return _identical(a, b)
    if min(a.prepared.n_own, b.prepared.n_own) < MIN_OWN:
        return None
    there, back = passages(a.prepared, b.prepared), passages(b.prepared, a.prepared)
    share_a, share_b = coverage(a.prepared, there), coverage(b.prepared, back)
    if max(share_a.own, share_b.own) < OVERLAP:
        return None
    common = agreement(a.figures, b.figures)
    rewritten = min(
        rewritten_ratio(a.prepared, b.prepared, there), rewritten_ratio(b.prepared, a.prepared, back)
    )
    return Relation(
        relation=_decide(share_a, share_b, common, rewritten),
        similarity=round((share_a.own + share_b.own) / 2, 4),
        coverage_a=round(share_a.own, 4),
        coverage_b=round(share_b.own, 4),
        n_figures_agree=common.n_agree,
        n_figures_conflict=common.n_conflict,
        spans=_spans(a.prepared, b.prepared, there),
        verbatim_a=round(there.verbatim_ratio, 4),
        verbatim_b=round(back.verbatim_ratio, 4),
        rewritten_ratio=round(rewritten, 4),
    )


def _decide(a: Coverage, b: Coverage, common: Agreement, rewritten: float) -> RelationKind:
    if max(a.own, b.own) < PART and min(a.own, b.own) < OVERLAP:
        return "overlaps"
    if _are_other_figures(common):
        return "edition"
    if rewritten > REWRITTEN:
        return "edition" if min(a.own, b.own) >= SIBLING else "overlaps"
    if min(a.own, b.own) >= SAME_EACH and (a.own + b.own) / 2 >= SAME_MEAN:
        return "same"
    if a.own >= PART and a.own > b.own and a.plain > b.plain:
        return "part_of"
    if b.own >= PART and b.own > a.own and b.plain > a.plain:
        return "contains"
    return "overlaps"


def _are_other_figures(common: Agreement) -> bool:
    n_common = common.n_agree + common.n_conflict
    return common.n_conflict >= CONFLICTS and common.n_conflict >= CONFLICT_SHARE * n_common


def _identical(a: Document, b: Document) -> Relation | None:
    if not a.exact:
        return None
    whole = ((0, len(a.prepared.text), 0, len(b.prepared.text)),)
    return Relation("same", 1.0, 1.0, 1.0, len(a.figures), 0, whole, 1.0, 1.0)


def _spans(a: Prepared, b: Prepared, found: Passages) -> tuple[tuple[int, int, int, int], ...]:
    ends = (a.places[found.start_a], a.places[found.end_a - 1] + 1)
    other_ends = (b.places[found.start_b], b.places[found.end_b - 1] + 1)
    return tuple(zip(*(side.tolist() for side in (*ends, *other_ends)), strict=True))
