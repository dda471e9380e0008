"""The cookbook and the notebook: every question has the answer that the demo's archive gives."""

from __future__ import annotations

import runpy
import subprocess
import sys

import pytest

from archive.warehouse import Home, ask
from tests.cookbook import COOKBOOK, answered, questions

pytestmark = pytest.mark.slow

NOTEBOOK = COOKBOOK.with_name("notebook.py")

# No agency of the demo has stopped publishing.
UNANSWERED = {7}


def test_thirty_questions_have_the_answers_that_are_shown(demo_home: Home) -> None:
    text = COOKBOOK.read_text("utf-8")
    asked = questions(text)
    assert [number for number, _ in asked] == list(range(1, 31))
    with ask(demo_home) as archive:
        assert {number for number, sql in asked if not archive.rows(sql).rows} == UNANSWERED
        assert answered(text, archive) == text, "run: python -m tests.cookbook, and review the diff"


def test_the_notebook_runs_and_changes_nothing(demo_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("marimo", reason="the extra `notebook` is not installed")
    monkeypatch.setenv("WORKREPORTS_HOME", str(demo_home.path))
    before = demo_home.warehouse.stat()
    _, said = runpy.run_path(str(NOTEBOOK))["app"].run()
    assert said["info"]["n_reports"] == 106
    assert {cell["state"] for cell in said["cells"]} >= {"held", "preview only"}
    assert "医共体" in " ".join(row["snippet"] for row in said["found"])
    assert len(said["copies"]) == 2
    assert {row["outcome"] for row in said["targets"]} == {"met", "missed"}
    assert said["coverage_picture"].startswith(b"\x89PNG")
    with pytest.raises(Exception, match="read-only"):
        said["con"].execute("DELETE FROM tags")
    assert demo_home.warehouse.stat() == before


def test_the_notebook_is_well_formed() -> None:
    pytest.importorskip("marimo", reason="the extra `notebook` is not installed")
    checked = subprocess.run(
        [sys.executable, "-m", "marimo", "check", "--strict", str(NOTEBOOK)], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
