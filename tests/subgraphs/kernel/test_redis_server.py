"""The Redis server that tests are given dies, hangs and forgets as they say."""

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError  # noqa: A004 -- Redis's own

from subgraphs.kernel.testing.redis import TemporaryRedis, redis_program, temporary_redis


async def test_it_forgets_what_it_held_when_it_is_killed(redis: TemporaryRedis) -> None:
    async with Redis.from_url(redis.url) as client:
        await client.set("key", "value")
        redis.kill()
        with pytest.raises(ConnectionError):
            await client.get("key")
        redis.start()
        assert await client.get("key") is None


async def test_one_that_is_paused_lets_connections_hang(redis: TemporaryRedis) -> None:
    async with (
        Redis.from_url(redis.url) as client,
        Redis.from_url(redis.url, socket_timeout=0.05, retry=None) as impatient,
    ):
        await client.set("key", "value")
        redis.pause()
        with pytest.raises(ConnectionError, match="Timeout"):
            await impatient.get("key")
        redis.resume()
        assert await client.get("key") == b"value"
        redis.flush()
        assert await client.get("key") is None


async def test_a_durable_one_keeps_what_it_held() -> None:
    program = redis_program()
    if program is None:
        pytest.skip("there is no redis-server")
    with temporary_redis(program, durable=True) as server:
        async with Redis.from_url(server.url) as client:
            await client.set("key", "value")
        server.stop()
        server.start()
        async with Redis.from_url(server.url) as client:
            assert await client.get("key") == b"value"
