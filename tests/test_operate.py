"""What docs/operate promises an operator: every cause is explained, the unit and the compose file are right."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from archive.warehouse import Home
from flows.cli import app
from flows.serve import right_to

FOLDER = Path(__file__).parent.parent / "docs" / "operate"
README = (FOLDER / "README.md").read_text("utf-8")
CAUSES = (
    *("red", "blocked", "crashed", "fault", "family changed", "fewer rows a list page"),
    *("fewer reports with a date", "… with a publisher", "fewer characters a report"),
    *("more rejected", "more blocked", "silent", "missed schedules", "dead worker", "server died"),
    "disk nearly full",
)


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_is_explained(cause: str) -> None:
    assert f"`{cause}`" in README


def test_serve_has_the_options_that_are_named() -> None:
    shown = CliRunner().invoke(app, ["serve", "--help"], env={"COLUMNS": "200"}).stdout
    for option in ("--server-only", "--worker-only", "--host"):
        assert option in README
        assert option in shown
    both = CliRunner().invoke(app, ["serve", "--server-only", "--worker-only"])
    assert both.exit_code == 2


def test_each_part_of_an_archive_has_one_process(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with (
        right_to("worker", home) as first,
        right_to("worker", home) as second,
        right_to("server", home) as other,
    ):
        assert (first, second, other) == (True, False, True)
    with right_to("worker", home) as later:
        assert later


def test_the_compose_file_builds_what_it_runs() -> None:
    service = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))["services"]["workreports"]
    assert service["command"] == "workreports serve"
    assert service["environment"]["WORKREPORTS_HOME"] in service["volumes"][0]
    copied = [
        line.split()[1:-1] for line in service["build"]["dockerfile_inline"].splitlines() if "COPY" in line
    ]
    root = (FOLDER / service["build"]["context"]).resolve()
    assert all((root / name).exists() for names in copied for name in names)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd on this machine")
def test_the_unit_is_right(tmp_path: Path) -> None:
    text = (FOLDER / "workreports.service").read_text("utf-8")
    command = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    assert command.endswith("/workreports serve")
    unit = tmp_path / "workreports.service"
    unit.write_text(text.replace(command, f"ExecStart={sys.executable} serve"), "utf-8")
    checked = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")
