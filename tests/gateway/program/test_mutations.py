"""Mutations: one after another, and none of them twice."""

from collections import Counter
from typing import Any

from plait_gateway.clients import SubgraphRequest, SubgraphUnreachable, sending
from plait_gateway.executor.program import Counters, Executable
from plait_gateway.query_plan import parse_plan
from tests.gateway.executor.world import ClientOperation, canned
from tests.gateway.program.products import GRAPH, answer, compiled

PLAN = """
QueryPlan { Sequence {
  Fetch(service: "a") { mutation { rename { __typename id } } }
  Flatten(path: "rename") { Fetch(service: "b") {
    { ... on Product { __typename id } } => { ... on Product { sku } }
  } }
  Fetch(service: "b") { mutation($to: String) { move(to: $to) { id } } }
  Fetch(service: "a") { mutation { sell { id } } }
} }
"""
OPERATION = "mutation($to: String) { rename { sku } move(to: $to) { id } sell { id } }"
PRODUCT = {"__typename": "Product", "id": "1"}


def of_b(move: Any, sku: Any = "s") -> Any:
    def answered(request: SubgraphRequest) -> Any:
        return move if request.query.startswith("mutation") else answer(_entities=[{"sku": sku}])

    return answered


def of_a(request: SubgraphRequest) -> Any:
    return answer(rename=PRODUCT) if "rename" in request.query else answer(sell={"id": "2"})


async def test_mutations_are_compiled() -> None:
    answers = {"a": of_a, "b": of_b(answer(move={"id": "3"}))}
    data = await compiled(OPERATION, PLAN, answers, to="x")
    assert data == {"rename": {"sku": "s"}, "move": {"id": "3"}, "sell": {"id": "2"}}


async def sent(b: Any) -> tuple[list[str], list[SubgraphRequest], Counters]:
    subgraphs = canned(a=of_a, b=b)
    counters = Counters()
    executable = Executable(
        parse_plan(PLAN),
        ClientOperation.of(OPERATION, GRAPH.api_schema),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        counters=counters,
    )
    await executable.execute({"to": "x"}, send=sending(subgraphs.send))
    names = ("rename", "move", "sell", "sku")
    asked = [next(name for name in names if name in request.query) for request in subgraphs.requests]
    return asked, subgraphs.requests, counters


async def test_they_are_sent_in_order_and_not_as_idempotent() -> None:
    asked, requests, _ = await sent(of_b(answer(move={"id": "3"})))
    assert asked == ["rename", "sku", "move", "sell"]
    assert [request.idempotent for request in requests] == [False, True, False, False]


async def test_none_is_sent_twice() -> None:
    """Wherever the program gives up, and whatever it was answered, failures included."""
    for b in (
        of_b(answer(move={"id": None})),
        of_b({"errors": [{"message": "no"}]}),
        of_b(SubgraphUnreachable("b", "slow", "SUBGRAPH_TIMEOUT")),
        of_b(b"half an ans"),
        of_b(answer(move={"id": "3"}), sku=5),
    ):
        asked, _, counters = await sent(b)
        assert Counter(asked) == {"rename": 1, "sku": 1, "move": 1, "sell": 1}
        assert counters.executions_handed_over.total() == 1
