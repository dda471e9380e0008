"""The `deduplicate` flow: compare the whole archive with itself, when rules changed or on its own schedule."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.states import Completed, State

from archive.warehouse import open_writer
from flows.settings import settings


@flow(name="deduplicate", flow_run_name="deduplicate everything", persist_result=False)
def deduplicate() -> State[Any]:
    """Find every relation between archived reports again and choose each family's canonical copy."""
    with open_writer(settings().layout()) as writer:
        found = writer.deduplicate(None)
        largest = writer.largest_families(20)
        writer.publish()
    message = f"{found.n_relations} relations, {found.n_families} families"
    create_table_artifact(largest, key="largest-families", description="The largest families of copies")
    create_markdown_artifact(message, key="deduplicate", description=message)
    return Completed(message=message)
