"""A federated graph answers as one merged schema would."""

from dataclasses import replace

from graphql import get_variable_values, graphql_sync, parse, validate
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plait_gateway.executor.program import Counters
from plait_gateway.planner import Operation, labels_of, plan
from plait_gateway.query_plan import format_plan
from plait_schema.composition import compose
from plait_schema.query_graph import QueryGraph, build_query_graph
from plait_schema.supergraph import Supergraph, read_supergraph
from tests.gateway.executor.world import Subgraphs
from tests.gateway.program.both import both
from tests.gateway.properties.federations import LABELS, Federation
from tests.gateway.properties.generation import random_federation, random_operation

federations = st.builds(
    random_federation,
    st.integers(0, 100_000),
    subgraphs=st.integers(2, 4),
    entities=st.integers(1, 4),
    fields=st.integers(1, 6),
)


@given(federations, st.integers(0, 100_000), st.integers(1, 4), st.frozensets(st.sampled_from(LABELS)))
@settings(max_examples=30, deadline=None)
async def test_a_federation_answers_as_one_schema(
    federation: Federation, seed: int, depth: int, labels: frozenset[str]
) -> None:
    assume(federation.roots)
    federation = replace(federation, active_labels=labels)
    composition = compose(federation.sources())
    assume(composition.supergraph_sdl is not None)
    assert composition.supergraph_sdl is not None
    supergraph = read_supergraph(composition.supergraph_sdl)
    text = random_operation(seed, federation.merged, depth=depth)
    assume(validate(federation.merged, parse(text)) == [])
    await answers_alike(federation, supergraph, build_query_graph(supergraph), text)


async def answers_alike(federation: Federation, supergraph: Supergraph, graph: QueryGraph, text: str) -> None:
    """Assert that plan and execution, by either executor, give what the merged schema gives, in its order."""
    expected = graphql_sync(federation.merged, text)
    operation = Operation.from_document(parse(text))
    labels = federation.active_labels & labels_of(operation, graph)
    query_plan = plan(operation, graph.with_labels(labels))
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
    )
    shown = f"{text}\n{format_plan(query_plan)}"
    assert [error.as_json() for error in result.errors] == [], shown
    assert repr(result.data) == repr(expected.data), shown
