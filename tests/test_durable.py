"""What is put on the disk, and when: names of folders as well as files, before anything points at them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import landing
from archive.landing import Landing
from archive.models import CrawlRun
from archive.warehouse import Home, open_writer
from tests.archives import NOON, batch, reading
from tests.test_landing import capture, exchange

Synced = list[tuple[Path, bool]]


def watched(monkeypatch: pytest.MonkeyPatch, is_told: Callable[[], bool]) -> Synced:
    """Everything that is put on the disk from now on, and whether somebody had been told of it before."""
    found: Synced = []
    fsync = os.fsync

    def sync(descriptor: int) -> None:
        found.append((Path(os.readlink(f"/proc/self/fd/{descriptor}")), is_told()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    return found


def test_a_run_is_on_the_disk_with_the_names_of_all_its_folders_before_it_counts_as_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "landing" / "a" / "r1"
    writer = Landing(folder, CrawlRun("r1", "a", NOON), "tests")
    writer.save(capture(), exchange())
    synced = watched(monkeypatch, (folder / landing.STATS).exists)
    writer.finish(writer.tally.run)
    wanted = {*folder.glob("*.warc.gz"), folder / landing.LOG, folder, *folder.parents[:3]}
    assert {path for path, is_told in synced if not is_told} >= wanted
    assert synced[-1] == (folder, True), "the name of its figures, in the end"


def test_a_copy_is_on_the_disk_with_the_names_of_all_its_folders_before_readers_are_led_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    synced = watched(monkeypatch, home.warehouse.exists)
    with open_writer(home) as writer:
        writer.load(batch("k1", reading("http://a.example/1.html")))
        assert {home.work_file.parent, home.private, home.path} <= {path for path, _ in synced}
        copy = writer.publish()
    wanted = {copy, copy.parent, home.snapshots, home.private, home.path}
    assert {path for path, is_told in synced if not is_told} >= wanted
    assert (home.path, True) in synced, "the name of the link, in the end"
