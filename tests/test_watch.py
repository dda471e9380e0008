"""Every alarm goes through a real server to a webhook once, whatever is restarted, and again only when its cause came back."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from archive.warehouse import open_writer
from flows import health, server
from flows.settings import Settings, SettingsError, settings
from flows.watch import Patience, Watch
from tests.test_serve import receiver, text, wait_for
from tests.test_status import now

__all__ = ["now"]

pytestmark = pytest.mark.slow
AT_ONCE = Patience(timedelta(0), timedelta(0))


@pytest.fixture
def notified(
    now: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Settings, str, list[dict[str, str]]]]:
    """Settings whose alarms go to a webhook, the address of their server, and what came."""
    with receiver() as (address, alarms):
        monkeypatch.setenv("WORKREPORTS_NOTIFY", address)
        with server.joined(now.layout()) as joined:
            yield settings(), joined.url, alarms


def settle(now: Settings, causes: dict[str, str]) -> None:
    with open_writer(now.layout()) as writer:
        writer.settle_alarms("yunhe", causes, "r1")
        writer.publish()


def test_each_cause_is_told_once(
    notified: tuple[Settings, str, list[dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, url, alarms = notified
    settle(now, {"blocked": "云河县: the site refuses us"})
    watch = Watch(now, AT_ONCE)
    watch.note("worker", "dead worker", "the worker ended")
    watch.look(url)
    assert not alarms, "nobody can be told before there is an automation"

    from flows.deployments import bring_in_line

    assert bring_in_line(now) == bring_in_line(now)
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", shutil.disk_usage("/").total * 100)
    watch.look(url)
    told = [
        "yunhe: blocked",
        "silent: silent",
        "schedules: missed schedules",
        "archive: disk nearly full",
        "worker: dead worker",
    ]
    wait_for("all alarms", lambda: len(alarms) >= len(told), 90)
    watch.note("worker", "dead worker", "the worker ended again, a moment later")
    settle(now, {"blocked": "云河县: the site still refuses us"})
    watch.look(url)
    Watch(now, AT_ONCE).look(url)  # `serve` was started again
    settle(now, {})
    settle(now, {"blocked": "云河县: the site refuses us anew"})
    watch.look(url)
    wait_for("the cause that came back", lambda: len(alarms) > len(told), 90)
    time.sleep(2)
    assert Counter(alarm["subject"] for alarm in alarms) == Counter([*told, "yunhe: blocked"])
    assert "late should have run and did not" in text(alarms, "schedules")
    assert "make room" in text(alarms, "archive")
    assert all(url in alarm["text"] for alarm in alarms), "each leads to the UI"

    named = now.model_copy(update={"notify": "custom-webhook/workreports-alarms"})
    bring_in_line(named)  # a block of the user's, by its name
    watch.note("server", "server died", "the server ended")
    watch.look(url)
    wait_for("an alarm by a named block", lambda: "server: server died" in {a["subject"] for a in alarms}, 30)
    with pytest.raises(SettingsError, match="has no block 'nobody'"):
        bring_in_line(now.model_copy(update={"notify": "slack-webhook/nobody"}))
    check_that_a_persons_limit_of_all_crawls_stays()


def check_that_a_persons_limit_of_all_crawls_stays() -> None:
    """Within the test above: Prefect's client knows one server a process."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolUpdate

    from flows.work_pool import POOL, RUNS_AT_ONCE, make_pool

    with get_client(sync_client=True) as client:
        assert client.read_work_pool(POOL).concurrency_limit == RUNS_AT_ONCE
        client.update_work_pool(POOL, WorkPoolUpdate(concurrency_limit=7, is_paused=True))
        make_pool()
        found = client.read_work_pool(POOL)
        assert (found.concurrency_limit, found.is_paused) == (7, True)
