"""Answer equal queries of several clients once."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any

from plait_gateway.metrics import Metric, Sample
from plait_gateway.server.exchange import HttpResponse


class SharedAnswers:
    """Equal queries in flight together get one answer.

    The key must hold everything that can make a difference to the answer: less than that would hand one
    user's answer to another. Work ends when the last one who waits for it leaves.
    """

    def __init__(self) -> None:
        self._in_flight: dict[Hashable, _Work] = {}
        self._shared = 0

    async def once(
        self, key: Hashable, answer: Callable[[], Coroutine[Any, Any, HttpResponse]]
    ) -> HttpResponse:
        """What `answer` gives, or what it gave to an equal query that is still in flight."""
        work = self._in_flight.get(key)
        if work is None:
            work = self._in_flight[key] = _Work(asyncio.create_task(answer()))
            work.task.add_done_callback(lambda _: self._close(key, work))
        else:
            self._shared += 1
        work.waiting += 1
        try:
            return await asyncio.shield(work.task)
        finally:
            work.waiting -= 1
            if not work.waiting:
                self._close(key, work)
                work.task.cancel()

    def metric(self) -> Metric:
        """How many joined another one's answer."""
        return Metric(
            "plait_requests_shared_total",
            "counter",
            "Queries of clients that got the answer of an equal one in flight.",
            (Sample(self._shared, {}),),
        )

    def close(self) -> None:
        """What is in flight may be out of date from now on: nobody joins it any more."""
        self._in_flight.clear()

    def _close(self, key: Hashable, work: "_Work") -> None:
        if self._in_flight.get(key) is work:
            del self._in_flight[key]


class _Work:
    """What one answer takes, and how many wait for it."""

    __slots__ = ("task", "waiting")

    def __init__(self, task: "asyncio.Task[HttpResponse]") -> None:
        self.task = task
        self.waiting = 0
