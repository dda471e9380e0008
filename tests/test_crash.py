"""Six kills of the whole way from site to published archive; the campaign in tests/benchmarks does it by the dozen."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers import sample_sites
from tests.crashes import STAGES, Bench, faults_of, one_round, run_to_end, state_of

pytestmark = pytest.mark.slow


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name: the work's temporary folder lies in it, and a socket's path may have 107 characters."""
    with tempfile.TemporaryDirectory(prefix="wr-") as name:
        yield Path(name)


def test_work_that_is_killed_and_started_again_ends_where_undisturbed_work_ends(folder: Path) -> None:
    dice = random.Random(7)
    with sample_sites.serve() as sites:
        undisturbed = Bench(folder / "undisturbed", sites.proxy, ("sample_biganzi",))
        usual = run_to_end(undisturbed)
        wanted = state_of(undisturbed.home)
        assert len(wanted["reports"]) > 1
        assert faults_of(undisturbed, wanted) == []
        killed = Bench(folder / "killed", sites.proxy, ("sample_biganzi",))
        result = one_round(killed, list(STAGES[1:]), usual, wanted, dice)
    assert result.faults == []
    assert len(result.kills) >= 3
