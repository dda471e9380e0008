"""The policy terms that a report is about, by a lexicon: never the words that every report has."""

from __future__ import annotations

from archive.models import Report, Tag
from archive.terms.scan import terms_in, themes

# As many as a catalogue card holds; a term that a long report names once is not what it is about.
_MOST = 12
_LONG_TEXT = 3000
_SCANNED = 60_000


def keywords(report: Report) -> list[Tag]:
    """Up to twelve terms, those of the title first, then by how often the text has them; each with its first place."""
    in_title = _counted(report.title)
    in_text = _counted(report.text[:_SCANNED])
    least = 2 if len(report.text) > _LONG_TEXT else 1
    ranked = sorted(in_text, key=lambda term: (-in_text[term][0], in_text[term][1]))
    often = [term for term in ranked if in_text[term][0] >= least and term not in in_title]
    titled = [_tag(term, "title", *in_title[term]) for term in in_title]
    return [*titled, *(_tag(term, "text", *in_text[term]) for term in often)][:_MOST]


def _counted(text: str) -> dict[str, tuple[int, int]]:
    """Term -> (how often, first place)."""
    counts: dict[str, tuple[int, int]] = {}
    for start, term in terms_in(text):
        count, first = counts.get(term, (0, start))
        counts[term] = (count + 1, first)
    return counts


def _tag(term: str, field: str, count: int, first: int) -> Tag:
    confidence = 0.9 if field == "title" or count > 2 else 0.7
    detail = f"{themes()[term]}; n={count}"
    return Tag("keywords", term, confidence, "lexicon", field, first, first + len(term), detail)
