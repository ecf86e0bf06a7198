"""The run-time of compiled programs: steps, in the plan's order, each a fetch that was compiled."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec

from plait_gateway.clients.send import Send, SubgraphRequest, SubgraphResponse, SubgraphUnreachable
from plait_gateway.executor.program.answers import AnswerReader
from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.program.kept import Kept

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class FetchStep:
    """One request. `represent` is None for root fields."""

    subgraph: str
    query: str
    variables: tuple[str, ...]
    reader: AnswerReader
    represent: Callable[..., Any] | None
    take: Callable[..., None]
    head: bytes  # the body as far as it is the same for every request


@dataclass(frozen=True, slots=True)
class SequenceStep:
    """Steps one after another."""

    steps: "tuple[Step, ...]"


@dataclass(frozen=True, slots=True)
class ParallelStep:
    """Steps at the same time."""

    steps: "tuple[Step, ...]"


Step: TypeAlias = FetchStep | SequenceStep | ParallelStep


@dataclass(slots=True)
class Running:
    """One execution: the response under construction, and the objects at each position to go on from."""

    root: Any
    places: list[list[Any]]
    variables: Mapping[str, Any]
    headers: tuple[tuple[str, str], ...]
    send: Send
    kept: Kept = field(default_factory=Kept)
    requests: int = 0


async def run_step(step: Step, running: Running) -> None:
    """Run a step to its end. Raises HandOver when no request of the step is under way any more."""
    match step:
        case FetchStep():
            await _fetch(step, running)
        case SequenceStep(steps):
            for child in steps:
                await run_step(child, running)
        case ParallelStep((first, *others)):
            async with asyncio.TaskGroup() as tasks:
                started = [tasks.create_task(_handing_over(child, running)) for child in others]
                outcomes = [await _handing_over(first, running)]
            outcomes += [task.result() for task in started]
            if handed_over := [outcome for outcome in outcomes if outcome is not None]:
                raise handed_over[0]


async def _handing_over(step: Step, running: Running) -> HandOver | None:
    """The exception as a value: what runs beside this step comes to its end, so that its answers are kept."""
    try:
        await run_step(step, running)
    except HandOver as reason:
        return reason
    return None


async def _fetch(fetch: FetchStep, running: Running) -> None:
    groups: Any = ()
    representations = b""
    if fetch.represent is not None:
        groups, representations = fetch.represent(running.places)
        if not groups:
            return
    response = await _ask(fetch, _body(fetch, representations, running.variables), running)
    data = fetch.reader.read(response)
    if fetch.represent is not None and len(data._entities) != len(groups):
        raise HandOver(Reason.ENTITIES)
    fetch.take(running.root, running.places, data, groups)


def _body(fetch: FetchStep, representations: bytes, given: Mapping[str, Any]) -> bytes:
    """What `encode_body` would make of the request, from parts."""
    used = fetch.variables and {name: given[name] for name in fetch.variables if name in given}
    values = _encode(used) if used else b"{}"
    match values, representations:
        case b"{}", b"":
            return b"%b}" % fetch.head
        case _, b"":
            return b'%b,"variables":%b}' % (fetch.head, values)
        case b"{}", _:
            return b'%b,"variables":{"representations":%b}}' % (fetch.head, representations)
        case _:
            parts = (fetch.head, values[:-1], representations)
            return b'%b,"variables":%b,"representations":%b}}' % parts


async def _ask(fetch: FetchStep, body: bytes, running: Running) -> SubgraphResponse:
    request = SubgraphRequest(
        fetch.subgraph, fetch.query, EncodedVariables(body), headers=running.headers, body=body
    )
    running.requests += 1
    try:
        response = await running.send(request)
    except SubgraphUnreachable as problem:
        running.kept.add(fetch.subgraph, body, problem)
        raise HandOver(Reason.UNREACHABLE) from None
    running.kept.add(fetch.subgraph, body, response)
    return response


class EncodedVariables(Mapping[str, Any]):
    """The variables of a request whose body is there already, for who wants to look at them."""

    __slots__ = ("_body", "_values")

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._values: Mapping[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        return self._decoded()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._decoded())

    def __len__(self) -> int:
        return len(self._decoded())

    def _decoded(self) -> Mapping[str, Any]:
        if self._values is None:
            self._values = msgspec.json.decode(self._body).get("variables", {})
        return self._values
