"""Exchanges as coroutines, for who is one: a `Send` that is awaited, and a coroutine function as a `Send`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeAlias

from plait_gateway.clients.send import (
    Cancel,
    Outcome,
    Send,
    SubgraphRequest,
    SubgraphResponse,
    SubgraphUnreachable,
)

_log = logging.getLogger(__name__)

#: An exchange that is awaited; it raises SubgraphUnreachable, and is given up when it is cancelled.
Ask: TypeAlias = Callable[[SubgraphRequest], Awaitable[SubgraphResponse]]


def asking(send: Send) -> Ask:
    """The same exchanges, awaited."""

    async def ask(request: SubgraphRequest) -> SubgraphResponse:
        told: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def answered(outcome: Outcome) -> None:
            if not told.done():  # cancelled, and not yet awake to give the exchange up
                told.set_result(outcome)

        cancel = send(request, answered)
        try:
            outcome = await told
        except asyncio.CancelledError:
            cancel()
            raise
        if isinstance(outcome, SubgraphUnreachable):
            # Its own: several may wait for one outcome, and a traceback grows when it is raised.
            raise SubgraphUnreachable(outcome.subgraph, outcome.reason, outcome.code) from outcome
        return outcome

    return ask


def sending(ask: Callable[[SubgraphRequest], Coroutine[Any, Any, SubgraphResponse]]) -> Send:
    """The same exchanges, each in a task of its own.

    What the coroutine raises besides SubgraphUnreachable is logged here; the client hears that it failed.
    """
    running: set[asyncio.Task[SubgraphResponse]] = set()  # the event loop keeps no task alive

    def send(request: SubgraphRequest, answered: Callable[[Outcome], None]) -> Cancel:
        given_up = False

        def give_up() -> None:
            nonlocal given_up
            given_up = True
            task.cancel()

        def ended(task: asyncio.Task[SubgraphResponse]) -> None:
            running.discard(task)
            if not given_up:
                answered(_outcome(request, task))

        task = asyncio.get_running_loop().create_task(ask(request))
        running.add(task)
        task.add_done_callback(ended)
        return give_up

    return send


def _outcome(request: SubgraphRequest, ended: "asyncio.Task[SubgraphResponse]") -> Outcome:
    failure = asyncio.CancelledError() if ended.cancelled() else ended.exception()
    match failure:
        case None:
            return ended.result()
        case SubgraphUnreachable():
            return failure
        case _:
            _log.error("subgraph %s failed in process", request.subgraph, exc_info=failure)
            return SubgraphUnreachable(request.subgraph, "it failed without an answer")
