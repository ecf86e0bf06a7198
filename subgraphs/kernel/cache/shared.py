"""Cached values in Redis: every process sees what any of them has put or forgotten.

Redis should keep nothing on disk for it: one that comes back with what it held some time ago gives that out
until its time is over.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from secrets import token_hex
from typing import Final, TypeVar

from subgraphs.kernel.cache.store import CacheDownError, Entry, Miss
from subgraphs.kernel.redis import RedisConnection, RedisDownError

T = TypeVar("T")

_PREFIX: Final = "plait:cache:"

_GET: Final = """
local found = {}
for place, group in ipairs(KEYS) do
  local generation = redis.call('GET', group)
  if not generation then
    generation = ARGV[1]
    redis.call('SET', group, generation, 'PX', ARGV[2])
  end
  local value = redis.call('GET', group .. ':' .. generation .. ':' .. ARGV[2 + place])
  found[place] = {generation, value}
end
return found
"""


class RedisStore:
    """A group's generation is a key of its own; it outlives the values that are found through it."""

    def __init__(self, connection: RedisConnection) -> None:
        self._connection = connection
        self._get = connection.client.register_script(_GET)

    async def get(self, entries: Sequence[Entry], ttl: timedelta) -> list[bytes | Miss]:
        groups = [_PREFIX + entry.group for entry in entries]
        members = [entry.member for entry in entries]
        # New for every call: a generation that Redis has lost is never made again.
        arguments: list[str | int] = [token_hex(8), _milliseconds(2 * ttl), *members]
        found = await self._use(lambda: self._get(keys=groups, args=arguments))
        return [Miss(generation.decode()) if value is None else value for generation, value in found]

    async def put(self, entry: Entry, generation: str, value: bytes, ttl: timedelta) -> None:
        group = _PREFIX + entry.group
        pipeline = self._connection.client.pipeline(transaction=False)
        pipeline.set(f"{group}:{generation}:{entry.member}", value, px=_milliseconds(ttl))
        pipeline.pexpire(group, _milliseconds(2 * ttl))
        await self._use(pipeline.execute)

    async def forget(self, groups: Sequence[str]) -> None:
        if keys := [_PREFIX + group for group in groups]:
            await self._use(lambda: self._connection.client.delete(*keys))

    async def close(self) -> None:
        """The connection is somebody else's."""

    async def _use(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._connection.use(work)
        except RedisDownError as error:
            raise CacheDownError(str(error)) from error


def _milliseconds(time: timedelta) -> int:
    return max(1, round(time.total_seconds() * 1000))
