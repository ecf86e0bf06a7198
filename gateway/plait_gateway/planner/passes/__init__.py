"""Rewrites of the fetch graph. Each keeps what is asked; together they make fewer fetches of it."""

from collections.abc import Callable
from typing import TypeAlias

from plait_gateway.planner.fetch_graph import FetchGraph
from plait_gateway.planner.passes.batch_entities import batch_entities
from plait_gateway.planner.passes.drop_redundant_waits import drop_redundant_waits
from plait_gateway.planner.passes.merge_mutation_fields import merge_mutation_fields
from plait_gateway.planner.passes.merge_siblings import merge_siblings

Pass: TypeAlias = Callable[[FetchGraph], FetchGraph]

PASSES: tuple[Pass, ...] = (
    merge_siblings,
    merge_mutation_fields,
    batch_entities,
    drop_redundant_waits,  # last: merging and batching make fetches wait for what others waited for
)
