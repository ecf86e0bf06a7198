"""Who may not see some fields gets what one schema gives whose resolvers of these fields fail."""

from collections.abc import Mapping
from random import Random
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_variable_values,
    graphql_sync,
    parse,
    validate,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plait_gateway.authorization import ANONYMOUS, Requirements, access_of, without_fields
from plait_gateway.executor.program import Counters
from plait_gateway.planner import Operation, plan
from plait_gateway.query_plan import format_plan
from plait_schema.composition import compose
from plait_schema.query_graph import build_query_graph
from plait_schema.supergraph import Access, read_supergraph
from tests.gateway.executor.world import Subgraphs
from tests.gateway.program.both import both
from tests.gateway.properties.generation import random_federation, random_operation


@given(st.integers(0, 100_000), st.integers(2, 4), st.integers(0, 100_000), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
async def test_denied_fields_are_as_if_they_failed(
    seed: int, subgraphs: int, operation_seed: int, depth: int
) -> None:
    federation = random_federation(seed, subgraphs=subgraphs, entities=3, fields=4)
    assume(federation.roots)
    sdl = compose(federation.sources()).supergraph_sdl
    text = random_operation(operation_seed, federation.merged, depth=depth)
    assume(sdl is not None and validate(federation.merged, parse(text)) == [])
    assert sdl is not None
    supergraph = read_supergraph(sdl)
    access = secrets(federation.merged, Random(seed))
    expected = graphql_sync(federation.merged, text, middleware=[_failing(access)])

    operation = Operation.from_document(parse(text))
    found = access_of(
        operation.definition,
        operation.fragments,
        supergraph.api_schema,
        Requirements(supergraph.api_schema, access),
    )
    assume(found is not None)
    assert found is not None
    not_seen = found.denied_to(ANONYMOUS, frozenset())
    assert not_seen is not None
    denied = frozenset(id(field.node) for field in found.fields_of(not_seen))
    query_plan = plan(without_fields(operation, denied), build_query_graph(supergraph))
    variables = get_variable_values(
        supergraph.api_schema, operation.definition.variable_definitions or (), {}
    )
    assert not isinstance(variables, list)
    result = await both(
        query_plan,
        operation,
        schema=supergraph.schema,
        api_schema=supergraph.api_schema,
        variables=variables.coerced,
        send=Subgraphs(dict.fromkeys(federation.subgraphs, federation.answer)).send,
        counters=Counters(),
        denied=denied,
    )
    shown = f"{sorted(access)}\n{text}\n{format_plan(query_plan)}"
    assert repr(result.data) == repr(expected.data), shown
    assert {error.extensions["code"] for error in result.errors} <= {"UNAUTHORIZED_FIELD_OR_TYPE"}, shown
    assert bool(result.errors) == bool(expected.errors), shown


def secrets(schema: GraphQLSchema, random: Random) -> Mapping[str, Access]:
    """Some fields, by their names in all types: then interfaces ask for what their implementations do."""
    names: dict[str, list[str]] = {}
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("_"):
            for field in kind.fields:
                names.setdefault(field, []).append(f"{name}.{field}")
    secret = [name for name in names if random.random() < 0.25]
    return {coordinate: Access(authenticated=True) for name in secret for coordinate in names[name]}


def _failing(access: Mapping[str, Access]) -> Any:
    def resolve(following: Any, root: Any, info: Any, **arguments: Any) -> Any:
        if f"{info.parent_type.name}.{info.field_name}" in access:
            raise GraphQLError("not for you")
        return following(root, info, **arguments)

    return resolve
