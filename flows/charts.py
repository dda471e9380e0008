"""Charts of a query's answer, as PNG or SVG: lines, bars and heat maps, in a Chinese font of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # matplotlib comes with the extra `plot`
    from matplotlib.axes import Axes

Kind = Literal["lines", "bars", "heat"]

# Sans-serif fonts that hold the characters of GB 18030, as Linux, macOS and Windows name them; the first one found is used.
FONTS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC"),
    *("Hiragino Sans GB", "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei"),
    *("Noto Sans CJK JP", "Droid Sans Fallback"),
)

# Okabe and Ito's colours, which colour-blind readers can tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")

# Inches a row of bars or cells, and a column of cells; the lines' and bars' width; dots an inch of a PNG.
ROW, COLUMN, WIDTH, DOTS = 0.3, 0.62, 9.0, 150


class ChartError(ValueError):
    """The chart cannot be drawn; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a chart: where it stands, of which series it is, how large it is (a word in a heat map)."""

    x: str
    series: str
    y: float | str


def draw(kind: Kind, title: str, points: Sequence[Point], out: Path) -> None:
    """Draw into a file; its ending is the format (.png, .svg, .pdf). SVG holds outlines, so it needs no font.

    Raises:
        ChartError: this machine has no Chinese font.
        ImportError: matplotlib is not installed.
    """
    import matplotlib
    from matplotlib.figure import Figure

    look = {
        "font.family": [chinese_font(), "DejaVu Sans"],
        "axes.unicode_minus": False,
        "axes.titlesize": "medium",
    }
    with matplotlib.rc_context(look):  # type: ignore[arg-type]
        figure = Figure(figsize=_size(kind, points), layout="constrained")
        axes = figure.add_subplot()
        DRAW[kind](axes, points)
        axes.set_title(title, loc="left", wrap=True)
        figure.savefig(out, dpi=DOTS)


def chinese_font() -> str:
    """The name of an installed font with Chinese characters.

    Raises:
        ChartError: there is none; the message names the package to install.
    """
    from matplotlib import font_manager

    manager = font_manager.fontManager
    for is_second_look in (False, True):
        if (
            is_second_look
        ):  # matplotlib remembers the fonts of its first start: one installed since is not among them
            known = {font.fname for font in manager.ttflist}
            for path in set(font_manager.findSystemFonts()) - known:
                manager.addfont(path)
        installed = {font.name for font in manager.ttflist}
        if font := next((name for name in FONTS if name in installed), None):
            return font
    raise ChartError(
        "no Chinese font is installed here: `apt install fonts-noto-cjk` (Debian, Ubuntu) or "
        "`dnf install google-noto-sans-cjk-fonts` (Fedora) brings one"
    )


def _size(kind: Kind, points: Sequence[Point]) -> tuple[float, float]:
    if kind == "lines":
        return WIDTH, 4.8
    if kind == "bars":
        return WIDTH, 1.0 + ROW * len(points)
    xs, rows = _values(point.x for point in points), _values(point.series for point in points)
    return 3.5 + COLUMN * len(xs) + 0.14 * max(map(len, rows)), 1.3 + ROW * max(len(rows), 4)


def _lines(axes: Axes, points: Sequence[Point]) -> None:
    """One line a series; years and other whole numbers stand as far apart as they are."""
    from matplotlib.ticker import MaxNLocator

    xs = _values(point.x for point in points)
    are_numbers = all(x.lstrip("-").isdecimal() for x in xs)
    places = {x: float(x) if are_numbers else i for i, x in enumerate(xs)}
    for number, series in enumerate(dict.fromkeys(point.series for point in points)):
        own = sorted((places[p.x], float(p.y)) for p in points if p.series == series)
        axes.plot(*zip(*own, strict=True), marker="o", color=COLOURS[number % len(COLOURS)], label=series)
    if are_numbers:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    else:
        axes.set_xticks(range(len(xs)), xs, rotation=30, ha="right")
    axes.grid(axis="y", alpha=0.3)
    if len({point.series for point in points}) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)


def _bars(axes: Axes, points: Sequence[Point]) -> None:
    """One horizontal bar a value, in the order of the answer."""
    labels = [" ".join(filter(None, (point.x, point.series))) for point in points]
    drawn = axes.barh(range(len(points)), [float(point.y) for point in points], color=COLOURS[0])
    axes.set_yticks(range(len(points)), labels)
    axes.bar_label(drawn, fmt="%g", padding=3)
    axes.margins(x=0.1, y=0.01)
    axes.invert_yaxis()


def _heat(axes: Axes, points: Sequence[Point]) -> None:
    """A field of cells, series down and x across; numbers by strength, words by colour."""
    from matplotlib.patches import Patch, Rectangle

    xs, rows = _values(point.x for point in points), _values(point.series for point in points)
    words = _values(point.y for point in points if isinstance(point.y, str))
    strongest = max((abs(point.y) for point in points if not isinstance(point.y, str)), default=0) or 1
    for point in points:
        place = (xs.index(point.x) + 0.04, rows.index(point.series) + 0.06)
        if isinstance(point.y, str):
            colour, strength = COLOURS[words.index(point.y) % len(COLOURS)], 1.0
        else:
            colour, strength = COLOURS[0], min(0.08 + 0.92 * abs(point.y) / strongest, 1.0)
            ink = "white" if strength > 0.6 else "black"
            axes.text(place[0] + 0.46, place[1] + 0.44, f"{point.y:g}", color=ink, ha="center", va="center")
        axes.add_patch(Rectangle(place, 0.92, 0.88, facecolor=colour, alpha=strength, linewidth=0))
    axes.set(xlim=(0, len(xs)), ylim=(len(rows), 0))
    axes.set_xticks([i + 0.5 for i in range(len(xs))], xs)
    axes.set_yticks([i + 0.5 for i in range(len(rows))], rows)
    axes.tick_params(length=0, top=False)
    axes.spines[:].set_visible(False)
    if words:
        looks = [Patch(color=COLOURS[i % len(COLOURS)], label=word) for i, word in enumerate(words)]
        axes.legend(handles=looks, loc="upper left", bbox_to_anchor=(1, 1), frameon=False)


DRAW: dict[Kind, Callable[[Axes, Sequence[Point]], None]] = {"lines": _lines, "bars": _bars, "heat": _heat}


def _values(values: Iterable[str]) -> list[str]:
    """Each value once, in order."""
    return sorted(set(values))
