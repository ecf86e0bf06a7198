"""Stop working for clients that have gone."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from plait_gateway.asgi import Receive
from plait_gateway.server.exchange import ClientLeft

_PERIOD_SECONDS = 0.05

T = TypeVar("T")


class Departures:
    """Looks after requests that have been worked on for a while: have their clients gone?

    Under ASGI that takes a task, and with it more time than many a request needs. So nobody looks for the
    first moments, and one timer finds those that are still there.
    """

    def __init__(self) -> None:
        self._young: set[_Waiting] = set()
        self._old: set[_Waiting] = set()  # since before the timer rang last
        self._timer: asyncio.TimerHandle | None = None

    async def unless_client_leaves(self, work: Awaitable[T], receive: Receive) -> T:
        """What the work gives; when the client closes its connection first, the work is cancelled.

        Raises ClientLeft then.
        """
        task = asyncio.current_task()
        assert task is not None
        waiting = _Waiting(task, receive)
        self._young.add(waiting)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_PERIOD_SECONDS, self._look)
        try:
            return await work
        except asyncio.CancelledError:
            if not waiting.has_left:
                raise
            task.uncancel()
            raise ClientLeft from None
        finally:
            self._young.discard(waiting)
            self._old.discard(waiting)
            if waiting.watch is not None:
                waiting.watch.cancel()

    def _look(self) -> None:
        for waiting in self._old:
            waiting.watch = asyncio.get_running_loop().create_task(waiting.until_it_leaves())
        self._old, self._young = self._young, set()
        self._timer = None
        if self._old:
            self._timer = asyncio.get_running_loop().call_later(_PERIOD_SECONDS, self._look)


class _Waiting:
    """A client that waits for what a task does."""

    __slots__ = ("_receive", "_task", "has_left", "watch")

    def __init__(self, task: "asyncio.Task[object]", receive: Receive) -> None:
        self._task = task
        self._receive = receive
        self.has_left = False
        self.watch: asyncio.Task[None] | None = None

    async def until_it_leaves(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.has_left = True
        self._task.cancel()
