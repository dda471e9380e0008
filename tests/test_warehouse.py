"""The warehouse: batches in, checked copies out, one writer, whatever is killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from archive.models import Attachment, Batch, CrawlRun, ListedRow, Rejection, Tag, Tagged, report_id
from archive.warehouse import Home, NewerArchive, QuestionError, WarehouseError, WriterBusy, ask, open_writer
from archive.warehouse.bulk import ids_table
from tests.archives import NOON, TEXT, batch, capture, empty_home, reading
from tests.benchmarks.long_reader import PUBLISHES, REPORTS, publish_beside_a_reader

URLS = [f"http://www.yunhe.example/{i}.html" for i in range(3)]
IDS = tuple(report_id(url) for url in URLS)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return empty_home(tmp_path)


def dump(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, for telling whether anything changed."""
    with duckdb.connect(str(home.work_file), read_only=True) as con:
        tables = [
            t for (t,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()
        ]
        return {t: sorted(con.execute(f"FROM {t}").fetchall(), key=repr) for t in tables}


def test_a_batch_is_loaded_once_and_all_of_it_can_be_asked_for(home: Home) -> None:
    with_file = reading(URLS[0], attachments=(Attachment("http://a.example/x.pdf", "附件", "pdf", "表格"),))
    with open_writer(home) as writer:
        assert writer.load(batch("k1", with_file, reading(URLS[1]))).new == (IDS[0], IDS[1])
        writer.publish()
    with ask(home) as archive:
        row = archive.one("SELECT * FROM reports WHERE report_id = ?", [IDS[0]])
        assert row is not None
        assert (row["title"], row["text"], row["version"]) == ("云河县卫生局2021年工作总结", TEXT, 1)
        assert (row["warc_file"], row["warc_offset"], row["source"]) == ("a.warc.gz", 7, "yunhe")
        counts = {
            t: archive.rows(f"FROM {t}").rows
            for t in ("tags", "sections", "indicators", "citations", "captures")
        }
        assert {t: len(rows) for t, rows in counts.items()} == {
            "tags": 4,
            "sections": 2,
            "indicators": 2,
            "citations": 2,
            "captures": 2,
        }
        assert archive.rows("SELECT text FROM attachments").rows == [("表格",)]
        wide = archive.one("SELECT report_types, year, period_end FROM reports_wide LIMIT 1")
        assert wide == {"report_types": ["annual"], "year": 2021, "period_end": date(2021, 12, 31)}


def test_loading_the_same_batch_again_changes_no_row(home: Home) -> None:
    rejected = (capture(URLS[2]), Rejection(URLS[2], "notice", "会议通知"))
    first = replace(batch("k1", reading(URLS[0]), reading(URLS[1])), rejections=(rejected,))
    with open_writer(home) as writer:
        writer.load(first)
    before = dump(home)
    with open_writer(home) as writer:
        assert writer.load(first).was_loaded_before
    assert dump(home) == before
    with open_writer(home) as writer:
        again = writer.load(replace(first, key="k2", captures=()))
    assert (again.new, again.changed, set(again.unchanged)) == ((), (), {IDS[0], IDS[1]})
    assert {t: rows for t, rows in dump(home).items() if t != "ledger"} == {
        t: rows for t, rows in before.items() if t != "ledger"
    }


def test_a_changed_text_becomes_a_version_and_says_whether_site_or_reader_changed_it(home: Home) -> None:
    later = NOON + timedelta(days=8)
    with open_writer(home) as writer:
        writer.load(batch("k1", reading(URLS[0])))
        assert writer.load(batch("k2", reading(URLS[0], "更正后的全文。", later, "d2"))).changed == (IDS[0],)
        assert writer.load(batch("k3", reading(URLS[0], "读得更好的全文。", later, "d2"))).changed == (
            IDS[0],
        )
        late = writer.load(batch("k4", reading(URLS[0], "迟到的旧文。", NOON - timedelta(days=1), "d0")))
        assert late.unchanged == (IDS[0],)
        writer.publish()
    with ask(home) as archive:
        versions = archive.rows("SELECT version, cause, text FROM report_versions ORDER BY version").rows
        assert versions == [
            (1, "first", TEXT),
            (2, "site", "更正后的全文。"),
            (3, "extractor", "读得更好的全文。"),
        ]
        assert archive.rows("SELECT version, text FROM reports").rows == [(3, "读得更好的全文。")]
        assert archive.rows("SELECT count(*) FROM tags").rows == [(2,)]
        found = archive.rows("SELECT report_id FROM search('合作医疗')").rows
        assert found == [], "the words of an older version are not found any more"


def test_what_a_better_reader_no_longer_finds_in_the_same_bytes_is_withdrawn(home: Home) -> None:
    parts = [reading(URLS[0], f"第{i}部分的全文。", part=i) for i in (1, 2)]
    notice = (capture(URLS[0]), Rejection(URLS[0], "notice"))
    with open_writer(home) as writer:
        writer.load(batch("k1", *parts))
        writer.load(Batch("k2", readings=(parts[0],)))
        assert writer.n_reports("yunhe") == 1
        writer.load(Batch("k3", rejections=(notice,)))
        assert writer.n_reports("yunhe") == 0
        assert writer.load(Batch("k4", readings=(parts[0],))).unchanged == (report_id(URLS[0], 1),)
        assert writer.n_reports("yunhe") == 1


def test_a_failed_batch_leaves_nothing(home: Home) -> None:
    with open_writer(home) as writer:
        writer.load(batch("k1", reading(URLS[0])))
    before = dump(home)
    broken = replace(batch("k2", reading(URLS[1])), rejections=((capture(URLS[2]), None),))  # type: ignore[arg-type]
    with open_writer(home) as writer:
        with pytest.raises(AttributeError):
            writer.load(broken)
        assert writer.loaded_keys() == {"k1"}
    assert dump(home) == before


def test_text_that_utf8_or_sql_would_choke_on_is_loaded(home: Home) -> None:
    nasty = "a\x00b\ud800'; DROP TABLE tags; --\"\\ 体\U00020000" + "长" * 300_000
    with open_writer(home) as writer:
        writer.load(batch("k1", reading(URLS[0], nasty), reading(URLS[1], "")))
        writer.publish()
    with ask(home) as archive:
        (text,) = archive.rows("SELECT text FROM reports ORDER BY n_chars DESC LIMIT 1").rows[0]
    assert text == nasty.replace("\ud800", "?")


def test_pages_know_when_they_are_due_and_when_they_went(home: Home) -> None:
    def at(day: int, **changes: object) -> Batch:
        moment = NOON + timedelta(days=day)
        return Batch(f"day{day}", captures=(capture(URLS[0], moment, **changes),))  # type: ignore[arg-type]

    def known(due_in: int) -> tuple[object, ...]:
        (page,) = writer.known_pages("yunhe")
        assert page.next_due_at == NOON + timedelta(days=due_in)
        return page.digest, page.etag, page.is_gone

    with open_writer(home) as writer:
        writer.load(at(0, etag='"1"'))
        assert known(due_in=7) == ("d1", '"1"', False)
        writer.load(at(7, outcome="unchanged", status=304, digest=None))
        assert known(due_in=7 + 14) == ("d1", '"1"', False)
        writer.load(at(21, outcome="blocked", status=412, digest=None))
        assert known(due_in=22) == ("d1", '"1"', False)
        writer.load(at(22, digest="d2", etag=None))
        assert known(due_in=29) == ("d2", None, False)
        writer.load(at(29, outcome="gone", status=404, digest=None))
        assert known(due_in=29 + 180) == ("d2", None, True)
        writer.load(at(8, digest="d9"))
        assert known(due_in=29 + 180) == ("d2", None, True), (
            "a fetch that is older than the last changes nothing"
        )


def test_the_newest_date_is_that_of_the_last_listing_read_to_its_end(home: Home) -> None:
    def listing(run: str, day: int, state: str, stop: str) -> None:
        row = ListedRow(run, "yunhe", "http://l/", URLS[0], "总结", date(2026, 10, day), 1, "fetch", "", NOON)
        typo = replace(row, date=date(2062, 1, 1))
        writer.load(Batch(f"{run}:log", listed=(row, typo)))
        started = NOON + timedelta(days=int(run))
        writer.save_run(CrawlRun(run, "yunhe", started, started, state, stop))  # type: ignore[arg-type]

    with open_writer(home) as writer:
        assert writer.last_newest_on("yunhe") is None
        listing("1", 20, "done", "end")
        listing("2", 25, "done", "max_pages")
        listing("3", 28, "crashed", "")
        assert writer.last_newest_on("yunhe") == date(2026, 10, 20)
        listing("4", 27, "done", "known")
        assert writer.last_newest_on("yunhe") == date(2026, 10, 27)


def test_runs_and_sources_are_kept_in_their_last_state(home: Home) -> None:
    run = CrawlRun("run1", "yunhe", NOON)
    with open_writer(home) as writer:
        writer.save_run(run)
        writer.save_run(replace(run, state="done", ended_at=NOON, rows_seen=3))
        writer.save_sources([{"name": "yunhe", "title": "云河县", "columns": ("http://a/", "http://b/")}])
        writer.save_sources([{"name": "yunhe", "title": "云河县卫健局", "columns": ("http://a/",)}])
    rows = dump(home)
    assert [(r[0], r[4]) for r in rows["crawl_runs"]] == [("run1", "done")]
    assert [(r[1], r[3]) for r in rows["sources"]] == [("云河县卫健局", ["http://a/"])]


def test_retagging_replaces_tags_and_typed_columns(home: Home) -> None:
    said = Tagged(
        tags=(Tag("period_end", "2022-12-31", 0.9, "text"), Tag("masked_ratio", 0.25, 0.9, "count"))
    )
    with open_writer(home) as writer:
        writer.load(batch("k1", *map(reading, URLS)))
        assert sorted(writer.outdated("t2")) == sorted(("t1", name) for name in IDS)
        todo = writer.reports_to_retag(IDS)
        assert {found.report_id for found in todo} == set(IDS)
        assert todo[0].report == reading(todo[0].report.url).report
        assert writer.retag(((found, said) for found in todo), "t2") == 3
        assert writer.outdated("t2") == []
        assert writer.load(batch("k2", *map(reading, URLS))).unchanged == IDS
        writer.retag([(found, said) for found in todo if found.report_id == IDS[0]], "t2")
        writer.publish()
    with ask(home) as archive:
        row = archive.one(
            "SELECT year, masked_ratio, report_types FROM reports_wide WHERE report_id = ?", [IDS[0]]
        )
        assert row == {"year": 2022, "masked_ratio": 0.25, "report_types": []}


def test_retagging_by_one_rule_leaves_what_the_others_said(home: Home) -> None:
    with open_writer(home) as writer:
        writer.load(batch("k1", *map(reading, URLS)))
    before = dump(home)
    said = Tagged(tags=(Tag("report_types", "plan", 0.8, "title"),))
    with open_writer(home) as writer:
        (found, *_) = writer.reports_to_retag(IDS[:1])
        assert writer.retag([(found, said)], "t1 report_types=2", {"report_types"}) == 1
    after = dump(home)
    for table in ("sections", "indicators", "citations", "report_versions", "search_postings"):
        assert after[table] == before[table]
    old, new = ({row for row in rows["tags"] if row[0] == IDS[0]} for rows in (before, after))
    assert {row[1:3] for row in old - new} == {("report_types", "annual")}
    assert {(*row[1:3], row[-1]) for row in new - old} == {("report_types", "plan", "t1 report_types=2")}


def test_tags_of_a_text_that_has_changed_meanwhile_are_not_stored(home: Home) -> None:
    with open_writer(home) as writer:
        writer.load(batch("k1", reading(URLS[0])))
        todo = writer.reports_to_retag(IDS)
        newer = reading(URLS[0], TEXT + "新。", NOON + timedelta(days=1), "d2")
        assert writer.load(batch("k2", newer)).changed == IDS[:1]
        assert writer.retag([(found, Tagged()) for found in todo], "t2") == 0
    assert [row[1] for row in dump(home)["tags"]] == ["period_end", "report_types"]


def test_publish_keeps_two_copies_and_moves_with_its_folder(home: Home, tmp_path: Path) -> None:
    with open_writer(home) as writer:
        writer.load(batch("k1", reading(URLS[0])))
        paths = [writer.publish() for _ in range(4)]
        writer.load(batch("k2", reading(URLS[1])))
    assert home.warehouse.resolve() == paths[-1]
    assert sorted(p.name for p in home.snapshots.iterdir()) == ["3", "4"]
    moved = tmp_path.with_name(tmp_path.name + "-moved")
    tmp_path.rename(moved)
    with ask(Home(moved)) as archive:
        assert archive.rows("SELECT count(*) FROM reports").rows == [(1,)], (
            "what was not published is not seen"
        )


def test_a_lost_work_file_is_not_replaced_by_an_empty_one(home: Home) -> None:
    with open_writer(home) as writer:
        writer.load(batch("k1", reading(URLS[0])))
        writer.publish()
    home.work_file.unlink()
    with pytest.raises(WarehouseError, match="doctor --repair"), open_writer(home) as writer:
        writer.publish()
    with ask(home) as archive:
        assert archive.rows("SELECT count(*) FROM reports").rows == [(1,)]


def test_a_log_that_a_power_cut_brought_back_is_no_fault(home: Home, tmp_path: Path) -> None:
    log = home.work_file.with_name(f"{home.work_file.name}.wal")
    with open_writer(home) as writer:
        writer.load(batch("k1", reading(URLS[0])))
        shutil.copy(log, tmp_path / "old.wal")
    with open_writer(home) as writer:
        writer.load(batch("k2", reading(URLS[1])))
    before = dump(home)
    assert not log.exists()
    shutil.copy(tmp_path / "old.wal", log)
    with open_writer(home):
        pass
    assert dump(home) == before


def test_what_a_killed_publish_left_is_taken_away_by_the_next(home: Home) -> None:
    link = home.warehouse.with_name(".warehouse.duckdb.new")
    link.symlink_to("half")
    (home.snapshots / "1").mkdir(parents=True)
    (home.snapshots / "1" / "warehouse.duckdb").write_bytes(b"half")
    with open_writer(home) as writer:
        writer.publish()
    assert not link.is_symlink()
    assert [path.name for path in home.snapshots.iterdir()] == ["2"]


def test_what_was_loaded_before_a_kill_is_compared_with_whatever_is_compared_next(home: Home) -> None:
    with open_writer(home) as writer:
        writer.load(batch("k1", reading(URLS[0]), reading(URLS[1])))
    with open_writer(home) as writer:
        assert writer.deduplicate(()).relations == {"same": 1}
        assert writer.deduplicate(()).relations == {}
        writer.publish()


def test_rows_in_transit_are_in_a_file_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[str] = []

    def names() -> Iterator[str]:
        for name in ("a", "b"):
            seen.extend(os.listdir(tmp_path))
            yield name

    with duckdb.connect() as con:
        ids_table(con, "names", names())
        assert con.execute("SELECT list(id) FROM names").fetchall() == [(["a", "b"],)]
    assert seen == []


def test_publish_leaves_a_users_own_file_alone(home: Home) -> None:
    home.warehouse.write_text("mine")
    with open_writer(home) as writer, pytest.raises(WarehouseError, match="file of its own"):
        writer.publish()
    assert home.warehouse.read_text() == "mine"


def test_the_published_file_is_plain_duckdb_of_the_older_storage(home: Home) -> None:
    with open_writer(home) as writer:
        path = writer.publish()
    with duckdb.connect(str(path), read_only=True) as con:
        tags = con.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'warehouse'").fetchall()
        assert "v1.5.0" in str(tags)
        assert con.execute("SELECT count(*) FROM duckdb_indexes()").fetchall() == [(0,)]
        assert con.execute(
            "SELECT count(*) FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
        ).fetchall() == [(0,)]


def test_a_reader_keeps_one_answer_while_ten_publishes_happen(home: Home) -> None:
    with open_writer(home) as writer:
        writer.load(batch("k0", reading("http://a.example/first.html")))
        writer.publish()
        with duckdb.connect(str(home.warehouse), read_only=True) as reader:
            for n in range(10):
                writer.load(batch(f"n{n}", reading(f"http://a.example/{n}.html")))
                writer.publish()
                assert reader.execute("SELECT count(*), max(length(text)) FROM reports").fetchall() == [
                    (1, len(TEXT))
                ]
    with ask(home) as archive:
        assert archive.rows("SELECT count(*) FROM reports").rows == [(11,)]


def test_a_query_that_is_open_in_another_process_gets_one_answer_and_no_publish_waits_for_it(
    home: Home,
) -> None:
    seen = publish_beside_a_reader(home, seconds=0)
    assert (seen.n_reports, seen.n_rows) == (REPORTS, REPORTS * 100_000)
    assert len(seen.took) == PUBLISHES, "all were done while the reader waited"
    with ask(home) as archive:
        assert archive.rows("SELECT count(*) FROM reports").rows == [(REPORTS + PUBLISHES,)]


LOADER = """
    from pathlib import Path
    from archive.warehouse import Home, open_writer
    from tests.archives import batch, reading
    n = 0
    while True:
        with open_writer(Home(Path({home!r}))) as writer:
            while f"k{{n}}" in writer.loaded_keys():
                n += 1
            writer.load(batch(f"k{{n}}", *(reading(f"http://a.example/{{n}}-{{i}}.html") for i in range(20))))
            writer.publish()
        print(n, flush=True)
"""


@pytest.mark.slow
def test_a_loader_killed_at_any_moment_loses_and_doubles_nothing(home: Home) -> None:
    code = textwrap.dedent(LOADER).format(home=str(home.path))
    told = -1
    for delay in (0.05, 0.3, 0.15):
        child = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent
        )
        assert child.stdout is not None
        told = max(told, int(child.stdout.readline()))
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        with ask(home) as archive:
            published = archive.rows("SELECT count(*) FROM reports").rows[0][0]
            assert published >= 20 * (told + 1) and published % 20 == 0
    with open_writer(home, wait_seconds=5) as writer:
        keys = writer.loaded_keys()
        assert len(keys) > told and keys == {f"k{n}" for n in range(len(keys))}
        assert writer.n_reports("yunhe") == 20 * len(keys)


