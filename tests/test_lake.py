"""An archive on a lake: the same rows as in a file, several writers at once, and back again."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from archive.models import Batch, Loaded
from archive.warehouse import (
    Home,
    Lake,
    NewerArchive,
    QuestionError,
    WarehouseError,
    WriterBusy,
    ask,
    open_writer,
)
from archive.warehouse.lake import load_extensions
from archive.warehouse.load import load_batch
from archive.warehouse.moving import move_to_lake
from archive.warehouse.turns import Turns
from flows.cli import app
from flows.health import examine
from flows.settings import settings
from tests.archives import NOON, batch, collected, reading
from tests.crashes import BROKEN, SAME
from tests.postgres import Postgres, needs_lake, postgres

pytestmark = [needs_lake, pytest.mark.slow, pytest.mark.timeout(800)]


# Postings of older versions are dropped when runs of postings are merged, which follows the number of publishes.
INDEX = {
    "search": "SELECT report_id, count(*) FROM search_postings JOIN report_heads USING (version_id) GROUP BY ALL"
}


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


@pytest.fixture
def lake(server: Postgres, tmp_path: Path, request: pytest.FixtureRequest) -> Lake:
    folder = tmp_path / "data"
    folder.mkdir()
    return Lake(f"ducklake:postgres:{server.database(request.node.name[:60])}", folder)


def state(home: Home) -> dict[str, list[str]]:
    """What a published archive says, and that nothing in it is twice or points nowhere."""
    # a withdrawn report has no family
    kept = {name: sql for name, sql in BROKEN.items() if name != "reports without family"}
    with ask(home) as archive:
        assert {name: archive.rows(sql).rows for name, sql in kept.items()} == {name: [(0,)] for name in kept}
        return {name: sorted(map(str, archive.rows(sql).rows)) for name, sql in {**SAME, **INDEX}.items()}


def everything(home: Home, *batches: Batch) -> dict[str, list[str]]:
    """Load, compare and publish; the published state."""
    with open_writer(home) as writer:
        for each in batches:
            writer.deduplicate(writer.load(each).new)
        writer.publish()
    return state(home)


def changed(sample: Batch) -> Batch:
    """The sample a day later: one text has changed, one report is gone from its page, the rest is as it was."""
    day = timedelta(days=1)
    first, second, *rest = (
        replace(r, capture=replace(r.capture, fetched_at=NOON + day)) for r in sample.readings
    )
    text = first.report.text + "三、附记\n以上数据均为快报数。"
    first = replace(
        first, report=replace(first.report, text=text), capture=replace(first.capture, digest="new")
    )
    gone = (second.capture, replace(sample.rejections[0][1], url=second.report.url))
    return Batch("run2:0", readings=(first, *rest), rejections=(gone,))


def test_a_lake_holds_and_publishes_what_a_file_does(lake: Lake, tmp_path: Path) -> None:
    sample = collected()
    in_file = everything(Home(tmp_path / "file"), sample, changed(sample))
    machine, another = Home(tmp_path / "machine", lake), Home(tmp_path / "another", lake)
    everything(machine, sample)
    assert everything(machine, changed(sample)) == in_file  # its copy was brought up
    assert everything(another) == in_file  # its copy was made
    assert len(in_file["reports"]) == len(sample.readings) - 1
    with ask(machine) as archive:
        assert archive.rows("SELECT count(*) > 0 FROM search('床位')").rows == [(True,)]


WRITER = """
import sys
from pathlib import Path
from archive.models import Batch
from archive.warehouse import Home, Lake, open_writer
from tests.archives import batch, reading

home, name, catalog, data = sys.argv[1:]
home = Home(Path(home), Lake(catalog, Path(data)))
for n in range(3):
    with open_writer(home) as writer:
        own = [reading(f"http://{name}.example/{n}/{i}.html", f"{name}第{n}期第{i}篇。" * 30) for i in range(4)]
        shared = [reading(f"http://shared.example/{n}.html", "各机关共同的一篇。" * 30)]
        print(writer.load(batch(f"{name}:{n}", *own)), flush=True)
        writer.load(Batch(f"shared:{n}", readings=(*own, *shared)))
