"""README keeps its word: every command in it runs, and its first query has the result that it shows."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive.warehouse import open_writer
from crawlers import sample_sites
from flows import pipeline
from flows.cli import app
from flows.settings import settings

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
FENCES = re.findall(r"^```\w*\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [
    line.split("  #")[0].strip()
    for fence in FENCES
    for line in fence.splitlines()
    if line.startswith("workreports ")
]
# These run for ever, need a Prefect server or the web; tests/test_serve.py and tests/test_spider.py run them.
ELSEWHERE = ("serve", "deploy", "collect", "reextract", "sources add", "sources check")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An archive of the two sample sites that the first query is about, and of one that holds previews."""
    home = tmp_path_factory.mktemp("readme")
    with pytest.MonkeyPatch.context() as patch, sample_sites.serve() as sites:
        patch.setenv("WORKREPORTS_HOME", str(home))
        patch.setenv("WORKREPORTS_SOURCES", str(sample_sites.SOURCES))
        patch.setenv("http_proxy", sites.proxy)
        now = settings()
        new: list[str] = []
        for name in ("sample_yunhe_wjw", "sample_biganzi", "sample_wendangge"):
            job = pipeline.prepare(now, now.source(name), pipeline.Request())
            pipeline.crawl(job, lambda event: None)
            new += pipeline.load_run(now, now.source(name), job.folder, lambda event: None).new
        with open_writer(now.layout()) as writer:
            writer.deduplicate(new)
            writer.publish()
        patch.delenv("WORKREPORTS_SOURCES")
        patch.chdir(home)
        yield home


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 12
    assert "make demo" in README
    assert "make test" in README


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(archive: Path, command: str) -> None:
    words = shlex.split(command)[1:]
    if " ".join(words).startswith(ELSEWHERE):
        words = [*(word for word in words[:2] if word.islower()), "--help"]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, f"{command}\n{result.output}"
    assert result.output.strip()


@pytest.mark.slow
def test_the_first_query_has_the_result_that_is_shown(archive: Path) -> None:
    query, shown = next(
        (fence, FENCES[i + 1]) for i, fence in enumerate(FENCES) if fence.startswith("-- workreports sql")
    )
    result = subprocess.run(
        [sys.executable, "-m", "flows.cli", "sql", query.split("\n", 1)[1].strip().rstrip(";")],
        env={**os.environ, "COLUMNS": "124"},
        capture_output=True,
        text=True,
    )
    assert result.stdout.split() == shown.split()


@pytest.mark.slow
def test_the_python_example_runs(archive: Path) -> None:
    code = next(fence for fence in FENCES if fence.startswith("import duckdb"))
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "health" in result.stdout
