"""Counted in Redis, in one step for each question, however many ask at once."""

from datetime import timedelta
from time import time
from typing import Any, Final

from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from subgraphs.kernel.limits.counter import CounterDownError
from subgraphs.kernel.limits.rules import Limit
from subgraphs.kernel.redis import RedisConnection, RedisDownError

_PREFIX: Final = "plait:limit"


class RedisCounter:
    """One count for all processes."""

    def __init__(self, connection: RedisConnection) -> None:
        self._connection = connection
        # Connections come from the pool; the address is read for its scheme only.
        options: dict[str, Any] = {"connection_pool": connection.pool}
        storage = RedisStorage("async+redis://", implementation="redispy", key_prefix=_PREFIX, **options)
        self._limiter = MovingWindowRateLimiter(storage)

    async def hit(self, limit: Limit, key: str) -> timedelta | None:
        item = RateLimitItemPerSecond(limit.amount, int(limit.per.total_seconds()), namespace=limit.name)

        async def ask() -> timedelta | None:
            if await self._limiter.hit(item, key):
                return None
            window = await self._limiter.get_window_stats(item, key)
            return max(timedelta(0), timedelta(seconds=window.reset_time - time()))

        try:
            return await self._connection.use(ask)
        except RedisDownError as error:
            raise CounterDownError(str(error)) from error
