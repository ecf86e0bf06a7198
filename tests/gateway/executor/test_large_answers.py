"""Large answers are interpreted beside other requests, not before them."""

import asyncio
from typing import Any

from plait_gateway.executor import ExecutionResult
from tests.gateway.executor.world import Graph, canned

GRAPH = Graph.of("type Query { items: [Item!] } type Item { id: Int name: String }")
SMALL = [{"id": 1, "name": "x"}]
LARGE = SMALL * 20_000
OPERATION = "{ items { id name } }"
PLAN = """
QueryPlan { Sequence {
  Fetch(service: "a") { { items { id } } }
  Fetch(service: "b") { { items { name } } }
} }
"""
SIMPLE = """QueryPlan { Fetch(service: "a") { { items { id name } } } }"""


async def test_a_small_answer_that_comes_later_is_ready_before_a_large_one() -> None:
    """With and without errors: where there are some, no program takes over."""
    for errors in (None, [{"message": "no", "path": ["items", 0, "name"]}]):
        ended: list[str] = []

        async def run(name: str, items: Any, plan: str, errors: Any = errors, ended: Any = ended) -> Any:
            parts = [[{key: item[key]} for item in items] for key in ("id", "name")]
            subgraphs = canned(
                a={"data": {"items": items if plan is SIMPLE else parts[0]}, "errors": errors},
                b={"data": {"items": parts[1]}},
            )
            result: ExecutionResult = await GRAPH.run(OPERATION, plan, subgraphs)
            ended.append(name)
            return result

        large, small = await asyncio.gather(run("large", LARGE, SIMPLE), run("small", SMALL, PLAN))
        assert ended == ["small", "large"]
        assert small.data == {"items": SMALL}
        assert large.data == {"items": LARGE}
        assert len(large.errors) == len(errors or ())
