"""Care of an archive: repair from what the crawls wrote, full disks, backup and restore, removal on request."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import erasure, landing
from archive.warc_scan import scan
from archive.warehouse import Home, WarehouseError, ask, open_writer
from archive.warehouse.backup import backup, restore
from archive.warehouse.release import release
from crawlers import sample_sites
from flows import health, pipeline
from flows.forgetting import forget
from flows.repair import repair
from flows.settings import Settings, settings
from tests.crashes import state_of

pytestmark = pytest.mark.slow

SOURCE = "sample_yunhe_wjw"


def environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WORKREPORTS_HOME", str(home))
    monkeypatch.setenv("WORKREPORTS_SOURCES", str(sample_sites.SOURCES))
    monkeypatch.setenv("WORKREPORTS_PROCESSES", "1")
    return settings()


def collect(now: Settings, **changes: Any) -> pipeline.Collected:
    source = now.source(SOURCE).model_copy(update=changes)
    job = pipeline.prepare(now, source, pipeline.Request())
    pipeline.crawl(job, lambda event: None)
    found = pipeline.load_run(now, source, job.folder, lambda event: None)
    with open_writer(now.layout()) as writer:
        writer.deduplicate([*found.new, *found.changed])
        writer.publish()
    return found


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, sample_sites.Running]]:
    """One archive, collected once, to be copied by each test; its sites go on answering."""
    home = tmp_path_factory.mktemp("collected")
    with pytest.MonkeyPatch.context() as patch, sample_sites.serve() as sites:
        patch.setenv("http_proxy", sites.proxy)
        collect(environment(home, patch))
        yield home, sites


@pytest.fixture
def now(
    collected: tuple[Path, sample_sites.Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    home, sites = collected
    monkeypatch.setenv("http_proxy", sites.proxy)
    shutil.copytree(home, tmp_path / "home", symlinks=True)
    return environment(tmp_path / "home", monkeypatch)


def spoil(path: Path) -> None:
    """Overwrite a stretch in the middle, as a bad disk does."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 3)
        file.write(os.urandom(path.stat().st_size // 3))


def faults(now: Settings) -> list[str]:
    return [finding.message for finding in health.examine(now) if not finding.is_fine]


def run_folder(now: Settings) -> Path:
    return landing.run_folders(now.layout().landing)[0]


def lose_work_file(home: Home) -> None:
    home.work_file.unlink()


def spoil_everything(home: Home) -> None:
    spoil(home.work_file)
    for copy in home.snapshots.glob("*/warehouse.duckdb"):
        spoil(copy)


def lose_everything(home: Home) -> None:
    shutil.rmtree(home.private)
    home.warehouse.unlink()


def spoil_published(home: Home) -> None:
    spoil(home.warehouse.resolve())


DAMAGES = (lose_work_file, spoil_everything, lose_everything, spoil_published)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_warehouse_is_rebuilt_from_what_the_crawl_wrote(now: Settings, damage: Any) -> None:
    before = state_of(now.layout())
    damage(now.layout())
    if damage is not lose_everything:
        assert any("doctor --repair" in fault or "cannot be" in fault for fault in faults(now))
    repair(now, lambda line: None)
    assert faults(now) == []
    assert state_of(now.layout()) == before


def test_a_damaged_work_file_says_what_to_do(now: Settings) -> None:
    spoil(now.layout().work_file)
    with (
        pytest.raises(WarehouseError, match="workreports doctor --repair"),
        open_writer(now.layout()) as writer,
    ):
        writer.publish()


@pytest.mark.parametrize("kept", [0, 0.2, 0.7])
def test_a_torn_log_is_made_anew_from_the_warc_files(now: Settings, kept: float) -> None:
    before = state_of(now.layout())
    log = run_folder(now) / landing.LOG
    lose_everything(now.layout())
    log.write_bytes(log.read_bytes()[: int(kept * log.stat().st_size)])
    assert any("doctor --repair" in fault for fault in faults(now))
    repair(now, lambda line: None)
    assert faults(now) == []
    after = state_of(now.layout())
    texts = {(row[0], row[-1]) for row in before["reports"]}
    assert {(row[0], row[-1]) for row in after["reports"]} >= texts


def test_a_page_whose_record_is_damaged_is_fetched_again(now: Settings) -> None:
    before = state_of(now.layout())
    folder = run_folder(now)
    lost = [c for c in landing.captures(folder) if c.kind == "report"][4]
    with (folder / str(lost.warc_file)).open("r+b") as file:
        file.seek((lost.warc_offset or 0) + 40)
        file.write(bytes(20))
    lose_everything(now.layout())
    repair(now, lambda line: None)
    rebuilt = state_of(now.layout())
    assert len(rebuilt["reports"]) == len(before["reports"]) - 1
    assert [row[1] for row in rebuilt["rejections"] if row[0] == lost.url] == ["lost"]
    collect(now)
    again = state_of(now.layout())
    assert {row[0] for row in again["reports"]} == {row[0] for row in before["reports"]}


def on_small_disk(folder: Path, megabytes: int) -> bool:
    folder.mkdir()
    size = f"size={megabytes}m"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=False, capture_output=True
    )
    return done.returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    if os.geteuid() != 0 or not on_small_disk(place, 40):
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, spare_kb: int) -> Path:
    """Fill a disk but for some kilobytes."""
    filler = place / "filler"
    free = shutil.disk_usage(place).free - spare_kb * 1024
    filler.write_bytes(bytes(max(0, free)))
    return filler


