"""The compiled program beside the reference interpreter: what one execution costs, subgraphs aside."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import parse

from benchmarks.tables import table
from benchmarks.workload.operations import SHAPES, Shape
from benchmarks.workload.stub import Subgraph, subgraphs
from benchmarks.workload.subgraphs import academy_supergraph
from plait_gateway.clients.body import encode_body
from plait_gateway.clients.coroutines import asking
from plait_gateway.clients.send import Cancel, Outcome, SubgraphRequest, SubgraphResponse, nothing_to_cancel
from plait_gateway.executor import execute
from plait_gateway.executor.program import Completed, HandedOver, Program, Refusal, compile_program
from plait_gateway.planner import Operation, plan
from plait_gateway.query_plan import QueryPlan
from plait_schema.garbage_collection import settle
from plait_schema.query_graph import build_query_graph
from plait_schema.supergraph import Supergraph, read_supergraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """Microseconds of processor time for one execution, medians; the ratio is taken within each round."""

    operation: str
    fetches: int
    answer_bytes: int
    program_us: float
    interpreter_us: float
    ratio: float


def measure(
    shapes: Sequence[str], *, rounds: int, seconds: float, say: Callable[[str], None]
) -> tuple[Executed, ...]:
    """Run the academy's operations both ways, in turns of so many seconds.

    Raises ValueError where an operation has no program, or where the two do not answer alike.
    """
    supergraph = read_supergraph(academy_supergraph(""))
    graph = build_query_graph(supergraph)
    known = subgraphs()
    found = []
    for name in shapes:
        operation = Operation.from_document(parse(SHAPES[name].query))
        both = _Both(SHAPES[name], supergraph, operation, plan(operation, graph), _Answers(known))
        found.append(asyncio.run(both.measure(rounds, seconds)))
        say(f"{name}: {found[-1].program_us:.0f} and {found[-1].interpreter_us:.0f} us")
    return tuple(found)


class _Answers:
    """Subgraphs in this process that answer at once, and what they have answered from memory."""

    def __init__(self, known: dict[str, Subgraph]) -> None:
        self._known = known
        self._remembered: dict[tuple[str, bytes], SubgraphResponse] = {}

    def send(self, request: SubgraphRequest, answered: Callable[[Outcome], None]) -> Cancel:
        key = request.subgraph, encode_body(request)
        response = self._remembered.get(key)
        if response is None:
            body = self._known[request.subgraph].respond(key[1])
            response = self._remembered[key] = SubgraphResponse(200, "application/json", body)
        answered(response)
        return nothing_to_cancel


class _Both:
    def __init__(
        self,
        shape: Shape,
        supergraph: Supergraph,
        operation: Operation,
        query_plan: QueryPlan,
        answers: _Answers,
    ) -> None:
        schema, api_schema = supergraph.schema, supergraph.api_schema
        program = compile_program(
            query_plan, operation, schema=schema, api_schema=api_schema, conditions={}, denied=()
        )
        self._shape = shape
        variables = shape.variables_of(0)
        ask = asking(answers.send)

        async def run() -> tuple[bytes, int]:
            match program:
                case Refusal(value=reason):
                    raise ValueError(f"{shape.name} has no program: {reason}")
                case Program():
                    outcome = await program.run(variables, answers.send, ())
            match outcome:
                case HandedOver(cause):
                    raise ValueError(f"{shape.name} was handed over: {cause.value}")
                case Completed(data, subgraph_requests):
                    return msgspec.json.encode(data), subgraph_requests

        async def interpret() -> tuple[bytes, int]:
            result = await execute(
                query_plan, operation, schema=schema, api_schema=api_schema, variables=variables, send=ask
            )
            return msgspec.json.encode(result.data), result.subgraph_requests

        self._run, self._interpret = run, interpret

    async def measure(self, rounds: int, seconds: float) -> Executed:
        answer, fetches = await self._run()
        if (answer, fetches) != await self._interpret():
            raise ValueError(f"{self._shape.name} is not answered alike")
        settle()  # as a gateway does when it has read a graph
        programs, interpreters = [], []
        for number in range(rounds + 1):
            one, other = await _spent(self._run, seconds), await _spent(self._interpret, seconds)
            if number:  # the first is the warm-up
                programs.append(one)
                interpreters.append(other)
        ratios = [other / one for one, other in zip(programs, interpreters, strict=True)]
        return Executed(
            operation=self._shape.name,
            fetches=fetches,
            answer_bytes=len(answer),
            program_us=statistics.median(programs) * 1e6,
            interpreter_us=statistics.median(interpreters) * 1e6,
            ratio=statistics.median(ratios),
        )


async def _spent(run: Callable[[], Awaitable[Any]], seconds: float) -> float:
    """Seconds of processor time for one run, in so many seconds of them."""
    begun = time.process_time()
    times = 0
    while (spent := time.process_time() - begun) < seconds:
        await run()
        times += 1
    return spent / times


def execution_table(found: Iterable[Executed]) -> str:
    """A Markdown table; the last column is how many times the program's the interpreter's time is."""
    titles = ["operation", "fetches", "answer KB", "program µs", "interpreter µs", "interpreter / program"]
    return table(
        titles,
        [
            [
                one.operation,
                str(one.fetches),
                f"{one.answer_bytes / 1000:.1f}",
                f"{one.program_us:.0f}",
                f"{one.interpreter_us:.0f}",
                f"{one.ratio:.1f}",
            ]
            for one in found
        ],
    )
