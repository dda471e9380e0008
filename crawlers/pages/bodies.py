"""The body of a page: its container and its lines, without what the template put around them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawlers.pages.chrome import is_meta_line, names_file, without_chrome
from crawlers.pages.containers import find_body
from crawlers.pages.elements import Weight, is_chrome_name, reveal, weigh
from crawlers.pages.lines import Line, read_lines
from crawlers.pages.second_opinion import trim

# A page that shows fewer characters of prose than this may hide its text until a script runs.
THIN_PAGE = 60
# trafilatura's time grows faster than the page; no article seen has more elements.
MAX_SECOND_READING = 20_000
MAX_SECOND_CHARS = 300_000
MAX_SECOND_DEPTH = 150  # it asks for all ancestors of each element; the deepest page seen has 41 levels


@dataclass(frozen=True, slots=True)
class Body:
    """What was read of a page: all its lines, those of the body, and the element that holds them."""

    element: HtmlElement
    method: str  # selector, editor, article or prose: how the element was found
    lines: tuple[Line, ...]  # the body, without chrome
    page_lines: tuple[Line, ...]  # the whole page, for labels and titles
    weight: Weight
    n_page_chars: int

    @property
    def text(self) -> str:
        """The body as lines."""
        return "\n".join(line.text for line in self.lines)


def read_body(root: HtmlElement, selector: str | None = None) -> Body | None:
    """The body of a page, or None where the page shows no text at all."""
    weights = weigh(root)
    if weights[root].prose < THIN_PAGE:
        reveal(root)
        weights = weigh(root)
    element, method = find_body(root, weights, selector)
    if element is None:
        return None
    budget = weights[element].total

    def is_chrome(candidate: HtmlElement) -> bool:
        return is_chrome_name(candidate) and _is_small(weights, candidate, budget)

    lines = without_chrome(_without_head(read_lines(element, weights, is_chrome=is_chrome)))
    if method == "prose" and _is_worth_second_reading(root, weights):
        lines = trim(root, lines)
    return Body(
        element,
        method,
        tuple(lines),
        tuple(read_lines(root, weights, {element})),
        weights[element],
        weights[root].total,
    )


def _is_worth_second_reading(root: HtmlElement, weights: Mapping[HtmlElement, Weight]) -> bool:
    is_short = len(weights) <= MAX_SECOND_READING and weights[root].total <= MAX_SECOND_CHARS
    return is_short and _depth(weights) <= MAX_SECOND_DEPTH


def _depth(weights: Mapping[HtmlElement, Weight]) -> int:
    depths: dict[HtmlElement | None, int] = {}
    for element in weights:  # parents come first
        depths[element] = depths.get(element.getparent(), 0) + 1
    return max(depths.values())


def _is_small(weights: Mapping[HtmlElement, Weight], element: HtmlElement, budget: int) -> bool:
    """Chrome never holds a third of a body: a template may call the body itself "print" or "share"."""
    weight = weights.get(element)
    return weight is not None and weight.prose * 3 < budget


# Title, breadcrumbs and the line of dates together are shorter than this many lines and characters.
MAX_HEAD_LINES, MAX_HEAD_CHARS = 14, 500


def _without_head(lines: list[Line]) -> list[Line]:
    """Cut what stands above the text: everything up to the last line of dates and sources near the top."""
    end, n_chars = 0, 0
    for index, line in enumerate(lines[:MAX_HEAD_LINES]):
        n_chars += len(line.text)
        if n_chars > MAX_HEAD_CHARS or (line.text.endswith(("。", "；", "！")) and not line.is_linked):
            break
        if is_meta_line(line.text):
            end = index + 1
    return lines[end:]


def without_title(body: Body, title: str) -> list[Line]:
    """The body's lines without a title that only repeats the page's, and without menus that stand above it.

    A title that the author typed into the editor's own block is part of the text.
    """
    lines, wanted = list(body.lines), _squeeze(title)
    if body.method == "editor":
        is_repeated = bool(lines) and lines[0].is_heading and _squeeze(lines[0].text) == wanted
        return lines[is_repeated:]
    head = itertools.takewhile(lambda line: not line.text.endswith("。"), lines[:MAX_LINES_ABOVE_TITLE])
    found = [index for index, line in enumerate(head) if wanted and _squeeze(line.text) == wanted]
    if body.method != "prose":
        return lines[1:] if found[:1] == [0] else lines
    # A body found by its prose alone may have taken in menus at its edge.
    below = lines[found[-1] + 1 :] if found else lines
    return list(itertools.dropwhile(lambda line: line.is_linked and not names_file(line.text), below))


# Menus of a whole site: the longest seen above a title has 70 lines.
MAX_LINES_ABOVE_TITLE = 100


def _squeeze(text: str) -> str:
    return "".join(text.split())
