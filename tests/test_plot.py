"""`plot`: the pictures hold the values and legible Chinese, as PNG and as SVG."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer
from typer.testing import CliRunner, Result

from archive.warehouse import Answer, Home
from flows import charts
from flows.charts import ChartError, Point, draw
from flows.commands import plot as plot_command
from flows.settings import SettingsError
from tests.archives import small_archive

pytest.importorskip("matplotlib", reason="the extra `plot` is not installed")
image = pytest.importorskip("matplotlib.image")

app = typer.Typer()
plot_command.register(app)
app.command()(lambda: None)

YEARS = "SELECT year, publisher, count(*) FROM reports_wide WHERE publisher IS NOT NULL GROUP BY ALL"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return small_archive(tmp_path_factory.mktemp("plot"))


@pytest.fixture(autouse=True)
def no_missing_glyphs() -> Iterator[None]:
    """matplotlib warns of every character that its font lacks."""
    try:
        charts.chinese_font()
    except ChartError as error:
        pytest.skip(str(error))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture
def run(home: Home, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("WORKREPORTS_HOME", str(home.path))

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["plot", *arguments])

    return call


def ink(path: Path):  # type: ignore[no-untyped-def]
    """Which dots of a picture are not white."""
    return image.imread(path)[:, :, :3].min(axis=2) < 0.9


def test_other_characters_are_other_shapes(tmp_path: Path) -> None:
    points = [Point("2020", "", 1.0), Point("2021", "", 2.0)]
    drawn = {}
    for word in ("卫生", "民政", "□□"):
        draw("lines", word, points, tmp_path / "title.png")
        drawn[word] = ink(tmp_path / "title.png")
    assert (drawn["卫生"] != drawn["民政"]).sum() > 100, "boxes for missing characters would look alike"
    assert (drawn["卫生"] != drawn["□□"]).sum() > 100


def test_every_label_stands_in_the_svg_as_outlines(tmp_path: Path) -> None:
    out = tmp_path / "bars.svg"
    draw("bars", "床位 <数>", [Point("卫生局", "县", 3.0), Point("教育局", "县", 5.0)], out)
    tree = ElementTree.parse(out)
    assert not [node for node in tree.iter() if node.tag.endswith("}text")], (
        "text would need the reader's fonts"
    )
    said = re.findall(r"<!-- (.*?) -->", out.read_text("utf-8"))
    assert {"卫生局 县", "教育局 县", "床位 &lt;数&gt;"} <= set(said)
    assert [node for node in tree.iter() if ".notdef" in node.get("id", "")] == []


def test_a_heat_map_has_a_cell_for_each_value_in_the_colour_of_its_word(tmp_path: Path) -> None:
    out = tmp_path / "heat.png"
    draw("heat", "", [Point("2020", "总结", "held"), Point("2021", "总结", "not listed")], out)
    dots = (image.imread(out)[:, :, :3] * 255).round().astype(int).reshape(-1, 3).tolist()
    shown = {f"#{r:02X}{g:02X}{b:02X}" for r, g, b in dots}
    assert set(charts.COLOURS[:2]) <= shown
    assert not set(charts.COLOURS[2:6]) & shown


def test_lines_stand_as_far_apart_as_their_years(tmp_path: Path) -> None:
    def columns(*years: int) -> list[int]:
        draw("lines", "", [Point(str(year), "", 1.0) for year in years], tmp_path / "lines.png")
        blue = image.imread(tmp_path / "lines.png")
        is_line = (blue[:, :, 2] > 0.6) & (blue[:, :, 0] < 0.1)
        thick = is_line.sum(axis=0)
        return [i for i in range(1, len(thick)) if thick[i] > 8 >= thick[i - 1]]

    first, second, third = columns(2018, 2019, 2022)
    assert third - second > 2.5 * (second - first)


def test_the_command_draws_every_kind_and_format(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    queries = {
        "lines": YEARS,
        "bars": "SELECT publisher, count(*) FROM reports WHERE publisher IS NOT NULL GROUP BY 1",
        "heat": "SELECT year, report_type, state FROM coverage WHERE sector = 'health'",
    }
    for kind, query in queries.items():
        for ending, start in ((".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")):
            out = tmp_path / f"{kind}{ending}"
            result = run(query, "--kind", kind, "--out", str(out), "--title", "工作报告")
            assert result.exit_code == 0, result.output
            assert out.read_bytes().startswith(start)


def test_what_cannot_be_drawn_is_said(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert run("SELECT 1", "--out", str(tmp_path / "a.svg")).exit_code == 2
    assert run("SELECT 1, 'x'", "--out", str(tmp_path / "a.svg")).exit_code == 2
    assert run("SELECT 1, 2 WHERE false", "--out", str(tmp_path / "a.svg")).exit_code == 2
    assert run("SELECT 1, 2", "--out", str(tmp_path / "a.gif")).exit_code == 2


def test_a_row_without_x_or_value_is_left_out() -> None:
    answer = Answer(("x", "y"), ("INTEGER", "INTEGER"), [(2020, 1), (None, 2), (2021, None)])
    assert plot_command.points(answer, needs_numbers=True) == [Point("2020", "", 1.0)]


def test_without_a_chinese_font_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "FONTS", ("No Such Font",))
    with pytest.raises(ChartError, match="fonts-noto-cjk"):
        charts.chinese_font()


def test_without_matplotlib_the_extra_to_install_is_named(
    run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run("SELECT 1, 2", "--out", str(tmp_path / "a.png"))
    assert isinstance(result.exception, SettingsError) and "[plot]" in str(result.exception)
