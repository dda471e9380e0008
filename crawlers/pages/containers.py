"""Which element of a page holds the body: by the names that content systems use, else by where the prose is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cssselect import SelectorError
from lxml.html import HtmlElement

from crawlers.pages.elements import Weight, id_and_classes, is_chrome_name, names

# What the editors of content systems put around exactly the text: TRS, UCAP (开普云), VSB (博达), Hanweb
# (大汉), 新点 EWB, WebPlus (苏迪), EmpireCMS, JPaaS, WeChat, Word conversions.
_EDITOR = re.compile(
    r"""
    ucapcontent | zoom(?:con|content)? | fontzoom | ozoom | vsbcontent\w* | vnewscontent | ivscontent | endtext
    | trseditor(?:view)? | trsueditor | trspaperdefault | trsexternal | trsweb | customunionstyle
    | btcontent | wparticlecontent | wenzhangcontent | jscontent | ewbarticleinfo | ewbinfocontent | newsarticlepara
    | richmediacontent | articlecontentbody | entrycontent | easysiteiconcontent
    """,
    re.VERBOSE,
)
# What page templates call the block of the article; it may also hold the title and the line of dates.
_ARTICLE = re.compile(
    r"""
    (?:art|arc|arti|article|news|info|detail|content|text|txt|show|view|doc|post|page|pages|main|xl|xw|nr|zw|xxgk|xxgknr|gk|tex|con|read|print|inner|body)
    (?:content|contents|con|cont|conts|body|text|txt|main|detail|details|info|article|nr|zw|box|show|view|para)(?:\d)?
    | articles? | artibody | artile(?:zw)? | mainnr | zwnr | zhengwen | neirong | articlebox | mycontent | contents? | content\d | con | cont
    | detail | details | text | txt | nr | zw | doc | preview | viewcontent | viewbox | arcbody | readcontent | wzcontent | wznr | wz
    """,
    re.VERBOSE,
)

# Names lie: a template's "content" may be the whole page or a box beside it. A named element counts if it
# holds this share of the prose of the best block found without names.
MIN_SHARE_OF_PROSE = 0.55
# An editor's own block is called so only where the text is; a short one may be outweighed by what is around it.
MIN_SHARE_OF_PROSE_EDITOR = 0.35
ENOUGH_PROSE_EDITOR = 80.0
# The body's parent may hold a signature or a table beside it; going down may lose this share of prose.
MAX_LOSS_GOING_DOWN = 0.03


def find_body(
    root: HtmlElement, weights: Mapping[HtmlElement, Weight], selector: str | None = None
) -> tuple[HtmlElement | None, str]:
    """The element that holds the body, and how it was found: selector, editor, article, prose or none."""
    chosen = _by_selector(root, weights, selector) if selector else None
    if chosen is not None:
        return chosen, "selector"
    block = densest_block(root, weights)
    if block is None:
        return None, "none"
    kinds = ((_EDITOR, "editor", MIN_SHARE_OF_PROSE_EDITOR), (_ARTICLE, "article", MIN_SHARE_OF_PROSE))
    for pattern, method, share in kinds:
        floor = weights[block].prose * share
        named = _named(weights, pattern, min(floor, ENOUGH_PROSE_EDITOR) if method == "editor" else floor)
        if named is not None:
            return named, method
    return block, "prose"


def _by_selector(
    root: HtmlElement, weights: Mapping[HtmlElement, Weight], selector: str
) -> HtmlElement | None:
    try:
        found = root.cssselect(selector)
    except (SelectorError, ValueError):
        return None
    kept = [element for element in found if element in weights]
    return max(kept, key=lambda element: weights[element].total, default=None)


def _named(
    weights: Mapping[HtmlElement, Weight], pattern: re.Pattern[str], floor: float
) -> HtmlElement | None:
    """The tightest named element that still holds what the loosest one holds."""
    found = [
        element
        for element, weight in weights.items()
        if weight.prose >= floor
        and weight.plain >= weight.linked
        and element.tag not in ("html", "body", "a")
        and any(pattern.fullmatch(name) for name in names(id_and_classes(element)))
    ]
    if not found:
        return None
    chosen = max(found, key=lambda element: weights[element].prose)
    for element in found:  # document order: parents come before children
        if _is_below(element, chosen) and _keeps(weights[element], weights[chosen]):
            chosen = element
    return chosen


def _keeps(inner: Weight, outer: Weight) -> bool:
    return inner.prose >= outer.prose * (1 - MAX_LOSS_GOING_DOWN)


def _is_below(element: HtmlElement, other: HtmlElement) -> bool:
    return element is not other and any(above is other for above in element.iterancestors())


def densest_block(root: HtmlElement, weights: Mapping[HtmlElement, Weight]) -> HtmlElement | None:
    """The smallest element that still holds nearly all sentences of the page, or None without any text.

    Goes down from the root while one child holds nine tenths of the prose that is not chrome: bodies are runs
    of sibling paragraphs, so the walk stops at their parent.
    """
    current = root
    if weights[root].total == 0:
        return None
    while True:
        children = [child for child in current if child in weights and not is_chrome_name(child)]
        best = max(children, key=lambda child: _worth(weights[child]), default=None)
        if best is None or _worth(weights[best]) <= 0:
            return current
        rest = sum(_worth(weights[child]) for child in children) - _worth(weights[best])
        own = _worth(weights[current]) - sum(_worth(weights[child]) for child in current if child in weights)
        if best.tag in ("p", "a", "span", "br", "b", "strong") or rest + max(own, 0) > 0.1 * _worth(
            weights[best]
        ):
            return current
        current = best


def _worth(weight: Weight) -> float:
    """Prose, less what sits among links: related lists and menus count against a block."""
    return max(weight.prose - weight.linked, 0.0)
