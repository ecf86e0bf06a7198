"""A compiled program, and what running it gives."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from plait_gateway.clients.send import Cancel, Send
from plait_gateway.executor.program.handing_over import Reason
from plait_gateway.executor.program.kept import Kept
from plait_gateway.executor.program.running import Running
from plait_gateway.executor.program.schedule import Schedule


class Completed(msgspec.Struct, frozen=True, gc=False):
    """A response without errors: its `data` to be encoded, and what was asked of subgraphs for it."""

    data: msgspec.Struct | msgspec.Raw  # JSON already
    subgraph_requests: int
    answer_bytes: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the interpreter goes on from."""

    reason: Reason
    kept: Kept


#: How a run ends; an exception is a defect of ours.
Ended: TypeAlias = Completed | HandedOver | BaseException


@dataclass(frozen=True, slots=True)
class Program:
    """What a plan is compiled to, for one set of values of the variables in its conditions."""

    root: type[msgspec.Struct]
    places: int  # how many lists of objects it keeps
    schedule: Schedule
    take_out_internal: Callable[..., None] | None

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
            [barrier.arrivals for barrier in schedule.barriers],
            variables,
            headers,
            send,
            lambda running: ended(self._outcome(running)),
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

    def _outcome(self, running: Running) -> Ended:
        if running.defect is not None:
            return running.defect
        if running.reason is not None:
            return HandedOver(running.reason, running.kept)
        if self.take_out_internal is not None:
            try:
                self.take_out_internal(running.root, running.places)
            except Exception as defect:  # noqa: BLE001 - ours; who waits raises it
                return defect
        return Completed(running.root, running.requests, running.kept.answer_bytes)
