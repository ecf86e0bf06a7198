"""Batches keep the order of fetches, and no plan waits longer for them."""

from dataclasses import replace

import pytest
from graphql import OperationType, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from plait_gateway.planner import Operation, plan
from plait_gateway.planner.fetch_graph import Ask, Asks, FetchGraph, FetchNode, Part, depths_of
from plait_gateway.planner.normalize import normalize
from plait_gateway.planner.passes.batch_entities import batch_entities
from plait_gateway.planner.passes.drop_redundant_waits import drop_redundant_waits
from plait_gateway.planner.to_query_plan import to_query_plan
from plait_gateway.query_plan import Key, Representation, RepresentationField
from plait_schema.query_graph import Conditions, Node
from tests.gateway.planner.fetches import hops_of, requests_of
from tests.schema.query_graph.graphs import graph_of

GRAPH = graph_of(
    a='type Query { t: T } type T @key(fields: "id") { id: ID! a: Int }',
    b='type T @key(fields: "id") { id: ID! b: Int }',
    c='type T @key(fields: "id") { id: ID! c: Int }',
)
CLIENT = Operation.from_document(parse("query ($x: Boolean!) { t { id @include(if: $x) } }"))
OPERATION = normalize(CLIENT, GRAPH)
SENT = Representation("T", (RepresentationField("id", "id", key=True),))


def fetch(number: int, subgraph: str, after: frozenset[int], conditions: Conditions) -> FetchNode:
    ask = Ask(f"x{number}", subgraph, frozenset(("T",)), (), conditions)
    part = Part(Asks(Node(subgraph, "T"), (ask,)), SENT)
    return FetchNode(number, subgraph, OperationType.QUERY, (Key(f"t{number}"),), (part,), after)


@st.composite
def fetch_graphs(draw: st.DrawFn) -> FetchGraph:
    """Fetches of entities that wait for some of those before them."""
    fetches: dict[int, FetchNode] = {}
    for number in range(draw(st.integers(1, 14))):
        after = draw(st.frozensets(st.sampled_from(sorted(fetches)), max_size=3)) if fetches else frozenset()
        conditions = draw(st.sampled_from([frozenset(), frozenset(), frozenset((("x", True),))]))
        fetches[number] = fetch(number, draw(st.sampled_from("abc")), after, conditions)
    return FetchGraph(GRAPH, OPERATION, fetches, (tuple(fetches),))


@given(fetch_graphs())
@settings(max_examples=60, deadline=None)
def test_no_plan_has_more_hops_for_its_batches(graph: FetchGraph) -> None:
    graph = drop_redundant_waits(graph)
    batched = drop_redundant_waits(batch_entities(graph))
    longest = max(graph.depths.values())
    assert max(batched.depths.values()) == longest
    planned = to_query_plan(batched)
    assert hops_of(planned.node) == longest
    assert hops_of(to_query_plan(graph).node) == longest
    assert len(requests_of(planned)) == len(graph.fetches) - sum(len(one) - 1 for one in batched.batches)


@given(fetch_graphs())
@settings(max_examples=40, deadline=None)
def test_fetches_of_a_batch_wait_for_the_same_and_not_for_one_another(graph: FetchGraph) -> None:
    batched = batch_entities(graph)
    for number, one in batched.fetches.items():
        assert one.after >= graph.fetches[number].after
        assert replace(one, after=graph.fetches[number].after) == graph.fetches[number]
    depths = depths_of(batched.fetches.values())
    for batch in batched.batches:
        fetches = [batched.fetches[number] for number in batch]
        assert len({(one.subgraph, one.after, depths[one.number]) for one in fetches}) == 1


@given(fetch_graphs())
@settings(max_examples=30, deadline=None)
def test_nothing_is_left_to_batch(graph: FetchGraph) -> None:
    """Two requests to one subgraph that wait for the same are one, under equal conditions."""
    batched = batch_entities(graph)
    first = {batch[0] for batch in batched.batches}
    others = {number for batch in batched.batches for number in batch} - first
    sent_with = {number: batch[0] for batch in batched.batches for number in batch}
    alike = [
        (one.subgraph, frozenset(sent_with.get(n, n) for n in one.after))
        for number, one in batched.fetches.items()
        if number not in others
    ]
    assert len(alike) == len(set(alike))


@pytest.mark.parametrize("places", [30, 120])
def test_many_places_are_batched_in_little_time(places: int) -> None:
    graph = graph_of(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! next: T }',
        b='type T @key(fields: "id") { id: ID! b: Int }',
    )
    text = " ".join(f"x{number}: t {{ next {{ b }} }}" for number in range(places))
    planned = plan(Operation.from_document(parse(f"{{ {text} }}")), graph)
    assert len(requests_of(planned)) == 2
