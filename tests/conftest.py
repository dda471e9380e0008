"""The demo's archive, collected once for the whole test run and read by many tests."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from archive.warehouse import Home
from tests.demo import collect_demo


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Read it only: copy it to change it. Processes of one run (pytest-xdist) share it; the first one collects."""
    base = tmp_path_factory.getbasetemp()
    folder = Path(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        home = Home(folder)
        return home if home.warehouse.exists() else collect_demo(folder)
