"""The commands that ask: formats, files, errors, exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest
import typer
from typer.testing import CliRunner, Result

from archive.models import report_id
from archive.warehouse import Home, QuestionError, WarehouseError, ask, open_writer
from archive.warehouse.questions import find_report
from flows.commands import ask as commands
from flows.commands.prompt import completions
from tests.archives import COPY, HEALTH_2021, batch, empty_home, reading, small_archive

HEALTH_ID, COPY_ID = report_id(HEALTH_2021), report_id(COPY)
ROOT = Path(__file__).parent.parent

app = typer.Typer()
commands.register(app)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return small_archive(tmp_path_factory.mktemp("ask"))


@pytest.fixture
def run(home: Home, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("WORKREPORTS_HOME", str(home.path))
    monkeypatch.setenv("COLUMNS", "140")

    def call(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, arguments, input=stdin)

    return call


def test_formats(run) -> None:  # type: ignore[no-untyped-def]
    query = "SELECT title, n_chars, '=1+1' AS f FROM reports ORDER BY title LIMIT 2"
    (first, _) = json.loads(run("sql", "--json", query).output)
    assert first["f"] == "=1+1"
    rows = list(csv.DictReader(io.StringIO(run("sql", "--format", "csv", query).output)))
    assert (
        rows[0]["title"] == first["title"]
        and rows[0]["f"] == "'=1+1"
        and int(rows[0]["n_chars"]) == first["n_chars"]
    )
    assert run("sql", "--format", "markdown", query).output.startswith(
        "| title | n_chars | f |\n| --- | --- | --- |\n"
    )


def test_tables_line_up_with_wide_characters(run) -> None:  # type: ignore[no-untyped-def]
    from rich.cells import cell_len

    lines = run("sql", "SELECT title, year FROM reports_wide").output.splitlines()
    bars = {cell_len(line.partition("│")[0]) for line in lines if "│" in line}
    assert len(bars) == 1


def test_a_row_too_wide_for_the_terminal_becomes_a_list(run) -> None:  # type: ignore[no-untyped-def]
    output = run("sql", "FROM redated").output
    assert re.search(r"copy_title +县卫健局2025年工作总结", output)


def test_parquet_needs_a_file_and_writes_only_that(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert run("sql", "--format", "parquet", "FROM tags").exit_code == 2
    out = tmp_path / "tags.parquet"
    assert run("sql", "--format", "parquet", "--out", str(out), "FROM tags").exit_code == 0
    (count,) = duckdb.sql(f"SELECT count(*) FROM '{out}'").fetchall()[0]
    assert count > 50
    other = run("sql", "--out", str(tmp_path / "a.csv"), f"COPY tags TO '{tmp_path}/b.csv'")
    assert isinstance(other.exception, QuestionError) and not (tmp_path / "b.csv").exists()


def test_query_from_a_file_from_stdin_and_dot_commands(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "q.sql"
    file.write_text("SELECT 1 AS a;\nSELECT count(*) AS n FROM reports;\n")
    assert json.loads(run("sql", "--json", "--file", str(file)).output) == [{"n": 10}]
    assert json.loads(run("sql", "--json", stdin="SELECT 7 AS n").output) == [{"n": 7}]
    assert {"reports", "redated", "tags"} <= {
        row["name"] for row in json.loads(run("sql", "--json", ".tables").output)
    }
    columns = {
        row["column_name"]: row["comment"]
        for row in json.loads(run("sql", "--json", ".schema reports").output)
    }
    assert "索引号" in columns["index_no"]
    assert run("sql", ".nonsense").exit_code == 2


def test_a_query_cannot_change_the_archive_unless_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = empty_home(tmp_path)
    with open_writer(home) as writer:
        writer.load(batch("k1", reading("http://a.example/1.html")))
        writer.publish()
    monkeypatch.setenv("WORKREPORTS_HOME", str(tmp_path))
    assert isinstance(CliRunner().invoke(app, ["sql", "DELETE FROM tags"]).exception, QuestionError)
    assert CliRunner().invoke(app, ["sql", "--write", "DELETE FROM tags; DELETE FROM nothing"]).exit_code == 1
    with ask(home) as archive:
        assert archive.rows("SELECT count(*) FROM tags").rows == [(2,)]
    assert CliRunner().invoke(app, ["sql", "--write", "DELETE FROM tags"]).exit_code == 0
    with ask(home) as archive:
        assert archive.rows("SELECT count(*) FROM tags").rows == [(0,)]


def test_search_and_show(run) -> None:  # type: ignore[no-untyped-def]
    output = run("search", "合作医疗", "--type", "plan", "--year", "2021").output
    assert "2021年工作计划" in output and "【合作医疗】" in output
    rows = json.loads(run("search", "--json", "传染病").output)
    assert {row["report_id"] for row in rows} == {HEALTH_ID, COPY_ID}
    output = run("search", "天门市卫健委2021总结").output
    assert output.startswith("no report holds all of these words; the nearest are:")
    assert "2021年工作总结及2022年工作打算" in output.splitlines()[1]
    page = run("show", HEALTH_ID[:7]).output
    for said in (
        "天门市卫生健康委员会",
        "疾病预防控制得到加强",
        "每千人口床位数",
        "县卫健局2025年",
        "建成村级卫生室36个",
    ):
        assert said in page
    assert json.loads(run("show", "--json", COPY).output)["report"]["report_id"] == COPY_ID


def test_show_diff_of_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = empty_home(tmp_path)
    url = "http://a.example/1.html"
    with open_writer(home) as writer:
        writer.load(batch("k1", reading(url, "第一行\n床位120张")))
        writer.load(batch("k2", reading(url, "第一行\n床位150张", digest="d2")))
        writer.publish()
    monkeypatch.setenv("WORKREPORTS_HOME", str(tmp_path))
    output = CliRunner().invoke(app, ["show", "--diff", url]).output
    assert "-床位120张" in output and "+床位150张" in output


def test_compare_shows_what_the_copy_masked(run) -> None:  # type: ignore[no-untyped-def]
    output = run("compare", HEALTH_ID, COPY_ID).output
    assert (
        output.startswith("same, similarity")
        and "[隐去: 98" in output
        and "→ xx" in output
        and "乡镇卫生院设备老化" in output
    )
    kinds = {
        block["kind"] for block in json.loads(run("compare", "--json", HEALTH_ID, COPY_ID).output)["blocks"]
    }
    assert {"equal", "masked"} <= kinds


def test_completion_knows_tables_columns_and_macros(home: Home) -> None:
    with ask(home) as archive:
        assert {"reports_wide", "masked_ratio", "search(", "SELECT"} <= set(completions(archive))


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_a_release_is_whole_described_and_checked(run, tmp_path: Path, form: str) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "release"
    assert run("export", "--format", form, "--out", str(out)).exit_code == 0
    assert (
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=out, check=False).returncode
        == 0
    )
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    paths = {resource["name"]: resource["path"] for resource in package["resources"]}
    reader = {"parquet": "read_parquet", "csv": "read_csv", "jsonl": "read_json"}[form]
    files = [str(out / path) for path in paths["reports"]]
    rows = duckdb.execute(f"SELECT report_id, text FROM {reader}($1)", [files]).fetchall()
    assert len(rows) == 10 and HEALTH_ID in dict(rows)
    assert package["licenses"][0]["path"] == "NOTE.md" and (out / "NOTE.md").exists()
    for resource in package["resources"]:
        assert resource["format"] == form
        assert all(field["description"] for field in resource["schema"]["fields"]), resource["name"]
    if form == "parquet":
        assert any("year=2021/" in path for path in paths["reports"])
    again = tmp_path / "changes"
    assert run("export", "--format", "csv", "--out", str(again), "--since", str(out)).exit_code == 0
    assert len((again / "reports.csv").read_text().splitlines()) == 1, "nothing has changed since"
    assert isinstance(run("export", "--out", str(out)).exception, WarehouseError), (
        "an existing release is not overwritten"
    )


def test_a_release_since_another_holds_new_texts_and_new_tags_and_says_what_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = empty_home(tmp_path / "home")
    urls = [f"http://a.example/{n}.html" for n in range(4)]
    monkeypatch.setenv("WORKREPORTS_HOME", str(home.path))

    def release(name: str, *more: str) -> Path:
        out = tmp_path / name
        assert CliRunner().invoke(app, ["export", "--out", str(out), *more]).exit_code == 0
        return out

    with open_writer(home) as writer:
        writer.load(batch("k1", *(reading(url, f"第{url[-6]}份：床位120张") for url in urls[:3])))
        writer.publish()
    first = release("first")
    with open_writer(home) as writer:
        writer.load(batch("k2", reading(urls[0], "床位150张", digest="d2"), reading(urls[3], "新报告")))
        writer.execute(f"UPDATE report_heads SET rules_version = 'newer' WHERE url = '{urls[1]}'")
        writer.execute(f"UPDATE report_heads SET withdrawn_at = now() WHERE url = '{urls[2]}'")
        writer.publish()
    second = release("second", "--since", str(first))
    read = "SELECT list(url ORDER BY url) FROM read_parquet($1)"
    assert duckdb.execute(read, [f"{second}/reports/**/*.parquet"]).fetchall() == [
        ([urls[0], urls[1], urls[3]],)
    ]
    assert duckdb.execute(read, [f"{second}/withdrawn.parquet"]).fetchall() == [([urls[2]],)]
    third = release("third", "--since", str(release("all")))
    described = json.loads((third / "datapackage.json").read_text("utf-8"))["resources"]
    assert all(resource["path"] for resource in described), "a table without rows is a file, too"
    assert duckdb.execute(read, [f"{third}/reports.parquet"]).fetchall() == [(None,)]
    assert isinstance(
        CliRunner().invoke(app, ["export", "--out", str(tmp_path / "x"), "--since", str(tmp_path)]).exception,
        WarehouseError,
    )


def test_csv_releases_hold_lists_as_json(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert run("export", "--format", "csv", "--out", str(tmp_path / "r")).exit_code == 0
    with (tmp_path / "r" / "reports.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["report_types"] for row in csv.DictReader(file)]
    assert ["annual", "plan"] in [json.loads(cell) for cell in cells if cell]


def test_csv_releases_hold_no_formulas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = empty_home(tmp_path / "home")
    with open_writer(home) as writer:
        writer.load(batch("k1", reading("http://a.example/1.html", title='=HYPERLINK("http://x")')))
        writer.publish()
    monkeypatch.setenv("WORKREPORTS_HOME", str(home.path))
    assert CliRunner().invoke(app, ["export", "--format", "csv", "--out", str(tmp_path / "r")]).exit_code == 0
    assert "'=HYPERLINK" in (tmp_path / "r" / "reports.csv").read_text("utf-8")


@pytest.mark.slow
def test_exit_codes_of_the_real_command(home: Home, tmp_path: Path) -> None:
    def status(*arguments: str, folder: Path = home.path) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", *arguments], cwd=ROOT, capture_output=True, text=True, check=False,
            env={**os.environ, "WORKREPORTS_HOME": str(folder)},
        )  # fmt: skip
        return done.returncode, done.stderr

    assert status("sql", "SELECT 1")[0] == 0
    code, said = status("sql", "SELECT tilte FROM reports")
    assert code == 1 and '"title"' in said and "LINE 1" in said and "Traceback" not in said
    assert status("sql", "--nonsense")[0] == 2
    code, said = status("search", "床位", folder=tmp_path)
    assert code == 1 and "no archive yet" in said


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT tilte FROM reports", ['"title"', "LINE 1", "^^^^^"]),
        ("SELECT title FROM report", ['"reports"', "LINE 1"]),
        ("SELECT year FROM reports", ["LINE 1", "year is a column of", "reports_wide"]),
        ("SELECT r.year FROM reports r", ["year is a column of", "reports_wide"]),
        ("FROM serch('床位')", ['"search"']),
        ("SELECT title FROM reports WHERE", ["syntax error", "LINE 1"]),
        ("DELETE FROM tags", ["--write"]),
        ("FROM read_csv('/etc/passwd')", ["--files"]),
        ("ATTACH '/tmp/other.db'", ["--files"]),
        ("SET enable_external_access = true", ["locked"]),
        ("", ["empty"]),
        ("/* nothing */", ["empty"]),
        (".schema report", ["'report'", "reports"]),
    ],
)
def test_bad_questions_are_answered_with_the_place_and_the_next_step(
    run, query: str, said: list[str]
) -> None:  # type: ignore[no-untyped-def]
    error = run("sql", query).exception
    assert isinstance(error, QuestionError)
    for words in said:
        assert words in str(error)


def test_one_process_can_open_an_archive_twice_and_neither_reads_other_files(home: Home) -> None:
    with ask(home) as first, ask(home) as second:
        assert (
            first.rows("SELECT count(*) FROM reports").rows
            == second.rows("SELECT count(*) FROM reports").rows
        )
        with pytest.raises(QuestionError, match="--files"):
            second.rows("FROM read_csv('/etc/passwd')")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no archive yet"),
        (b"no database at all", "not a DuckDB file"),
        ("CREATE TABLE other (a INTEGER)", "not an archive of workreports"),
        ("CREATE TABLE schema_migrations AS SELECT 999 AS number", "newer"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(
    tmp_path: Path, content: bytes | str | None, said: str
) -> None:
    file = tmp_path / "warehouse.duckdb"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content is not None:
        with duckdb.connect(str(file)) as con:
            con.execute(content)
    with pytest.raises(WarehouseError, match=said) as caught:
        ask(Home(tmp_path))
    assert str(file) in str(caught.value)


def test_a_file_that_another_program_writes_is_said_to_be_locked(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    code = f"import duckdb; con = duckdb.connect({str(file)!r}); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None and other.stdout.readline()
        with pytest.raises(
            WarehouseError, match=rf"another program \(PID {other.pid}\) has it open for writing"
        ):
            ask(file)
        other.communicate(b"\n")


def test_find_report_prefers_clear_words(home: Home) -> None:
    with ask(home) as archive, pytest.raises(QuestionError, match="workreports search"):
        find_report(archive, "不存在")


def heed_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
def test_ctrl_c_ends_a_query_and_not_the_session(home: Home) -> None:
    endless = "SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3;\n"
    prompt = [sys.executable, "-m", "flows.cli", "sql"]
    parent, child = pty.openpty()
    environment = {**os.environ, "WORKREPORTS_HOME": str(home.path), "TERM": "dumb"}
    # a shell that starts the tests in the background has them ignore Ctrl-C, and their children too
    with subprocess.Popen(
        prompt,
        cwd=ROOT,
        stdin=child,
        stdout=child,
        stderr=child,
        env=environment,
        start_new_session=True,
        preexec_fn=heed_ctrl_c,
    ) as process:
        os.close(child)
        watchdog = threading.Timer(120, process.kill)  # the read below then fails instead of waiting for ever
        watchdog.start()

        def wait_for(words: str) -> str:
            seen = b""
            while words.encode() not in seen:
                seen += os.read(parent, 4096)
            return seen.decode()

        wait_for("sql> ")
        os.write(parent, endless.encode())
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        wait_for("interrupted")
        os.write(parent, b"SELECT 6 * 7 AS n;\n")
        wait_for("42")
        os.write(parent, b".quit\n")
        assert process.wait(60) == 0
        watchdog.cancel()
    os.close(parent)
