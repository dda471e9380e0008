"""How sharing sites disguise a report: years moved, figures and places masked, the text cut for a preview."""

from __future__ import annotations

import re

from crawlers.sample_sites.texts.compose import Work

_YEAR = re.compile(r"20[12]\d(?=年|〕)")
_FIGURE = re.compile(r"(?<!\d)\d+(?:\.\d+)?(?=[^\d.年〕])")


def redated(work: Work, years: int) -> tuple[str, tuple[str, ...]]:
    """Title and paragraphs with every year moved, each figure's digits turned to x, the place to __."""

    def moved(text: str) -> str:
        text = _YEAR.sub(lambda year: str(int(year[0]) + years), text)
        text = _FIGURE.sub(lambda figure: re.sub(r"\d", "x", figure[0]), text)
        return _without_names(work, text, "__" + work.agency.region[-1])

    return moved(work.title), tuple(moved(line) for line in work.paragraphs[:-2])


def anonymous(work: Work) -> tuple[str, tuple[str, ...]]:
    """Title and paragraphs with every year as 20XX, every second figure as xx, the place as 某县."""
    n = 0

    def hidden(figure: re.Match[str]) -> str:
        nonlocal n
        n += 1
        return "xx" if n % 2 else figure[0]

    def masked(text: str) -> str:
        text = _YEAR.sub("20XX", _FIGURE.sub(hidden, text))
        return _without_names(work, text, "某" + work.agency.region[-1])

    return masked(work.title), tuple(masked(line) for line in work.paragraphs[:-2])


def _without_names(work: Work, text: str, instead: str) -> str:
    text = text.replace(work.agency.region, instead)
    for place in work.agency.places:
        text = text.replace(place, "××" + place[-1])
    return text


def preview(work: Work, share: float) -> tuple[tuple[str, ...], int]:
    """The first `share` of the text, cut in the middle of a sentence, and the length of the whole."""
    shown = work.text[: int(len(work.text) * share)].rstrip("，。；、：\n")
    return tuple(shown.split("\n")), len(work.text)
