"""Reading plans in tests: the fetches of a plan, and whether their subgraphs would accept them."""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    build_ast_schema,
    parse,
    validate,
)

from plait_gateway.query_plan import (
    BatchFetch,
    Condition,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    Sequence,
    fetches_in,
    request_of,
)
from plait_schema.federation.applied import keys_of
from plait_schema.subgraph import Subgraph


def fetches_of(plan: QueryPlan) -> tuple[Fetch, ...]:
    """Every fetch of a plan, in the order of its text."""
    return tuple(
        fetch
        for request in requests_of(plan)
        for fetch in (fetches_in(request) if isinstance(request, BatchFetch) else (request,))
    )


def requests_of(plan: QueryPlan) -> tuple[Fetch | BatchFetch, ...]:
    """Every request of a plan, in the order of its text."""
    return tuple(_requests(plan.node))


def hops_of(node: PlanNode | None) -> int:
    """How many fetches wait for one another."""
    match node:
        case None:
            return 0
        case Fetch() | BatchFetch():
            return 1
        case Flatten(node=child):
            return hops_of(child)
        case Sequence(nodes):
            return sum(hops_of(child) for child in nodes)
        case Parallel(nodes):
            return max(hops_of(child) for child in nodes)
        case Condition(then=then, otherwise=otherwise):
            return max(hops_of(then), hops_of(otherwise))


def assert_accepted(plan: QueryPlan, subgraphs: tuple[Subgraph, ...]) -> None:
    """Each subgraph finds the operations that it gets valid."""
    schemas = {subgraph.name: _with_entities(subgraph) for subgraph in subgraphs}
    for one in requests_of(plan):
        operation = request_of(fetches_in(one)).operation if isinstance(one, BatchFetch) else one.operation
        errors = validate(schemas[one.subgraph], parse(operation))
        assert not errors, f"{one.subgraph}: {errors[0].message} in {operation}"


def _with_entities(subgraph: Subgraph) -> GraphQLSchema:
    """The subgraph's schema as it is served: with `_entities`, and with a Query to hold it."""
    entities = [
        name
        for name, node in subgraph.types.items()
        if isinstance(node, ObjectTypeDefinitionNode) and keys_of(node)
    ]
    served = ""
    if entities:
        query = "extend type Query" if "Query" in subgraph.types else "type Query"
        served = (
            f"scalar _Any union _Entity = {' | '.join(entities)} "
            f"{query} {{ _entities(representations: [_Any!]!): [_Entity]! }}"
        )
    definitions = (*subgraph.types.values(), *(parse(served).definitions if served else ()))
    return build_ast_schema(DocumentNode(definitions=definitions), assume_valid_sdl=True)


def _requests(node: PlanNode | None) -> Iterator[Fetch | BatchFetch]:
    match node:
        case None:
            return
        case Fetch() | BatchFetch():
            yield node
        case Flatten(node=child):
            yield from _requests(child)
        case Sequence(nodes) | Parallel(nodes):
            for child in nodes:
                yield from _requests(child)
        case Condition(then=then, otherwise=otherwise):
            yield from _requests(then)
            yield from _requests(otherwise)
