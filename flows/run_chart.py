"""The last runs of one source as a picture: what was new, what was known already, what failed, which runs were red."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from archive.warehouse import Archive
from flows.charts import COLOURS, FONTS

N_RUNS = 30

# Units of the drawing.
COLUMN, LEFT, RIGHT, TOP, BOTTOM, GAP = 20, 136, 14, 44, 58, 12
WIDTH = LEFT + COLUMN * N_RUNS + RIGHT
RED = "#B42318"


@dataclass(frozen=True, slots=True)
class Run:
    """One column of the picture. `state`: done | red | crashed."""

    started_at: datetime
    state: str
    new: int
    known: int
    errors: int

    @property
    def is_red(self) -> bool:
        """Whether it broke its source's promise or was cut off."""
        return self.state != "done"


@dataclass(frozen=True, slots=True)
class Strip:
    """One row of bars with a scale of its own: a hundred known rows would hide two new reports."""

    label: str
    colour: str
    height: int
    value: Callable[[Run], int]


STRIPS = (
    Strip("新增报告 new", COLOURS[0], 84, lambda run: run.new),
    Strip("已知条目 known", "#8c959f", 40, lambda run: run.known),
    Strip("错误、拒绝 errors", COLOURS[1], 28, lambda run: run.errors),
)
HEIGHT = TOP + sum(strip.height + GAP for strip in STRIPS) + BOTTOM


def last_runs(archive: Archive, source: str) -> list[Run]:
    """The source's last runs, oldest first."""
    found = archive.rows(
        f"""SELECT started_at, state, coalesce(n_new_reports, 0), coalesce(rows_known, 0),
            coalesce(n_errors, 0) + coalesce(n_blocked, 0)
        FROM crawl_runs WHERE source = ? ORDER BY started_at DESC LIMIT {N_RUNS}""",
        [source],
    ).rows
    return [Run(*row) for row in reversed(found)]


def draw(title: str, runs: Sequence[Run]) -> str:
    """An SVG of the runs, one column each; red runs have a red band behind them and a cross above."""
    parts = [_text(16, 26, title, size=16, weight="bold")]
    parts += [_band(place, run) for place, run in enumerate(runs) if run.is_red]
    top = TOP
    for strip in STRIPS:
        parts += _bars(strip, runs, top)
        top += strip.height + GAP
    parts += _days(runs, top + 4)
    parts.append(_text(LEFT, HEIGHT - 12, _words(runs), size=12))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="{FONTS}" role="img"><rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>'
    )


def _bars(strip: Strip, runs: Sequence[Run], top: int) -> Iterator[str]:
    values = [strip.value(run) for run in runs]
    highest, floor = max(values, default=0), top + strip.height
    yield _text(LEFT - 10, floor - 4, strip.label, anchor="end", size=13)
    yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{floor}" y2="{floor}" stroke="#d0d7de"/>'
    if highest:
        yield _text(
            LEFT - 10, floor - strip.height + 9, str(highest), anchor="end", size=11, colour="#57606a"
        )
    for place, (run, value) in enumerate(zip(runs, values, strict=True)):
        if value:
            height = max(2.0, strip.height * value / highest)  # one of a thousand is still seen
            yield (
                f'<rect x="{_x(place) + 3}" y="{floor - height:.1f}" width="{COLUMN - 6}" height="{height:.1f}" '
                f'fill="{strip.colour}"><title>{run.started_at:%Y-%m-%d %H:%M}: {value}</title></rect>'
            )


def _band(place: int, run: Run) -> str:
    x = _x(place)
    band = f'<rect x="{x + 1}" y="{TOP - 4}" width="{COLUMN - 2}" height="{HEIGHT - TOP - BOTTOM}" fill="{RED}" fill-opacity="0.13"/>'
    return band + _text(x + COLUMN / 2, TOP - 6, "✕", anchor="middle", size=13, colour=RED)


def _days(runs: Sequence[Run], top: int) -> Iterator[str]:
    """The days of some runs; two next to each other would run into each other."""
    for place in range(len(runs) - 1, -1, -3):
        middle = _x(place) + COLUMN / 2
        yield _text(middle, top + 12, f"{runs[place].started_at:%m-%d}", anchor="middle", size=11)


def _words(runs: Sequence[Run]) -> str:
    n_red = sum(run.is_red for run in runs)
    new = sum(run.new for run in runs)
    return f"最近 {len(runs)} 次运行（左旧右新）：新增 {new}，✕ 失败 {n_red} · last {len(runs)} runs, {new} new, {n_red} red"


def _x(place: int) -> int:
    return LEFT + COLUMN * place


def _text(x: float, y: float, words: str, **look: object) -> str:
    anchor, size = look.get("anchor", "start"), look.get("size", 13)
    colour, weight = look.get("colour", "#1f2328"), look.get("weight", "normal")
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" '
        f'fill="{colour}">{escape(words)}</text>'
    )
