"""A compiled program, and what running it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from plait_gateway.clients.send import Send
from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.program.kept import Kept
from plait_gateway.executor.program.running import Running, Step, run_step

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Completed:
    """A response without errors: its `data` as JSON, and how many requests to subgraphs it took."""

    data: bytes
    subgraph_requests: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the interpreter goes on from."""

    reason: Reason
    kept: Kept


@dataclass(frozen=True, slots=True)
class Program:
    """What a plan is compiled to, for one set of values of the variables in its conditions."""

    root: type[msgspec.Struct]
    positions: int
    step: Step
    take_out_internal: Callable[..., None] | None

    async def run(
        self, variables: Mapping[str, Any], send: Send, headers: tuple[tuple[str, str], ...]
    ) -> Completed | HandedOver:
        """Ask the subgraphs, and encode what they answered."""
        running = Running(self.root(), [[] for _ in range(self.positions)], variables, headers, send)
        try:
            await run_step(self.step, running)
        except HandOver as handed_over:
            return HandedOver(handed_over.reason, running.kept)
        if self.take_out_internal is not None:
            self.take_out_internal(running.places)
        return Completed(_encode(running.root), running.requests)
