"""The first run of a plan that may never come again: interpreted, unless an answer is large."""

import asyncio

from plait_gateway.clients.coroutines import asking
from plait_gateway.clients.send import Outcome, Send, SubgraphRequest, SubgraphResponse, SubgraphUnreachable
from plait_gateway.executor.program.kept import Kept

_LARGE = 256 * 1024  # bytes of an answer: interpreting it takes longer than to compile and run a program


class LargeAnswer(Exception):  # noqa: N818 - it tells of an answer, not of a defect
    """Raised to the interpreter, which gives up; a program goes on from what is kept."""


class FirstRun:
    """Asks for an interpreter until an answer is large.

    From then on nothing more is asked. What is under way is waited for, so that no request is sent twice,
    and then LargeAnswer is raised.
    """

    def __init__(self, send: Send) -> None:
        self.kept = Kept()
        self._ask = asking(send)
        self._under_way = 0
        self._is_over = False

    async def ask(self, request: SubgraphRequest) -> SubgraphResponse:
        """The answer, as `Ask` has it. Raises LargeAnswer, too."""
        if self._is_over:
            await _given_up()
        self._under_way += 1
        outcome: Outcome
        try:
            outcome = await self._ask(request)
        except SubgraphUnreachable as problem:
            outcome = problem
        finally:
            self._under_way -= 1
        self.kept.add(request, outcome)
        if isinstance(outcome, SubgraphResponse) and len(outcome.body) >= _LARGE:
            self._is_over = True
        if self._is_over:
            if self._under_way == 0:
                raise LargeAnswer
            await _given_up()
        if isinstance(outcome, SubgraphUnreachable):
            raise outcome
        return outcome


async def _given_up() -> None:
    """Wait to be cancelled with the interpreter that asked."""
    await asyncio.get_running_loop().create_future()