def test_a_second_writer_waits_and_then_says_who_writes(home: Home) -> None:
    with (
        open_writer(home),
        pytest.raises(WriterBusy, match=f"process {os.getpid()} since"),
        open_writer(home, 0.3),
    ):
        pass
    with open_writer(home, 0.3):
        pass


def test_questions_to_what_is_no_archive_are_answered_clearly(home: Home, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no archive yet"):
        ask(home)
    (tmp_path / "x.duckdb").write_bytes(b"not a database at all")
    with pytest.raises(WarehouseError, match="not a DuckDB file"):
        ask(tmp_path / "x.duckdb")
    with pytest.raises(WarehouseError, match="this is a folder"):
        ask(tmp_path)
    duckdb.connect(str(tmp_path / "other.duckdb")).close()
    with pytest.raises(WarehouseError, match="not an archive"):
        ask(tmp_path / "other.duckdb")


def test_an_archive_of_a_newer_release_is_neither_read_nor_loaded(home: Home) -> None:
    with open_writer(home) as writer:
        writer.publish()
    for path in (home.work_file, home.warehouse.resolve()):
        with duckdb.connect(str(path)) as con:
            con.execute("INSERT INTO schema_migrations VALUES (999, '999_future', '', NULL)")
    with pytest.raises(NewerArchive, match="schema 999"):
        ask(home)
    with pytest.raises(NewerArchive, match="schema 999"), open_writer(home):
        pass


def test_an_edited_migration_is_refused(home: Home) -> None:
    with open_writer(home):
        pass
    with duckdb.connect(str(home.work_file)) as con:
        con.execute("UPDATE schema_migrations SET sha256 = 'x' WHERE number = 1")
    with pytest.raises(WarehouseError, match=r"001_archive\.sql was edited"), open_writer(home):
        pass


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT tilte FROM reports", 'Candidate bindings: "title"'),
        ("SELECT * FROM report", 'Did you mean "reports"'),
        ("SELECT title FRM reports", r"LINE 1: .*\n +\^"),
        ("SELECT * FROM read_csv('/etc/passwd')", "say --files"),
        ("COPY reports TO '/tmp/never.csv'", "say --files"),
        ("SET enable_external_access = true", "locked|cannot be"),
        ("DELETE FROM tags", "read-only"),
    ],
)
def test_bad_questions(home: Home, sql: str, said: str) -> None:
    with open_writer(home) as writer:
        writer.publish()
    with ask(home) as archive, pytest.raises(QuestionError, match=said):
        archive.rows(sql)