@pytest.mark.parametrize("spare_kb", [0, 60, 600])
def test_a_full_disk_is_told_and_loses_nothing(
    collected: tuple[Path, sample_sites.Running],
    small_disk: Path,
    monkeypatch: pytest.MonkeyPatch,
    spare_kb: int,
) -> None:
    home, sites = collected
    monkeypatch.setenv("http_proxy", sites.proxy)
    shutil.copytree(home / "landing", small_disk / "landing")
    now = environment(small_disk, monkeypatch)
    filler = fill(small_disk, spare_kb)
    with pytest.raises((WarehouseError, OSError)):
        pipeline.load_run(now, now.source(SOURCE), run_folder(now), lambda event: None)
    filler.unlink()
    pipeline.load_run(now, now.source(SOURCE), run_folder(now), lambda event: None)
    with open_writer(now.layout()) as writer:
        writer.publish()
        filler = fill(small_disk, 100)
        with pytest.raises(WarehouseError, match=r"disk full|No space"):
            writer.publish()
    filler.unlink()
    assert len(state_of(now.layout())["reports"]) == 21
    with open_writer(now.layout()) as writer:
        writer.publish()
    assert len(list(now.layout().snapshots.iterdir())) == 2


def test_a_backup_is_whole_restores_the_same_archive_and_a_damaged_one_is_refused(
    now: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state_of(now.layout())
    saved = backup(now.layout(), tmp_path / "backup")
    assert saved.n_files >= 4
    with pytest.raises(WarehouseError, match="not empty"):
        backup(now.layout(), tmp_path / "backup")
    with pytest.raises(WarehouseError, match="there is an archive here"):
        restore(tmp_path / "backup", now.layout())
    elsewhere = environment(tmp_path / "elsewhere", monkeypatch)
    restore(tmp_path / "backup", elsewhere.layout())
    with open_writer(elsewhere.layout()) as writer:
        writer.publish()
    assert state_of(elsewhere.layout()) == before
    assert faults(elsewhere) == []
    spoil(next((tmp_path / "backup").rglob("*.warc.gz")))
    with pytest.raises(WarehouseError, match="not as it was saved"):
        restore(tmp_path / "backup", Home(tmp_path / "third"))
    assert not (tmp_path / "third").exists()


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_is_forgotten_is_nowhere_and_is_not_asked_for_again(
    now: Settings, collected: tuple[Path, sample_sites.Running]
) -> None:
    home = now.layout()
    release(home, home.path.parent / "exported", "jsonl")
    (home.private / "before").mkdir()
    shutil.copy(home.work_file, home.private / "before" / "schema_001.duckdb")
    folder = run_folder(now)
    pages = [c for c in landing.captures(folder) if c.kind == "report"]
    with ask(home) as archive:
        url, text = archive.rows("SELECT url, text FROM reports ORDER BY url LIMIT 1").rows[0]
    removed = forget(home, url)
    assert removed.n_reports >= 1 and removed.n_records >= 2
    assert removed.elsewhere == (home.path.parent / "exported",)
    with ask(home) as archive:
        for table, columns in archive.names().items():
            if "url" in columns:
                assert archive.rows(f'SELECT count(*) FROM "{table}" WHERE url = ?', [url]).rows == [(0,)], (
                    table
                )
        assert archive.rows("SELECT count(*) FROM reports").rows == [(20,)]
    assert text[200:230].encode() not in bytes_of(home.private)
    stored = [record for path in folder.glob("*.warc.gz") for _, record in scan(path)]
    assert stored and url not in {record.headers.get("warc-target-uri") for record in stored}
    assert all(landing.read_page(folder, c).body for c in pages if c.url != url)
    assert faults(now) == []
    articles = collected[1].counts.by_kind["article"]
    collect(now)
    assert collected[1].counts.by_kind["article"] == articles
    lose_everything(home)
    repair(now, lambda line: None)
    assert len(state_of(home)["reports"]) == 20
    with open_writer(home) as writer:
        assert writer.forgotten().urls == {url}


def test_a_removal_that_was_cut_off_is_finished_by_a_repair(
    now: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = now.layout()
    url = next(c.url for c in landing.captures(run_folder(now)) if c.kind == "report")
    erasure.remember(home.landing, url)

    def interrupted(path: Path, data: bytes) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(erasure, "write_whole", interrupted)
        with pytest.raises(KeyboardInterrupt):
            forget(home, url)
    assert any("cannot be read" in fault for fault in faults(now))
    repair(now, lambda line: None)
    assert faults(now) == []
    assert url not in {row[1] for row in state_of(home)["reports"]}
    assert url.encode() not in (run_folder(now) / landing.LOG).read_bytes()


def test_a_forgotten_source_is_gone_and_is_refused(now: Settings) -> None:
    removed = forget(now.layout(), SOURCE)
    assert removed.n_reports == 21
    assert landing.run_folders(now.layout().landing) == []
    with pytest.raises(WarehouseError, match="was removed"):
        pipeline.prepare(now, now.source(SOURCE), pipeline.Request())
