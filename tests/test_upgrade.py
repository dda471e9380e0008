"""Archives of earlier releases: brought forward whole or not at all, with a copy of what they were; newer ones are refused."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from archive.warehouse import Home, NewerArchive, WarehouseError, ask, migrate, open_writer
from archive.warehouse.whole import fault_of
from tests.frozen_archives import frozen, thaw

NEWEST_FROZEN = max(frozen())
LATER = {
    "900_note.sql": "ALTER TABLE report_heads ADD COLUMN new_note VARCHAR; UPDATE report_heads SET new_note = title;",
    "901_numbers.sql": "CREATE TABLE numbers AS SELECT range AS i, md5(range::VARCHAR) AS t FROM range(1_000_000);",
}
REPORTS = """SELECT h.report_id, h.url, h.title, h.published_on, h.year, h.region, h.version, md5(v.text)
    FROM report_heads h JOIN report_versions v USING (version_id) ORDER BY ALL"""


def said(path: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def schema(path: Path) -> int:
    return int(said(path, "SELECT max(number) FROM schema_migrations")[0][0])  # type: ignore[call-overload]


def later_release(folder: Path, files: dict[str, str]) -> Path:
    """The schema of a release to come."""
    shutil.copytree(migrate.SCHEMA, folder)
    for name, sql in files.items():
        (folder / name).write_text(sql, "utf-8")
    return folder


def copies(home: Home) -> list[Path]:
    return sorted(home.private.glob("before/*.duckdb"))


@pytest.mark.parametrize("number", frozen())
def test_an_archive_of_every_earlier_schema_is_brought_forward(number: int, tmp_path: Path) -> None:
    home = thaw(number, Home(tmp_path))
    before = said(home.work_file, REPORTS)
    assert len(before) >= 10
    with open_writer(home) as writer:
        writer.deduplicate()
        writer.publish()
    assert said(home.work_file, REPORTS) == before
    newest = max(migration.number for migration in migrate.migrations())
    assert schema(home.work_file) == newest
    assert [path.name for path in copies(home)] == (
        [f"schema_{number:03d}.duckdb"] if newest > number else []
    )
    with ask(home) as archive:
        assert archive.rows("SELECT count(*) FROM canonical_reports").rows[0][0] > 0
        assert archive.rows("SELECT count(*) FROM search('参合率')").rows[0][0] > 0


def test_the_way_to_a_later_release_and_why_there_is_none_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = thaw(NEWEST_FROZEN, Home(tmp_path / "home"))
    with open_writer(home):
        pass
    mine, before = schema(home.work_file), said(home.work_file, REPORTS)
    with monkeypatch.context() as release:
        release.setattr(migrate, "SCHEMA", later_release(tmp_path / "schema", LATER))
        with open_writer(home) as writer:
            writer.publish()
    assert schema(home.work_file) == 901
    kept = home.private / "before" / f"schema_{mine:03d}.duckdb"
    assert (schema(kept), said(kept, REPORTS), fault_of(kept)) == (mine, before, None)
    digest = hashlib.sha256(home.work_file.read_bytes()).hexdigest()
    with pytest.raises(NewerArchive, match="schema 901"), open_writer(home):
        pass
    with pytest.raises(NewerArchive, match="schema 901"):
        ask(home)
    assert hashlib.sha256(home.work_file.read_bytes()).hexdigest() == digest


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = thaw(NEWEST_FROZEN, Home(tmp_path / "home"))
    with open_writer(home):
        pass
    mine, before = schema(home.work_file), said(home.work_file, REPORTS)
    wrong = {
        "900_note.sql": LATER["900_note.sql"],
        "901_wrong.sql": "DROP TABLE tags; SELECT nothing FROM nowhere;",
    }
    with monkeypatch.context() as release:
        release.setattr(migrate, "SCHEMA", later_release(tmp_path / "schema", wrong))
        with pytest.raises(WarehouseError, match="the archive is as it was"), open_writer(home):
            pass
    assert (schema(home.work_file), said(home.work_file, REPORTS)) == (mine, before)
    assert said(home.work_file, "SELECT count(*) FROM tags")[0][0]
    with open_writer(home) as writer:
        writer.publish()


UPGRADE = """
import sys
from pathlib import Path
from archive.warehouse import Home, migrate, open_writer
migrate.SCHEMA = Path(sys.argv[2])
print("begin", flush=True)
with open_writer(Home(Path(sys.argv[1]))):
    print("end", flush=True)
"""


@pytest.mark.slow
def test_an_upgrade_that_is_killed_is_whole_or_never_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thaw(NEWEST_FROZEN, Home(tmp_path / "frozen"))
    with open_writer(Home(tmp_path / "frozen")):
        pass
    mine = schema(Home(tmp_path / "frozen").work_file)
    folder, seen, took = later_release(tmp_path / "schema", LATER), set(), 0.0
    for share in (2.0, 0.3, 0.7):  # the first is left to its end, to know how long it takes
        home = Home(tmp_path / f"home-{share}")
        shutil.copytree(tmp_path / "frozen", home.path)
        command = [sys.executable, "-c", UPGRADE, str(home.path), str(folder)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None and child.stdout.readline() == "begin\n"
        began = time.monotonic()
        if not took:
            assert "end" in child.stdout.read()  # beside DuckDB's progress bar
            took = time.monotonic() - began
            child.wait()
            continue
        time.sleep(share * took)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        with duckdb.connect(str(home.work_file)) as con:  # replays what was committed
            numbers = con.execute("SELECT max(number) FROM schema_migrations").fetchall()[0][0]
            has_note = con.execute(
                "SELECT count(*) FROM duckdb_columns() WHERE column_name = 'new_note'"
            ).fetchall()[0][0]
        assert (numbers, bool(has_note)) in ((mine, False), (901, True))
        seen.add(numbers)
        with monkeypatch.context() as release:
            release.setattr(migrate, "SCHEMA", folder)
            with open_writer(home) as writer:
                writer.publish()
        assert schema(home.work_file) == 901
        assert [path.name for path in copies(home)] == [f"schema_{mine:03d}.duckdb"]
        assert fault_of(copies(home)[0]) is None
        assert not list(home.private.rglob("*.tmp"))
    assert mine in seen
