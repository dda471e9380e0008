"""The figures of docs/scale.md that a command gives, and the cost of a day on which nothing changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.benchmarks import daily
from tests.benchmarks.makespan import DAY, draw, makespan, requests_a_day

SCALE = (Path(__file__).parent.parent / "docs" / "scale.md").read_text("utf-8")


def test_the_table_of_the_first_crawl_is_what_the_simulation_says() -> None:
    rows = re.findall(r"^\| ([\d,]+) \| ([\d.]+) \| ([\d,]+) \|$", SCALE, re.MULTILINE)
    assert len(rows) == 6
    field = draw(14_000, 10_000_000, 1.0)
    for slots, days, requests in rows:
        n = int(slots.replace(",", ""))
        assert f"{makespan(field, n) / DAY:.1f}" == days
        assert f"{requests_a_day(field, n):,.0f}" == requests


def test_more_crawls_at_once_help_until_the_largest_site_is_all_there_is() -> None:
    field = draw(50, 20_000, 1.0)
    alone = max(map(field.seconds, range(50)))
    spans = [makespan(field, slots) for slots in (1, 4, 50)]
    assert spans == sorted(spans, reverse=True)
    assert spans[0] >= sum(map(field.seconds, range(50)))
    assert alone < spans[-1] < 1.01 * alone


@pytest.mark.slow
def test_a_second_run_over_unchanged_sources_asks_for_list_pages_only(tmp_path: Path) -> None:
    first, second = daily.run(tmp_path, 2, publish=False)
    assert first.requests == {"robots.txt": 2, "list pages": 2, "report pages": 2 * daily.REPORTS}
    assert second.requests == {"robots.txt": 2, "list pages": 2}
    assert second.states == {"done": 2}
