"""The picture of a source's last runs: every run a column, red ones marked, one new report of a thousand still seen."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

from flows.run_chart import COLUMN, LEFT, Run, draw

SVG = "{http://www.w3.org/2000/svg}"
DAY = datetime(2026, 11, 1)
RUNS = [
    Run(DAY, "done", 1000, 0, 0),
    Run(DAY + timedelta(days=1), "red", 0, 0, 3),
    Run(DAY + timedelta(days=2), "done", 1, 40, 0),
]


def test_red_runs_are_marked_in_their_column() -> None:
    drawing = ElementTree.fromstring(draw("云河县<水利局>", RUNS))
    crosses = [text for text in drawing.iter(f"{SVG}text") if text.text == "✕"]
    assert [float(cross.attrib["x"]) for cross in crosses] == [LEFT + COLUMN * 1.5]
    assert next(drawing.iter(f"{SVG}text")).text == "云河县<水利局>"


def test_a_single_new_report_is_seen_beside_a_thousand() -> None:
    drawing = ElementTree.fromstring(draw("", RUNS))
    heights = [
        float(bar.attrib["height"])
        for bar in drawing.iter(f"{SVG}rect")
        if bar.find(f"{SVG}title") is not None
    ]
    assert len(heights) == 4
    assert min(heights) >= 2


def test_a_source_without_runs_has_an_empty_picture() -> None:
    assert "最近 0 次运行" in draw("云河县", [])
