"""Power cuts on a disk that keeps what it likes of what was not synced; by the hundred: tests/benchmarks/power_cuts.py."""

import random
import tempfile
from pathlib import Path

import pytest

from crawlers import sample_sites
from tests.benchmarks.power_cuts import SOURCES, cut, cut_and_restart
from tests.cut_disk import PROBLEM
from tests.cuts import everything, nothing, record
from tests.power_cut import ROOT, Entry, Made, Size, Sync, Write, write_state


def test_what_was_not_synced_may_be_lost_and_nothing_else(tmp_path: Path) -> None:
    journal = [
        Made(1, "file"),
        Entry(ROOT, "a", 1),
        Write(1, 0, b"old"),
        Sync(1),
        Sync(ROOT),
        Write(1, 2, b"new"),
        Size(1, 4),
        Made(2, "link", "a"),
        Entry(ROOT, "b", 2),
    ]
    write_state(journal, len(journal), everything, tmp_path / "all")
    write_state(journal, len(journal), nothing, tmp_path / "least")
    write_state(journal, 4, nothing, tmp_path / "unnamed")
    assert (tmp_path / "all" / "b").read_bytes() == b"olne"
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "least").iterdir()] == [("a", b"old")]
    assert list((tmp_path / "unnamed").iterdir()) == []


@pytest.mark.slow
@pytest.mark.timeout(600)  # half a minute of work, most of it waiting for the disk's own process
@pytest.mark.skipif(bool(PROBLEM), reason=PROBLEM)
def test_a_power_cut_loses_nothing_that_was_told_as_done(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(3)
    with tempfile.TemporaryDirectory(prefix="wr-") as name, sample_sites.serve() as sites:
        found = record(Path(name), sites.proxy, SOURCES)
        assert len(found.told) == 8
        assert cut(found, 4, dice, Path(name)) == []
        faults, _ = cut_and_restart(found, 1, dice, Path(name), sites.proxy)
        assert faults == []
