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


# They wait for servers most of the time: begun first, in processes of their own, they wait while the others work.
LONGEST = ("test_serve.py", "test_watch.py", "test_ui.py", "test_workers.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that none of them runs alone in the end."""
    rank = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))
