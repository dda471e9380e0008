"""Texts cut into pieces for a page: which characters are evidence, which are shared with another text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters with one look."""

    text: str
    is_marked: bool = False


Span = tuple[int, int]


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The text in pieces, those inside any span marked; spans may overlap or lie outside.

    >>> [(p.text, p.is_marked) for p in pieces("一二三四五", [(1, 3), (2, 4), (9, 12)])]
    [('一', False), ('二三四', True), ('五', False)]
    """
    found: list[Piece] = []
    done = 0
    for start, end in merged(spans):
        start, end = max(start, done), min(end, len(text))
        if start >= end:
            continue
        if start > done:
            found.append(Piece(text[done:start]))
        found.append(Piece(text[start:end], is_marked=True))
        done = end
    return [*found, Piece(text[done:])] if done < len(text) else found


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, overlapping ones joined.

    >>> merged([(5, 7), (1, 3), (2, 4)])
    [(1, 4), (5, 7)]
    """
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def snippet_pieces(snippet: str) -> list[Piece]:
    """A search's snippet, in which hits stand in 【】.

    >>> [(p.text, p.is_marked) for p in snippet_pieces("全县【床位】数")]
    [('全县', False), ('床位', True), ('数', False)]
    """
    found: list[Piece] = []
    for part in snippet.split("【"):
        hit, bracket, rest = part.partition("】")
        if bracket:
            found += [Piece(hit, is_marked=True), Piece(rest)]
        else:
            found.append(Piece(part))
    return [piece for piece in found if piece.text]
