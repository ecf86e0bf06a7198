"""A connection to Redis that never makes anybody wait for long.

What is in Redis can be lost at any time and is missed by nobody: who cannot reach it does without.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as LostConnectionError
from redis.exceptions import RedisError

from subgraphs.kernel.breakers import Breakers, CircuitOpenError

T = TypeVar("T")

_CONNECTIONS: Final = 20
_PATIENCE: Final = timedelta(milliseconds=500)
_CROWDED_SECONDS: Final = 2.0  # for a connection that others of this process have
_REST: Final = timedelta(seconds=2)

REDIS: Final = "redis"
"""The name of its circuit breaker."""


class RedisDownError(Exception):
    """Redis does not answer, or is left alone because it did not."""


class RedisConnection:
    """One pool of connections for all of a process, behind one circuit breaker. `close()` it in the end.

    `patience` is how long it may take to answer.
    """

    def __init__(self, url: str, breakers: Breakers, *, patience: timedelta = _PATIENCE) -> None:
        self.pool: BlockingConnectionPool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_CROWDED_SECONDS,
            socket_timeout=patience.total_seconds(),
            socket_connect_timeout=patience.total_seconds(),
            # A connection that Redis closed when it was restarted costs nobody an error.
            retry=Retry(NoBackoff(), 1, supported_errors=(LostConnectionError,)),
        )
        self.client: Redis = Redis(connection_pool=self.pool)
        self._breakers = breakers

    async def use(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something with Redis. RedisDownError instead of whatever it raises."""
        try:
            async with self._breakers.guarding(REDIS, against=(RedisError, OSError), rest=_REST):
                return await work()
        except (RedisError, OSError, CircuitOpenError) as error:
            raise RedisDownError(str(error)) from error

    async def close(self) -> None:
        await self.client.aclose()
        await self.pool.disconnect()
