import asyncio
import threading

import pytest

from plait_gateway.pipeline.cache import Cache


async def test_a_value_is_made_once() -> None:
    cache: Cache[str, object] = Cache(10)
    first = await cache.get_or_make("a", object, weight=1)
    assert await cache.get_or_make("a", object, weight=1) is first


async def test_many_who_ask_at_the_same_time_share_one_making() -> None:
    cache: Cache[str, object] = Cache(10)
    made = 0

    def make() -> object:
        nonlocal made
        made += 1
        return object()

    values = await asyncio.gather(*(cache.get_or_make("a", make, weight=1) for _ in range(20)))
    assert (made, len(set(values))) == (1, 1)


async def test_what_was_used_longest_ago_goes_when_the_weight_is_too_much() -> None:
    cache: Cache[str, object] = Cache(10)
    a, b = await cache.get_or_make("a", object, weight=5), await cache.get_or_make("b", object, weight=5)
    assert await cache.get_or_make("a", object, weight=5) is a
    await cache.get_or_make("c", object, weight=4)
    assert await cache.get_or_make("a", object, weight=5) is a
    assert await cache.get_or_make("b", object, weight=5) is not b


async def test_a_value_that_is_too_heavy_is_made_but_not_kept() -> None:
    cache: Cache[str, object] = Cache(10)
    heavy = await cache.get_or_make("a", object, weight=11)
    assert await cache.get_or_make("a", object, weight=11) is not heavy


async def test_a_failure_is_not_kept() -> None:
    cache: Cache[str, object] = Cache(10)

    def fail() -> object:
        raise LookupError

    with pytest.raises(LookupError):
        await cache.get_or_make("a", fail, weight=1)
    assert await cache.get_or_make("a", object, weight=1) is not None


async def test_one_who_leaves_does_not_take_the_value_from_the_others() -> None:
    cache: Cache[str, str] = Cache(10)
    may_finish = threading.Event()

    def make() -> str:
        assert may_finish.wait(5)
        return "value"

    leaving = asyncio.ensure_future(cache.get_or_make("a", make, weight=1))
    staying = asyncio.ensure_future(cache.get_or_make("a", make, weight=1))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait({leaving})
    may_finish.set()
    assert await staying == "value"
