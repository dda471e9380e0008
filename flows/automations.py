"""The server's automations: alarms carried to a person, and an end for runs that died."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, SendNotification
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger, Posture
from prefect.events.worker import EventsWorker
from prefect.exceptions import ObjectNotFound
from prefect.logging.handlers import APILogWorker

from flows.settings import SettingsError
from flows.watch import ALARM, DELIVERY, OURS

BLOCK = "workreports-alarms"

# A flow tells every 30 s that it lives (flows/server.py); after three silent beats it is dead, not slow.
DEAD_AFTER = timedelta(seconds=100)
# From its worker's hands to its first state of its own a run needs seconds, ten on a loaded machine.
PENDING_AT_MOST = timedelta(minutes=2)


def hand_in() -> None:
    """Send the events and log lines that this process still holds; without their server they keep it from ending."""
    APILogWorker.drain_all(timeout=10)
    EventsWorker.drain_all(timeout=10)


def set_up(notify: str | None) -> list[str]:
    """Make or renew the automations on the server; their names.

    Args:
        notify: where alarms go: a webhook's address, or an existing notification block as "type-slug/name". None:
            alarms stand in the event feed and in `workreports status` only.

    Raises:
        SettingsError: there is no such block.
    """
    wanted = [_dead_runs(), _never_started_runs()]
    if notify is not None:
        wanted.append(_delivery(_block_id(notify)))
    with get_client(sync_client=True) as client:
        present = {old.name: old for old in client.read_automations() if old.name.startswith(OURS)}
        kept = {made.name for made in wanted if made.name in present and _same(present[made.name], made)}
        for name, old in present.items():
            if name not in kept:
                client.delete_automation(old.id)
        for automation in wanted:
            if automation.name not in kept:
                client.create_automation(automation)
    return [automation.name for automation in wanted]


def _same(old: Automation, wanted: AutomationCore) -> bool:
    """Whether nothing is to be done: an alarm that comes while its automation is renewed would tell nobody.

    The switch in the UI is the user's.
    """
    return old.model_dump(mode="json", exclude={"id", "enabled"}) == wanted.model_dump(
        mode="json", exclude={"enabled"}
    )


def _delivery(block_id: Any) -> AutomationCore:
    return AutomationCore(
        name=DELIVERY,
        description="Every alarm of the archive goes to the notification block of the user's choice.",
        trigger=EventTrigger(
            expect={ALARM},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=[
            SendNotification(
                block_document_id=block_id,
                subject="{{ event.resource.name }}: {{ event.payload.cause }}",
                body="{{ event.payload.message }}\n{{ event.payload.link }}",
            )
        ],
    )


def _dead_runs() -> AutomationCore:
    """A run whose process was killed together with its worker would stay Running for ever."""
    return _ended("end runs that died", "prefect.flow-run.heartbeat", DEAD_AFTER)


def _never_started_runs() -> AutomationCore:
    """A run that its worker had taken when it was killed would stay Pending for ever, and hold its source's turn."""
    return _ended("end runs that never started", "prefect.flow-run.Pending", PENDING_AT_MOST)


def _ended(name: str, after: str, within: timedelta) -> AutomationCore:
    return AutomationCore(
        name=f"{OURS}{name}",
        description=f"A run that is silent for {within.total_seconds():.0f} s after {after} becomes Crashed.",
        trigger=EventTrigger(
            after={after},
            expect={"prefect.flow-run.*"},
            match={"prefect.resource.id": ["prefect.flow-run.*"]},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=within,
        ),
        actions=[
            ChangeFlowRunState(
                name=None, state=StateType.CRASHED, message="the run's process is gone", force=False
            )
        ],
    )


def _block_id(notify: str) -> Any:
    if not notify.startswith(("http://", "https://")):
        kind, _, name = notify.partition("/")
        try:
            with get_client(sync_client=True) as client:
                return client.read_block_document_by_name(name, kind).id
        except ObjectNotFound:
            raise SettingsError(
                f"setting 'notify' ({notify!r}): the server has no block {name!r} of the type {kind!r}. "
                "Make it in the Prefect UI under Blocks, or give a webhook's address."
            ) from None
    block = CustomWebhookNotificationBlock(
        name=BLOCK,
        url=notify,
        json_data={"subject": "{{subject}}", "text": "{{body}}"},
        headers=None,
        cookies=None,
    )
    return block.save(BLOCK, overwrite=True)
