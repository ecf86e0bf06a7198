"""A compiled program."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from plait_gateway.clients.send import Cancel, Send
from plait_gateway.errors import ResponseError
from plait_gateway.executor.program.running import Completed, Ended, HandedOver, Running
from plait_gateway.executor.program.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Program:
    """What a plan is compiled to, for one set of values of the variables in its conditions."""

    root: type[msgspec.Struct]
    places: int  # how many lists of objects it keeps
    schedule: Schedule
    take_out_internal: Callable[..., None] | None
    tell_denied: Callable[[Any], tuple[ResponseError, ...]] | None  # the errors of a response

    def begin(
        self,
        variables: Mapping[str, Any],
        send: Send,
        headers: tuple[tuple[str, str], ...],
        ended: Callable[[Ended], None],
    ) -> Cancel:
        """Ask the subgraphs, and tell what they answered, put together: once, unless it is given up."""
        schedule = self.schedule
        running = Running(
            self.root(),
            [[] for _ in range(self.places)],
            schedule,
            list(schedule.arrivals),
            variables,
            headers,
            send,
            self.take_out_internal,
            self.tell_denied,
            ended,
        )
        running.begin()
        return running.give_up

    async def run(
        self, variables: Mapping[str, Any], send: Send, headers: tuple[tuple[str, str], ...]
    ) -> Completed | HandedOver:
        """The same, awaited."""
        told: asyncio.Future[Ended] = asyncio.get_running_loop().create_future()

        def ended(outcome: Ended) -> None:
            if not told.done():  # cancelled, and not yet awake to give it up
                told.set_result(outcome)

        give_up = self.begin(variables, send, headers, ended)
        try:
            outcome = await told
        except asyncio.CancelledError:
            give_up()
            raise
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome
