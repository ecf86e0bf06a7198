import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

import pytest

from plait_gateway.pipeline.cache import Cache, CacheCounts, CacheSize

T = TypeVar("T")


async def got(cache: Cache[str, T], key: str, make: Callable[[], T], *, weight: int) -> T:
    """The value, as the pipeline asks for it."""
    return cache.get(key) or await cache.make(key, make, weight=weight)


async def test_a_value_is_made_once() -> None:
    cache: Cache[str, object] = Cache(10, CacheCounts())
    first = await got(cache, "a", object, weight=1)
    assert await got(cache, "a", object, weight=1) is first


async def test_many_who_ask_at_the_same_time_share_one_making() -> None:
    cache: Cache[str, object] = Cache(10, CacheCounts())
    made = 0

    def make() -> object:
        nonlocal made
        made += 1
        return object()

    values = await asyncio.gather(*(got(cache, "a", make, weight=1) for _ in range(20)))
    assert (made, len(set(values))) == (1, 1)


async def test_what_was_used_longest_ago_goes_when_the_weight_is_too_much() -> None:
    cache: Cache[str, object] = Cache(10, CacheCounts())
    a, b = await got(cache, "a", object, weight=5), await got(cache, "b", object, weight=5)
    assert await got(cache, "a", object, weight=5) is a
    await got(cache, "c", object, weight=4)
    assert await got(cache, "a", object, weight=5) is a
    assert await got(cache, "b", object, weight=5) is not b


async def test_a_value_that_is_too_heavy_is_made_but_not_kept() -> None:
    cache: Cache[str, object] = Cache(10, CacheCounts())
    heavy = await got(cache, "a", object, weight=11)
    assert await got(cache, "a", object, weight=11) is not heavy


async def test_a_failure_is_not_kept() -> None:
    cache: Cache[str, object] = Cache(10, CacheCounts())

    def fail() -> object:
        raise LookupError

    with pytest.raises(LookupError):
        await got(cache, "a", fail, weight=1)
    assert await got(cache, "a", object, weight=1) is not None


async def test_one_who_leaves_does_not_take_the_value_from_the_others() -> None:
    cache: Cache[str, str] = Cache(10, CacheCounts())
    may_finish = threading.Event()

    def make() -> str:
        assert may_finish.wait(5)
        return "value"

    leaving = asyncio.ensure_future(got(cache, "a", make, weight=1))
    staying = asyncio.ensure_future(got(cache, "a", make, weight=1))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait({leaving})
    may_finish.set()
    assert await staying == "value"


async def test_lookups_and_evictions_are_counted() -> None:
    counts = CacheCounts()
    cache: Cache[str, object] = Cache(10, counts)
    for key, weight in (("a", 6), ("a", 6), ("b", 4), ("c", 1)):
        await got(cache, key, object, weight=weight)
    assert counts == CacheCounts(hits=1, misses=3, evictions=1)
    assert cache.size == CacheSize(entries=2, weight=5)
