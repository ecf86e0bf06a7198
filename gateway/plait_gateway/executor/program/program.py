"""A compiled program, and what running it gives."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from plait_gateway.clients.send import Send
from plait_gateway.executor.program.handing_over import Reason
from plait_gateway.executor.program.kept import Kept
from plait_gateway.executor.program.running import Running
from plait_gateway.executor.program.schedule import Schedule


class Completed(msgspec.Struct, frozen=True, gc=False):
    """A response without errors: its `data` to be encoded, and what was asked of subgraphs for it."""

    data: msgspec.Struct
    subgraph_requests: int
    answer_bytes: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the interpreter goes on from."""

    reason: Reason
    kept: Kept


@dataclass(frozen=True, slots=True)
class Program:
    """What a plan is compiled to, for one set of values of the variables in its conditions."""

    root: type[msgspec.Struct]
    places: int  # how many lists of objects it keeps
    schedule: Schedule
    take_out_internal: Callable[..., None] | None

    async def run(
        self, variables: Mapping[str, Any], send: Send, headers: tuple[tuple[str, str], ...]
    ) -> Completed | HandedOver:
        """Ask the subgraphs, and put together what they answered."""
        running = Running(self.schedule, self.root(), self.places, variables, headers, send)
        running.begin()
        try:
            is_complete = await running.ended
        except asyncio.CancelledError:
            running.give_up()
            raise
        if not is_complete and running.reason is not None:
            return HandedOver(running.reason, running.kept)
        if self.take_out_internal is not None:
            self.take_out_internal(running.root, running.places)
        return Completed(running.root, running.requests, running.kept.answer_bytes)
