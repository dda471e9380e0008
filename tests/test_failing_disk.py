"""A quota that is used up, a disk that fails and one that was mounted read-only, in the middle of WARC, load and publish."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive import landing
from archive.landing import Landing
from archive.models import CrawlRun
from archive.warc import Exchange
from archive.warehouse import Home, WarehouseError, ask, open_writer
from archive.warehouse.whole import fault_of
from tests.archives import NOON, batch, capture, reading, small_archive
from tests.cut_disk import PROBLEM, mounted

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(PROBLEM), reason=PROBLEM)]

REFUSALS = (errno.EDQUOT, errno.EIO, errno.EROFS, errno.ENOSPC)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with mounted(tmp_path_factory.mktemp("failing")) as (place, _):
        yield place


@contextmanager
def refusing(disk: Path, number: int) -> Iterator[None]:
    (disk / f"refuse-{number}").mkdir()
    try:
        yield
    finally:
        (disk / f"refuse-{number}").rmdir()


def n_reports(home: Home) -> int:
    with ask(home) as archive:
        return int(archive.rows("SELECT count(*) FROM reports").rows[0][0])


@pytest.mark.parametrize("number", REFUSALS, ids=os.strerror)
def test_a_warehouse_that_cannot_be_written_says_so_and_keeps_what_it_has(disk: Path, number: int) -> None:
    (disk / f"home-{number}").mkdir()
    home = small_archive(disk / f"home-{number}")
    more = batch("more", reading("http://www.yunhe.gov.example/new.html"))
    with (
        pytest.raises(WarehouseError, match=r"not stored"),
        open_writer(home) as writer,
        refusing(disk, number),
    ):
        writer.load(more)
    with open_writer(home) as writer:
        assert writer.load(more).new
        with refusing(disk, number), pytest.raises(WarehouseError, match=r"Is the disk full\?|cannot copy"):
            writer.publish()
        assert n_reports(home) == 10
    with open_writer(home) as writer:
        assert writer.load(more).was_loaded_before
        writer.publish()
    assert n_reports(home) == 11
    assert fault_of(home.work_file) is None
    assert len(list(home.snapshots.iterdir())) == 2


@pytest.mark.parametrize("number", REFUSALS, ids=os.strerror)
def test_a_landing_that_cannot_be_written_is_whole_up_to_there(disk: Path, number: int) -> None:
    run = CrawlRun(f"r{number}", "yunhe", NOON)
    written = Landing(disk / "landing" / "yunhe" / run.run_id, run, "tests")
    body = os.urandom(50_000)
    one = capture("http://a.example/1.html", digest=landing.digest(body), run_id=run.run_id)
    written.save(one, Exchange(one.url, 200, (), body, NOON))
    with refusing(disk, number), pytest.raises(OSError):
        written.save(one, Exchange(one.url, 200, (), body, NOON))
    written.save(one, Exchange(one.url, 200, (), body, NOON))
    written.finish(run)
    assert [c.warc_offset is not None for c in landing.captures(written.folder)] == [True, True]
    assert landing.fault(written.folder) is None
