"""The first run of a plan that is rare: interpreted, but not if an answer is large."""

import asyncio
from typing import Any

import msgspec

from plait_gateway.clients import SubgraphRequest, SubgraphUnreachable, sending
from plait_gateway.executor.program import Completed, Counters, Executable
from plait_gateway.query_plan import parse_plan
from tests.gateway.executor.world import ClientOperation, Subgraphs, canned
from tests.gateway.program.products import GRAPH, answer

LONG = "x" * 300_000
OPERATION = "{ product { sku } today }"
PLAN = """
QueryPlan { Parallel {
  Sequence {
    Fetch(service: "a") { { product { __typename id } } }
    Flatten(path: "product") { Fetch(service: "b") {
      { ... on Product { __typename id } } => { ... on Product { sku } }
    } }
  }
  Fetch(service: "c") { { today } }
} }
"""
PRODUCT = answer(product={"__typename": "Product", "id": "1"})
MUTATION = "mutation { rename { sku } }"
MUTATION_PLAN = """
QueryPlan { Sequence {
  Fetch(service: "a") { mutation { rename { __typename id label } } }
  Flatten(path: "rename") { Fetch(service: "b") {
    { ... on Product { __typename id } } => { ... on Product { sku } }
  } }
} }
"""


async def run(
    subgraphs: Subgraphs, counters: Counters, operation: str = OPERATION, plan: str = PLAN
) -> tuple[Any, list[str]]:
    """The data, and the codes of the errors."""
    executable = Executable(
        parse_plan(plan),
        ClientOperation.of(operation, GRAPH.api_schema),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        counters=counters,
        is_rare=True,
    )
    outcome = await executable.execute({}, send=sending(subgraphs.send))
    if isinstance(outcome, Completed):
        return msgspec.to_builtins(outcome.data), []
    return outcome.data, [error.extensions["code"] for error in outcome.errors]


async def test_a_program_is_compiled_once_for_all_who_wait_for_it_even_if_the_first_of_them_leaves() -> None:
    counters = Counters()
    executable = Executable(
        parse_plan(PLAN),
        ClientOperation.of(OPERATION, GRAPH.api_schema),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        counters=counters,
    )
    subgraphs = canned(a=PRODUCT, b=answer(_entities=[{"sku": "s"}]), c=answer(today="now"))
    waiting = [asyncio.create_task(executable.execute({}, send=sending(subgraphs.send))) for _ in range(10)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert all(isinstance(outcome, Completed) for outcome in outcomes[1:])
    assert counters == Counters(programs_compiled=1, executions_compiled=9)


def names(requests: list[SubgraphRequest]) -> list[str]:
    return sorted(request.subgraph for request in requests)


async def test_after_a_large_answer_a_program_goes_on_and_nothing_is_asked_twice() -> None:
    for a, b, c in (
        (PRODUCT, answer(_entities=[{"sku": "s"}]), answer(today=LONG)),
        (PRODUCT, answer(_entities=[{"sku": LONG}]), answer(today="t")),
    ):
        counters = Counters()
        subgraphs = canned(a=a, b=b, c=c)
        data, _ = await run(subgraphs, counters)
        expected = {"product": {"sku": b["data"]["_entities"][0]["sku"]}, "today": c["data"]["today"]}
        assert data == expected
        assert names(subgraphs.requests) == ["a", "b", "c"]
        assert counters == Counters(programs_compiled=1, executions_compiled=1)


async def test_what_is_under_way_is_waited_for() -> None:
    """The other answer fails, after the large one: it is neither asked again nor forgotten."""
    counters = Counters()
    subgraphs = canned(a=SubgraphUnreachable("a", "gone"), b=answer(_entities=[]), c=answer(today=LONG))
    data, codes = await run(subgraphs, counters, "{ today item { __typename } }", UNREACHABLE_PLAN)
    assert data == {"today": LONG, "item": None}
    assert codes == ["SUBGRAPH_UNREACHABLE"]
    assert names(subgraphs.requests) == ["a", "c"]
    assert counters.executions_handed_over["unreachable"] == 1


UNREACHABLE_PLAN = """
QueryPlan { Parallel {
  Fetch(service: "c") { { today } }
  Fetch(service: "a") { { item { __typename } } }
} }
"""


async def test_a_mutation_with_a_large_answer_is_sent_once() -> None:
    """Also where the program hands over to the interpreter again."""
    for bad in (None, [{"message": "no"}]):
        counters = Counters()
        product = {"__typename": "Product", "id": "1", "label": LONG}
        subgraphs = canned(a=answer(rename=product) | {"errors": bad}, b=answer(_entities=[{"sku": "s"}]))
        data, codes = await run(subgraphs, counters, MUTATION, MUTATION_PLAN)
        assert data == {"rename": {"sku": "s"}}
        assert len(codes) == len(bad or ())
        assert names(subgraphs.requests) == ["a", "b"]
        assert counters.programs_compiled == 1


async def test_where_the_plan_cannot_be_compiled_the_interpreter_goes_on() -> None:
    counters = Counters()
    subgraphs = canned(a=answer(today=LONG))
    plan = """QueryPlan { Fetch(service: "a") { { today } } }"""
    data, codes = await run(subgraphs, counters, "{ today ratio }", plan)
    assert (data, codes) == ({"today": LONG, "ratio": None}, [])
    assert names(subgraphs.requests) == ["a"]
    assert counters.executions_interpreted == 1
    assert counters.programs_compiled == 0
