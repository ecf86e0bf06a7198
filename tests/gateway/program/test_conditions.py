"""Fetches with all selections under conditions: sent for the variables for which they bring something."""

import pytest

from plait_gateway.clients import SubgraphRequest
from plait_gateway.executor.program import Counters
from plait_gateway.query_plan import parse_plan
from tests.gateway.executor.world import ClientOperation, canned
from tests.gateway.program.both import both
from tests.gateway.program.products import GRAPH, answer

HEAD = "($a: Boolean!, $b: Boolean!)"
PLAN = f"""
QueryPlan {{ Sequence {{
  Fetch(service: "a") {{ {{ product {{ __typename id }} }} }}
  Parallel {{
    Flatten(path: "product") {{ Fetch(service: "b") {{
      {{ ... on Product {{ __typename id }} }} =>
      query{HEAD} {{ ... on Product {{ sku @include(if: $a) ... @skip(if: $b) {{ weight }} }} }}
    }} }}
    Fetch(service: "c") {{ query{HEAD} {{ today @include(if: $a) ... @skip(if: $b) {{ ratio }} }} }}
  }}
}} }}
"""
OPERATION = f"""
query{HEAD} {{
  product {{ id sku @include(if: $a) weight @skip(if: $b) }}
  today @include(if: $a)
  ratio @skip(if: $b)
}}
"""


@pytest.mark.parametrize(
    ("a", "b", "asked"),
    [
        (True, False, ["a", "b", "c"]),
        (True, True, ["a", "b", "c"]),
        (False, False, ["a", "b", "c"]),
        (False, True, ["a"]),
    ],
)
async def test_a_fetch_that_brings_nothing_is_not_sent(*, a: bool, b: bool, asked: list[str]) -> None:
    """Neither by the interpreter nor by the program, as `both` asserts."""

    def under_conditions(of_a: str, of_b: str) -> dict[str, object]:
        return ({of_a: "x"} if a else {}) | ({} if b else {of_b: 1.5})

    def entities(_: SubgraphRequest) -> object:
        return answer(_entities=[under_conditions("sku", "weight")])

    subgraphs = canned(
        a=answer(product={"__typename": "Product", "id": "1"}),
        b=entities,
        c=answer(**under_conditions("today", "ratio")),
    )
    counters = Counters()
    result = await both(
        parse_plan(PLAN),
        ClientOperation.of(OPERATION, GRAPH.api_schema),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        variables={"a": a, "b": b},
        send=subgraphs.send,
        counters=counters,
    )
    assert counters == Counters(programs_compiled=1, executions_compiled=1)
    assert result.errors == ()
    assert result.data == {
        "product": {"id": "1", **under_conditions("sku", "weight")},
        **under_conditions("today", "ratio"),
    }
    assert sorted({request.subgraph for request in subgraphs.requests}) == asked
    assert result.subgraph_requests == len(asked)


async def test_a_mutation_that_is_left_out_is_not_sent() -> None:
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "a") { mutation($a: Boolean!) { rename @include(if: $a) { id } } }
      Fetch(service: "b") { mutation { sell { id } } }
    } }
    """
    subgraphs = canned(b=answer(sell={"id": "2"}))
    result = await both(
        parse_plan(plan),
        ClientOperation.of(
            "mutation($a: Boolean!) { rename @include(if: $a) { id } sell { id } }", GRAPH.api_schema
        ),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        variables={"a": False},
        send=subgraphs.send,
        counters=Counters(),
    )
    assert result.data == {"sell": {"id": "2"}}
    assert {request.subgraph for request in subgraphs.requests} == {"b"}
