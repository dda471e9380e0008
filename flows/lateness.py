"""Whether a run that comes late is still needed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.runtime import deployment, flow_run

# A run that begins so long after it was due was missed: nobody was there to take it.
LATE = timedelta(minutes=5)


def is_made_up_for() -> bool:
    """Whether this run is late, and one that began since it was due has done the same well.

    Of thirty runs that a machine slept through the first one collects what all of them would have.
    """
    due = flow_run.scheduled_start_time
    if deployment.id is None or due is None or datetime.now(UTC) - due < LATE:
        return False
    began_since = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[UUID(deployment.id)]),
        start_time=FlowRunFilterStartTime(after_=due),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.COMPLETED])),
    )
    with get_client(sync_client=True) as client:
        own = client.read_flow_run(UUID(flow_run.id))
        return any(
            run.parameters == own.parameters for run in client.read_flow_runs(flow_run_filter=began_since)
        )
