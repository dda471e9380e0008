"""The `deduplicate` flow: compare the whole archive with itself, when rules changed or on its own schedule."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from archive.warehouse import ask, open_writer
from flows import chores
from flows.comparing import spread
from flows.settings import settings
from flows.workers import workers


@flow(
    name="deduplicate",
    flow_run_name="deduplicate everything",
    persist_result=False,
    on_failure=[chores.failed],
    on_completion=[chores.done],
)
def deduplicate() -> State[Any]:
    """Find every relation between archived reports again and choose each family's canonical copy."""
    now = settings()
    with workers(now) as pool, open_writer(now.layout()) as writer:
        found = writer.deduplicate(None, spread(pool))
        writer.publish()
    with ask(now.layout()) as archive:
        largest = archive.rows("FROM largest_families LIMIT 20").dicts()
    kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(found.relations.items()))
    message = f"{found.n_compared} reports compared: {kinds or 'no relations'}; {found.n_families} families"
    create_table_artifact(largest, key="largest-families", description="The largest families of copies")
    create_markdown_artifact(message, key="deduplicate", description=message)
    return Completed(message=message)
