"""What all fetches of one client request share."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from graphql import GraphQLSchema

from plait_gateway.clients.coroutines import Ask
from plait_gateway.clients.send import SubgraphRequest, SubgraphResponse, SubgraphUnreachable
from plait_gateway.errors import CODES, SUBGRAPH_UNREACHABLE
from plait_gateway.executor.answer import Failure, Outcome, read_answer
from plait_gateway.executor.found_errors import FoundErrors

_LARGE = 128 * 1024  # bytes of answers that would keep other requests waiting: some 50 ms
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


@dataclass(slots=True)
class Request:
    """What all fetches of one client request share, and what they leave behind."""

    schema: GraphQLSchema
    variables: Mapping[str, Any]
    headers: tuple[tuple[str, str], ...]
    send: Ask
    errors: FoundErrors = field(default_factory=FoundErrors)
    subgraph_requests: int = 0
    _received: int = 0  # bytes of answers
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def given(self, names: Iterable[str]) -> dict[str, Any]:
        """The client's variables of these names, as far as the client gave any."""
        return {name: self.variables[name] for name in names if name in self.variables}

    async def ask(self, request: SubgraphRequest) -> SubgraphResponse | Failure:
        """The answer, unread, or why there is none."""
        self.subgraph_requests += 1
        try:
            response = await self.send(request)
        except SubgraphUnreachable as problem:
            return Failure(CODES.get(problem.code, SUBGRAPH_UNREACHABLE), problem.reason)
        self._received += len(response.body)
        return response

    async def work(
        self, function: Callable[_Given, _Result], *arguments: _Given.args, **named: _Given.kwargs
    ) -> _Result:
        """Run what reads an answer, or the response tree: in a thread once the answers are large.

        One such function runs at a time: the fetches share the tree.
        """
        async with self._turn:
            if self._received < _LARGE:
                return function(*arguments, **named)
            return await asyncio.to_thread(function, *arguments, **named)


def read_outcome(response: SubgraphResponse | Failure) -> Outcome:
    """What the answer to a request is worth."""
    return read_answer(response) if isinstance(response, SubgraphResponse) else response
