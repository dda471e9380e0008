"""README and docs keep their word: every command and query in them runs, and what they show is what comes."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive.warehouse import Home, ask
from crawlers.source import load_sources
from flows.cli import app
from tests.cookbook import COOKBOOK

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCES = [
    (page, language, body)
    for page in PAGES
    for language, body in re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
]
LINES = [
    line.split("  #")[0].strip() for _, language, body in FENCES if not language for line in body.splitlines()
]
COMMANDS = [line for line in LINES if line.startswith("workreports ")]
INLINE = sorted(
    {words for page in PAGES for words in re.findall(r"`(workreports [^`…]+)`", page.read_text("utf-8"))}
)
MODULES = sorted(
    {
        words
        for page in PAGES
        for words in re.findall(r"(?:^|`)python -m ([\w.]+)", page.read_text("utf-8"), re.M)
    }
)
# These run for ever, need a Prefect server or the web; tests/test_serve.py, tests/test_collect.py and tests/test_spider.py
# run them. Here their names and options are checked.
ELSEWHERE = ("serve", "deploy", "collect", "reextract", "demo", "browse", "sources add", "sources check")


@pytest.fixture(scope="module")
def archive(demo_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the demo's archive, which commands may change."""
    folder = tmp_path_factory.mktemp("readme") / "home"
    shutil.copytree(demo_home.path, folder, symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKREPORTS_HOME", str(folder))
        patch.chdir(folder)
        yield folder


def kind(language: str, body: str) -> str:
    """What a fenced block is: a test below is responsible for each kind."""
    if language:
        return language
    lines = [line for line in body.splitlines() if line.strip()]
    if all(line.startswith(("workreports ", "make ", "python -m ")) for line in lines):
        return "commands"
    return "picture" if re.search("[─━]", body) else "unknown"


def test_every_block_is_one_that_a_test_runs() -> None:
    kinds = {kind(language, body) for _, language, body in FENCES}
    assert kinds == {"commands", "sql", "python", "toml", "picture"}
    assert len(COMMANDS) > 15


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(archive: Path, command: str) -> None:
    words = shlex.split(command)[1:]
    if " ".join(words).startswith(ELSEWHERE):
        check_names(words)
        return
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, f"{command}\n{result.output}"
    assert result.output.strip()


@pytest.mark.parametrize("command", INLINE)
def test_every_command_in_the_text_exists(command: str) -> None:
    check_names(shlex.split(command)[1:])


def check_names(words: list[str]) -> None:
    """The command and every option given to it stand in its own help."""
    path = words[: 2 if words[0] == "sources" and len(words) > 1 else 1]
    said = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200"})
    assert said.exit_code == 0, said.output
    for option in (word for word in words if word.startswith("--")):
        assert option in said.output, f"{' '.join(words)}: no {option}"


def test_every_make_target_and_module_exists() -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert {line.split()[1] for line in LINES if line.startswith("make ")} <= set(targets)
    assert [name for name in MODULES if find_spec(name) is None] == []


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(test_\w+\.py) -k (\w+)`", (ROOT / "docs" / "reliability.md").read_text("utf-8"))
    tests = {path.name: path.read_text("utf-8") for path in (ROOT / "tests").glob("test_*.py")}
    assert len(named) > 20
    assert [name for name in named if not re.search(rf"^def test_\w*{name[1]}", tests[name[0]], re.M)] == []


@pytest.mark.slow
def test_every_query_runs(archive: Path) -> None:
    # the cookbook's are compared with their answers in tests/test_questions.py
    queries = [body for page, language, body in FENCES if language == "sql" and page != COOKBOOK]
    assert queries
    with ask(Home(archive)) as opened:
        for query in queries:
            assert opened.rows(query).rows, query


@pytest.mark.slow
def test_the_first_query_has_the_result_that_is_shown(archive: Path) -> None:
    bodies = [body for page, _, body in FENCES if page == README]
    query, shown = next(
        (body, bodies[i + 1]) for i, body in enumerate(bodies) if body.startswith("-- workreports sql")
    )
    result = subprocess.run(
        [sys.executable, "-m", "flows.cli", "sql", query.split("\n", 1)[1].strip().rstrip(";")],
        env={**os.environ, "COLUMNS": "124"},
        capture_output=True,
        text=True,
    )
    assert result.stdout.split() == shown.split()


@pytest.mark.slow
def test_the_python_examples_run(archive: Path) -> None:
    codes = [body for _, language, body in FENCES if language == "python"]
    for code in codes:
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        assert "health" in result.stdout


def test_the_example_of_a_source_is_one(tmp_path: Path) -> None:
    for number, (_, _, body) in enumerate(fence for fence in FENCES if fence[1] == "toml"):
        (tmp_path / f"example_{number}.toml").write_text(body, "utf-8")
    assert load_sources(tmp_path)
