"""The request that a batch of fetches is: an `_entities` field for each different fetch."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from graphql import (
    FieldNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from plait_gateway.query_plan.nodes import BatchFetch, Condition, Fetch, Flatten, PlanNode
from plait_gateway.query_plan.operations import (
    ENTITIES,
    REPRESENTATIONS,
    asked_of_entities,
    entities_field,
    operation_text,
    parse_operation,
    representations_definition,
)


@dataclass(frozen=True, slots=True)
class EntitiesField:
    """One `_entities` field: what it asks, its response key, and the variable of its representations."""

    fetch: Fetch
    response_key: str
    variable: str


@dataclass(frozen=True, slots=True)
class EntitiesRequest:
    """One request for entities; `variables` are the client's that any of its fields uses, sorted."""

    subgraph: str
    operation: str
    variables: tuple[str, ...]
    fields: tuple[EntitiesField, ...]


def fetches_in(batch: BatchFetch) -> tuple[Fetch, ...]:
    """The fetches of a batch, equal ones once. Raises ValueError for a batch not as nodes.py asks for it."""
    fetches = tuple(dict.fromkeys(fetch for node in batch.nodes for fetch in _fetches(node)))
    if not fetches:
        raise ValueError("a batch has fetches")
    if any(fetch.subgraph != batch.subgraph for fetch in fetches):
        raise ValueError(f"the fetches of a batch ask its subgraph, {batch.subgraph!r}")
    if any(not fetch.representations or fetch.contexts for fetch in fetches):
        raise ValueError("the fetches of a batch have representations, and no contexts")
    return fetches


@lru_cache(maxsize=1024)
def request_of(fetches: tuple[Fetch, ...]) -> EntitiesRequest:
    """The request that asks what these different fetches ask of one subgraph.

    A single one is asked as it stands. The client's variables keep their names, which the fetches share.
    """
    if len(fetches) == 1:
        (fetch,) = fetches
        field = EntitiesField(fetch, ENTITIES, fetch.representations_variable)
        return EntitiesRequest(fetch.subgraph, fetch.operation, fetch.variables, (field,))
    variables = tuple(sorted({name for fetch in fetches for name in fetch.variables}))
    fields = tuple(
        EntitiesField(fetch, f"_{number}", _unused(f"{REPRESENTATIONS}_{number}", variables))
        for number, fetch in enumerate(fetches)
    )
    return EntitiesRequest(fetches[0].subgraph, operation_text(_operation(fields)), variables, fields)


def _fetches(node: PlanNode) -> Iterator[Fetch]:
    match node:
        case Fetch():
            yield node
        case Flatten(node=child):
            yield from _fetches(child)
        case Condition(then=then, otherwise=otherwise):
            for branch in (then, otherwise):
                if branch is not None:
                    yield from _fetches(branch)
        case _:
            raise ValueError("a batch holds fetches, below Flatten and conditions only")


def _operation(fields: tuple[EntitiesField, ...]) -> OperationDefinitionNode:
    asked: list[FieldNode] = []
    definitions = {field.variable: representations_definition(field.variable) for field in fields}
    for field in fields:
        one = field.fetch.representations_variable
        operation = asked_of_entities(parse_operation(field.fetch.operation), one)
        alias = NameNode(value=field.response_key)
        asked.append(entities_field(operation.selection_set, field.variable, alias))
        for definition in operation.variable_definitions or ():
            definitions.setdefault(definition.variable.name.value, definition)
    return OperationDefinitionNode(
        operation=OperationType.QUERY,
        variable_definitions=tuple(definitions.values()),
        directives=(),
        selection_set=SelectionSetNode(selections=tuple(asked)),
    )


def _unused(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name = f"_{name}"
    return name
