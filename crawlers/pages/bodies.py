"""The body of a page: its container, its lines, and the better of our reading and trafilatura's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawlers.pages.chrome import without_chrome
from crawlers.pages.containers import find_body
from crawlers.pages.elements import Weight, is_chrome_name, weigh
from crawlers.pages.lines import Line, read_lines


@dataclass(frozen=True, slots=True)
class Body:
    """What was read of a page: all its lines, those of the body, and the element that holds them."""

    element: HtmlElement
    method: str
    lines: tuple[Line, ...]  # the body, without chrome
    page_lines: tuple[Line, ...]  # the whole page, for labels and titles
    n_linked: int
    n_chars: int

    @property
    def text(self) -> str:
        """The body as lines."""
        return "\n".join(line.text for line in self.lines)


def read_body(root: HtmlElement, selector: str | None = None) -> Body | None:
    """The body of a page, or None where the page shows no text at all."""
    weights = weigh(root)
    element, method = find_body(root, weights, selector)
    if element is None:
        return None
    budget = weights[element].total

    def is_chrome(candidate: HtmlElement) -> bool:
        return _is_small(weights, candidate, budget) and is_chrome_name(candidate)

    raw = read_lines(element, is_chrome=is_chrome)
    kept = without_chrome(raw)
    page_lines = read_lines(root, {element})
    return Body(
        element,
        method,
        tuple(kept),
        tuple(page_lines),
        sum(line.n_linked for line in kept),
        sum(len(line.text) for line in kept),
    )


def _is_small(weights: Mapping[HtmlElement, Weight], element: HtmlElement, budget: int) -> bool:
    """Chrome never holds a third of a body: a template may call the body itself "print" or "share"."""
    weight = weights.get(element)
    return weight is not None and weight.prose * 3 < budget
