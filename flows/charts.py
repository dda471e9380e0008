"""Charts as SVG text: lines, bars and heat maps of a query's answer. Fonts are the viewer's own, Chinese ones first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

FONTS = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', sans-serif"

# Okabe and Ito's colours, which colour-blind readers can tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")

WIDTH, HEIGHT = 900, 480
LEFT, RIGHT, TOP, BOTTOM = 80, 200, 50, 60
CELL = 26


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a chart: where it stands, of which series it is, how large it is (a word in a heat map)."""

    x: str
    series: str
    y: float | str


def lines(title: str, points: Sequence[Point]) -> str:
    """One line a series over the x values in order."""
    xs = sorted({point.x for point in points})
    scale = _Scale([float(point.y) for point in points], len(xs))
    parts = [_axes(scale, xs)]
    for number, name in enumerate(_series(points)):
        own = sorted((xs.index(p.x), float(p.y)) for p in points if p.series == name)
        path = " ".join(f"{scale.x(i):.1f},{scale.y(value):.1f}" for i, value in own)
        colour = COLOURS[number % len(COLOURS)]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{scale.x(i):.1f}" cy="{scale.y(v):.1f}" r="3" fill="{colour}"/>' for i, v in own
        ]
        parts.append(_legend(number, name, colour))
    return _svg(title, WIDTH, HEIGHT, parts)


def bars(title: str, points: Sequence[Point]) -> str:
    """One horizontal bar a value, in the order of the answer."""
    height = TOP + BOTTOM // 2 + CELL * len(points)
    longest = max((abs(float(point.y)) for point in points), default=0) or 1
    label_width = 14 * max((_width(point.x) for point in points), default=1) // 2 + 20
    parts = []
    for place, point in enumerate(points):
        top, length = TOP + place * CELL, abs(float(point.y)) / longest * (WIDTH - label_width - 120)
        parts.append(_text(label_width - 8, top + 17, point.x, "end"))
        parts.append(
            f'<rect x="{label_width}" y="{top + 3}" width="{length:.1f}" height="{CELL - 8}" fill="{COLOURS[0]}"/>'
        )
        parts.append(_text(label_width + length + 6, top + 17, f"{float(point.y):g}"))
    return _svg(title, WIDTH, height, parts)


def heat(title: str, points: Sequence[Point]) -> str:
    """A field of cells, series down and x across; numbers by strength, words by colour."""
    xs, rows = sorted({point.x for point in points}), sorted({point.series for point in points})
    left = 14 * max((_width(row) for row in rows), default=1) // 2 + 20
    words = sorted({point.y for point in points if isinstance(point.y, str)})
    strongest = max((float(p.y) for p in points if not isinstance(p.y, str)), default=0) or 1
    parts = [_text(left + i * CELL * 2 + CELL, TOP - 8, x, "middle") for i, x in enumerate(xs)]
    parts += [_text(left - 8, TOP + i * CELL + 17, row, "end") for i, row in enumerate(rows)]
    for point in points:
        x, y = left + xs.index(point.x) * CELL * 2, TOP + rows.index(point.series) * CELL
        if isinstance(point.y, str):
            look = f'fill="{COLOURS[words.index(point.y) % len(COLOURS)]}"'
        else:
            look = f'fill="{COLOURS[0]}" fill-opacity="{0.1 + 0.9 * float(point.y) / strongest:.2f}"'
        parts.append(
            f'<rect x="{x}" y="{y}" width="{CELL * 2 - 2}" height="{CELL - 2}" {look}><title>{escape(f"{point.series} {point.x}: {point.y}")}</title></rect>'
        )
    width = left + len(xs) * CELL * 2 + RIGHT
    parts += [_legend(i, word, COLOURS[i % len(COLOURS)], width - RIGHT + 16) for i, word in enumerate(words)]
    return _svg(title, width, TOP + BOTTOM // 2 + CELL * max(len(rows), len(words)), parts)


class _Scale:
    """Values to places of the drawing."""

    def __init__(self, values: Sequence[float], n_steps: int) -> None:
        self.low, self.high = min([0.0, *values]), max([*values, 0.0]) or 1.0
        self.n_steps = max(n_steps - 1, 1)

    def x(self, step: int) -> float:
        return LEFT + step * (WIDTH - LEFT - RIGHT) / self.n_steps

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (value - self.low) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)

    def ticks(self) -> list[float]:
        """About five round values."""
        step = 10 ** math.floor(math.log10((self.high - self.low) / 4))
        step *= next(factor for factor in (1, 2, 5, 10) if (self.high - self.low) / (step * factor) <= 6)
        return [step * i for i in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]


def _axes(scale: _Scale, xs: Sequence[str]) -> str:
    parts = []
    for value in scale.ticks():
        y = scale.y(value)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#8884"/>')
        parts.append(_text(LEFT - 8, y + 5, f"{value:g}", "end"))
    every = math.ceil(len(xs) / 12)  # more labels than this run into each other
    parts += [
        _text(scale.x(i), HEIGHT - BOTTOM + 22, x, "middle") for i, x in enumerate(xs) if i % every == 0
    ]
    return "".join(parts)


def _series(points: Sequence[Point]) -> list[str]:
    return list(dict.fromkeys(point.series for point in points))


def _legend(number: int, name: str, colour: str, left: float = WIDTH - RIGHT + 16) -> str:
    top = TOP + number * 22
    return f'<rect x="{left}" y="{top}" width="12" height="12" fill="{colour}"/>' + _text(
        left + 18, top + 11, name
    )


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _width(text: str) -> int:
    """Width in half Han characters.

    >>> _width("床位a")
    5
    """
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _svg(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'font-family="{FONTS}" font-size="14"><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="16" y="28" font-size="17" font-weight="bold">{escape(title)}</text>{"".join(parts)}</svg>\n'
    )