"""


def start_writer(folder: Path, name: str, lake: Lake) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder / name), name, lake.catalog, str(lake.data)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent)


def test_writers_on_two_machines_never_store_a_row_twice(lake: Lake, tmp_path: Path) -> None:
    writers = [start_writer(tmp_path, name, lake) for name in ("a", "b", "killed")]
    assert writers[2].stdout is not None
    writers[2].stdout.readline()
    writers[2].kill()
    for writer in writers:
        writer.communicate(timeout=200)
    assert [writer.returncode for writer in writers] == [0, 0, -9]
    writers[2] = start_writer(tmp_path, "killed", lake)  # as the next run does
    writers[2].communicate(timeout=100)
    home = Home(tmp_path / "reader", lake)
    with open_writer(home) as writer:
        writer.deduplicate(None)
        writer.publish()
    state(home)
    with ask(home) as archive:
        assert archive.rows("SELECT count(*), count(DISTINCT version_id) FROM report_versions").rows == [
            (3 * 12 + 3, 3 * 12 + 3)
        ]
        assert archive.rows("SELECT count(*), count(DISTINCT doc_no) FROM compared_texts").rows == [
            (3 * 12 + 3, 3 * 12 + 3)
        ]
        assert archive.rows("SELECT count(*), count(DISTINCT key) FROM ledger").rows == [
            (3 * 3 + 3, 3 * 3 + 3)
        ]


def test_without_the_line_one_of_two_transactions_is_refused_and_tried_again(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, both_have_written, tries = Home(tmp_path, lake), threading.Barrier(2), list[str]()
    with open_writer(home):
        pass

    def loaded_together(con: duckdb.DuckDBPyConnection, given: Batch) -> Loaded:
        found = load_batch(con, given)
        tries.append(given.key)
        if len(tries) <= 2:
            both_have_written.wait(60)
        return found

    def load(name: str) -> None:
        with open_writer(home) as writer:
            writer.load(batch(f"{name}:0", reading("http://shared.example/1.html")))

    monkeypatch.setattr(Turns, "_wait", lambda turns: None)
    monkeypatch.setattr("archive.warehouse.writer.load_batch", loaded_together)
    threads = [threading.Thread(target=load, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert len(tries) == 3
    with open_writer(home) as writer:
        assert writer.loaded_keys() == {"a:0", "b:0"}
        writer.publish()
    with ask(home) as archive:
        assert archive.rows("SELECT count(*) FROM report_versions").rows == [(1,)]


def test_a_writer_waits_for_its_turn_and_then_gives_up(lake: Lake, tmp_path: Path) -> None:
    home = Home(tmp_path, lake)
    with open_writer(home) as holder, open_writer(home, wait_seconds=1) as waiting:
        with holder._transaction():
            began = time.monotonic()
            with pytest.raises(WriterBusy, match="had their turn"):
                waiting.load(batch("k1", reading("http://a.example/1.html")))
            assert 0.9 < time.monotonic() - began < 30
        assert waiting.load(batch("k1", reading("http://a.example/1.html"))).new


def test_small_files_become_few_and_the_lake_says_the_same(lake: Lake, tmp_path: Path) -> None:
    home = Home(tmp_path / "machine", lake)
    with open_writer(home) as writer:
        for n in range(3):
            own = [reading(f"http://a.example/{n}/{i}.html", f"第{n}期第{i}篇。" * 30) for i in range(12)]
            writer.load(batch(f"k{n}", *own))
        writer.publish()
        before, n_before = state(home), len(list(lake.data.rglob("*.parquet")))
        writer.tidy()
        writer.publish()
        assert state(home) == before
        writer.compact()  # without history: every copy is then made anew
        writer.publish()
    assert len(list(lake.data.rglob("*.parquet"))) < n_before / 2
    assert state(home) == before == everything(Home(tmp_path / "another", lake))


def test_the_lake_remembers_every_table_as_it_was(lake: Lake, tmp_path: Path) -> None:
    sample, titles = (
        collected(),
        "SELECT list(title ORDER BY report_id) FROM lake.report_heads WHERE version = 1",
    )
    with open_writer(Home(tmp_path, lake)) as writer:
        writer.load(sample)
        then = datetime.now(UTC)
        writer.load(changed(sample))
    with duckdb.connect() as con:
        load_extensions(con)
        con.execute(f"ATTACH '{lake.catalog}' AS lake (READ_ONLY, SNAPSHOT_TIME '{then.isoformat()}')")
        assert len(con.execute(titles).fetchall()[0][0]) == len(sample.readings)
        con.execute(f"DETACH lake; ATTACH '{lake.catalog}' AS lake (READ_ONLY)")
        assert len(con.execute(titles).fetchall()[0][0]) == len(sample.readings) - 1


def test_an_archive_of_its_own_is_not_taken_for_a_copy(lake: Lake, tmp_path: Path) -> None:
    own = everything(Home(tmp_path / "machine"), collected())
    with (
        open_writer(Home(tmp_path / "machine", lake)) as writer,
        pytest.raises(WarehouseError, match="archive of its own"),
    ):
        writer.publish()
    assert state(Home(tmp_path / "machine")) == own


def test_a_lake_of_a_newer_release_is_refused_and_wrong_sql_is_told_as_such(
    lake: Lake, tmp_path: Path
) -> None:
    home = Home(tmp_path, lake)
    with open_writer(home) as writer:
        with pytest.raises(QuestionError, match="nonsense"):
            writer.execute("DELETE FROM nonsense")
        writer.execute("INSERT INTO schema_migrations (number) VALUES (999)")
    with pytest.raises(NewerArchive, match="schema 999"), open_writer(home):
        pass


def test_a_lake_that_does_not_answer_says_so(tmp_path: Path) -> None:
    lake = Lake("ducklake:postgres:dbname=none host=127.0.0.1 port=1 user=wr", tmp_path)
    with pytest.raises(WarehouseError, match="Does PostgreSQL answer"), open_writer(Home(tmp_path, lake)):
        pass


def test_nothing_is_written_where_the_shared_folder_is_not_mounted(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_writer(Home(tmp_path, lake)):
        pass
    monkeypatch.setenv("WORKREPORTS_HOME", str(tmp_path))
    monkeypatch.setenv("WORKREPORTS_ARCHIVE", lake.catalog)
    said = {}
    for name in ("data", "empty"):
        (tmp_path / name).mkdir(exist_ok=True)
        monkeypatch.setenv("WORKREPORTS_ARCHIVE_DATA", str(tmp_path / name))
        said[name] = next(found for found in examine(settings()) if found.subject == "lake")
    assert said["data"].is_fine
    assert "Is the shared folder mounted?" in said["empty"].message


def test_an_archive_moves_onto_a_lake_and_back(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, on_lake = Home(tmp_path / "home"), Home(tmp_path / "home", lake)
    monkeypatch.setenv("WORKREPORTS_HOME", str(home.path))
    before = everything(home, collected())
    move(f"--to={lake.catalog}", f"--data={lake.data}")
    with pytest.raises(WarehouseError, match="is a copy of a lake"), open_writer(home):
        pass
    assert everything(on_lake) == before
    after = everything(on_lake, changed(collected()))
    monkeypatch.setenv("WORKREPORTS_ARCHIVE", lake.catalog)
    monkeypatch.setenv("WORKREPORTS_ARCHIVE_DATA", str(lake.data))
    move("--to=warehouse")
    with pytest.raises(WarehouseError, match="was moved to"), open_writer(on_lake):
        pass
    assert everything(home) == after


def move(*words: str) -> None:
    result = CliRunner().invoke(app, ["archive", "move", *words])
    assert result.exit_code == 0, (result.output, result.exception)
    assert "every count and digest is equal" in result.output


def test_half_a_move_leaves_the_archive_where_it_was(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    before = everything(home, collected())

    def cut_off(con: duckdb.DuckDBPyConnection) -> None:
        raise KeyboardInterrupt

    for step in ("_compared", "current_snapshot"):  # after the copy, and after the comparison
        with monkeypatch.context() as patch:
            patch.setattr(f"archive.warehouse.moving.{step}", cut_off)
            with pytest.raises(KeyboardInterrupt):
                move_to_lake(home, lake)
        assert everything(home) == before
    with open_writer(home) as writer:  # what was copied is older now
        writer.load(batch("later", reading("http://a.example/1.html")))
    with pytest.raises(WarehouseError, match=r"differ in .*report_heads"):
        move_to_lake(home, lake)
    with open_writer(home) as writer:
        writer.publish()
