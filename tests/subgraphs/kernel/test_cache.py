"""One suite for every store of cached values, and what holds for whoever reads through one."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.buses import QueryBus, QueryError
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.policies import anyone, has_role
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.breakers import Breakers
from subgraphs.kernel.cache.answers import AnswerByKeys, WholeAnswer
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.cache.in_process import InProcessStore
from subgraphs.kernel.cache.invalidation import forgetting
from subgraphs.kernel.cache.rules import CacheRule
from subgraphs.kernel.cache.shared import RedisStore
from subgraphs.kernel.cache.store import CacheDownError, CacheStore, Entry, Miss, NoStore
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.subscriptions import Errand
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.redis import RedisConnection
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.redis import TemporaryRedis
from tests.subgraphs.kernel.doomed import run_until_it_dies
from tests.subgraphs.kernel.orchard import NOBODY, ApplePicked, Orchard, orchard, picked

HOUR = timedelta(hours=1)
BRIEFLY = timedelta(milliseconds=500)
RULE = CacheRule("apples", HOUR)
NOTHING_LEFT = Backlog(waiting=0, dead=0, blocked=0)
A, B, A1, A2 = Entry("a"), Entry("b"), Entry("a", "1"), Entry("a", "2")

pytestmark = pytest.mark.usefixtures("quiet")


@asynccontextmanager
async def redis_store(
    url: str, *, failures: int = 3, patience: timedelta = timedelta(seconds=20)
) -> AsyncIterator[RedisStore]:
    """By default one that a busy machine does not take for one that is down."""
    connection = RedisConnection(url, Breakers(failures=failures), patience=patience)
    try:
        yield RedisStore(connection)
    finally:
        await connection.close()


@pytest.fixture(params=["in process", "redis"])
async def store(request: pytest.FixtureRequest, clock: FakeClock) -> AsyncIterator[CacheStore]:
    if request.param == "in process":
        yield InProcessStore(clock=clock)
        return
    server: TemporaryRedis = request.getfixturevalue("redis")
    async with redis_store(server.url) as store:
        yield store


async def test_what_was_put_is_found(store: CacheStore) -> None:
    await store.put(A, await _miss(store, A), b"red", HOUR)
    found_a, found_b = await store.get([A, B], HOUR)
    assert found_a == b"red"
    assert isinstance(found_b, Miss)


async def test_what_was_forgotten_is_not(store: CacheStore) -> None:
    await store.put(A, await _miss(store, A), b"red", HOUR)
    await store.put(B, await _miss(store, B), b"green", HOUR)
    await store.forget(["a", "nobody"])
    await _miss(store, A)
    assert await store.get([B], HOUR) == [b"green"]


async def test_a_group_is_forgotten_as_a_whole(store: CacheStore) -> None:
    for entry in (A1, A2):
        await store.put(entry, await _miss(store, entry), entry.member.encode(), HOUR)
    assert await store.get([A1, A2], HOUR) == [b"1", b"2"]
    await store.forget(["a"])
    await _miss(store, A1)
    await _miss(store, A2)


async def test_what_was_loaded_before_it_was_forgotten_is_put_in_vain(store: CacheStore) -> None:
    generation = await _miss(store, A)
    await store.forget(["a"])
    await store.put(A, generation, b"old", HOUR)
    fresh = await _miss(store, A)
    assert fresh != generation
    await store.put(A, generation, b"old", HOUR)
    await _miss(store, A)
    await store.put(A, fresh, b"new", HOUR)
    await store.put(A, generation, b"old", HOUR)
    assert await store.get([A], HOUR) == [b"new"]


async def test_all_who_miss_at_once_may_put(store: CacheStore) -> None:
    generations = [await _miss(store, A) for _ in range(3)]
    for number, generation in enumerate(generations):
        await store.put(A, generation, str(number).encode(), HOUR)
    assert await store.get([A], HOUR) == [b"2"]


async def test_nothing_is_kept_beyond_its_time_in_this_process(clock: FakeClock) -> None:
    store = InProcessStore(clock=clock)
    await store.put(A, await _miss(store, A), b"red", HOUR)
    clock.advance(HOUR - timedelta(seconds=1))
    assert await store.get([A], HOUR) == [b"red"]
    clock.advance(timedelta(seconds=1))
    await _miss(store, A)


async def test_nothing_is_kept_beyond_its_time_in_redis(redis: TemporaryRedis) -> None:
    moment = timedelta(milliseconds=30)
    async with redis_store(redis.url) as store, asyncio.timeout(60):
        await store.put(A, await _miss(store, A), b"red", moment)
        while (await store.get([A], moment)) == [b"red"]:
            pass
        await _miss(store, A)


async def test_the_memory_of_this_process_is_bounded(clock: FakeClock) -> None:
    """What was used least recently goes, and what is forgotten makes room."""
    store = InProcessStore(clock=clock, largest=100_000)
    for number in range(1_000):
        entry = Entry(str(number))
        await store.put(entry, await _miss(store, entry), b"x" * 1_000, HOUR)
        await store.get([Entry("0")], HOUR)
    assert isinstance(await _get(store, "0"), bytes)
    kept = 0
    while isinstance(await _get(store, str(999 - kept)), bytes):
        kept += 1
    assert 40 < kept < 100


async def test_a_value_that_is_larger_than_all_the_memory_is_not_kept(clock: FakeClock) -> None:
    store = InProcessStore(clock=clock, largest=1_000)
    await store.put(A, await _miss(store, A), b"x" * 1_000, HOUR)
    await _miss(store, A)


async def test_redis_that_forgets_everything_gives_out_nothing_old(redis: TemporaryRedis) -> None:
    async with redis_store(redis.url) as store:
        generation = await _miss(store, A)
        redis.flush()
        await store.put(A, generation, b"old", HOUR)
        await _miss(store, A)
        redis.kill()
        redis.start()
        await _miss(store, A)


async def test_redis_that_is_down_is_said_to_be_down(redis: TemporaryRedis) -> None:
    async with redis_store(redis.url) as store:
        redis.kill()
        for _ in range(5):
            with pytest.raises(CacheDownError):
                await store.get([A], HOUR)
            with pytest.raises(CacheDownError):
                await store.put(A, "generation", b"", HOUR)
            with pytest.raises(CacheDownError):
                await store.forget(["a"])


class Tree:
    """Where values come from; a load can be held up."""

    def __init__(self) -> None:
        self.apples = {"a": 1, "b": 2}
        self.loads: list[tuple[str, ...]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_looking = asyncio.Event()

    async def look(self, keys: Sequence[str]) -> Mapping[str, int]:
        self.loads.append(tuple(keys))
        seen = {key: self.apples[key] for key in keys if key in self.apples}
        self.is_looking.set()
        await self.gate.wait()
        return seen


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture
def cached(store: CacheStore) -> Cached[int]:
    return Cached(RULE, int, store)


async def test_a_value_is_loaded_once(cached: Cached[int], tree: Tree) -> None:
    for _ in range(3):
        assert await cached.get_many(["a", "b", "a"], tree.look) == {"a": 1, "b": 2}
    assert tree.loads == [("a", "b")]


async def test_what_another_version_of_the_program_has_put_is_loaded(store: CacheStore, tree: Tree) -> None:
    async def as_text(_: Sequence[str]) -> Mapping[str, str]:
        return {"a": "one"}

    assert await Cached[str](RULE, str, store).get_many(["a"], as_text) == {"a": "one"}
    assert await Cached[int](RULE, int, store).get_many(["a", "b"], tree.look) == {"a": 1, "b": 2}


async def test_what_is_no_json_is_loaded(store: CacheStore, tree: Tree) -> None:
    entry = Entry(RULE.group("a"))
    (found,) = await store.get([entry], HOUR)
    assert isinstance(found, Miss)
    assert found.generation is not None
    await store.put(entry, found.generation, b"{", HOUR)
    assert await Cached[int](RULE, int, store).get_many(["a"], tree.look) == {"a": 1}


async def test_only_what_is_missing_is_loaded(cached: Cached[int], tree: Tree) -> None:
    await cached.get_many(["a"], tree.look)
    assert await cached.get_many(["a", "b", "c"], tree.look) == {"a": 1, "b": 2}
    tree.apples["c"] = 3  # what is not there is not remembered as such
    assert await cached.get_many(["c"], tree.look) == {"c": 3}
    assert tree.loads == [("a",), ("b", "c"), ("c",)]


async def test_all_who_miss_the_same_at_once_share_one_load(clock: FakeClock, tree: Tree) -> None:
    cached = Cached[int](RULE, int, InProcessStore(clock=clock))
    tree.gate.clear()
    readers = [asyncio.create_task(cached.get_many(["a"], tree.look)) for _ in range(50)]
    readers.append(asyncio.create_task(cached.get_many(["a", "b"], tree.look)))
    await tree.is_looking.wait()
    tree.gate.set()
    assert await asyncio.gather(*readers) == [{"a": 1}] * 50 + [{"a": 1, "b": 2}]
    assert sorted(key for load in tree.loads for key in load) == ["a", "b"]


async def test_who_comes_after_a_change_does_not_share_a_load_from_before(
    cached: Cached[int], tree: Tree
) -> None:
    tree.gate.clear()
    early = asyncio.create_task(cached.get_many(["a"], tree.look))
    await tree.is_looking.wait()
    tree.apples["a"] = 10
    await cached.forget(["a"])
    late = asyncio.create_task(cached.get_many(["a"], tree.look))
    tree.gate.set()
    assert await late == {"a": 10}
    await early
    assert await cached.get_many(["a"], tree.look) == {"a": 10}


async def test_who_goes_away_takes_no_load_along(tree: Tree) -> None:
    cached = Cached[int](RULE, int, NoStore())
    tree.gate.clear()
    first = asyncio.create_task(cached.get_many(["a"], tree.look))
    await tree.is_looking.wait()
    second = asyncio.create_task(cached.get_many(["a"], tree.look))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait({first})
    tree.gate.set()
    assert await second == {"a": 1}
    assert tree.loads == [("a",)]


async def test_a_load_that_fails_fails_for_all_who_wait_and_is_not_kept(cached: Cached[int]) -> None:
    async def fail() -> int:
        raise ValueError("the tree is too high")

    for _ in range(2):
        results = await asyncio.gather(*(cached.get("a", fail) for _ in range(3)), return_exceptions=True)
        assert {str(result) for result in results} == {"the tree is too high"}


async def test_the_store_of_nobody_keeps_nothing(tree: Tree) -> None:
    cached = Cached[int](RULE, int, NoStore())
    for _ in range(2):
        assert await cached.get_many(["a"], tree.look) == {"a": 1}
    await cached.forget(["a"])
    assert tree.loads == [("a",), ("a",)]


@pytest.mark.parametrize("misfortune", [TemporaryRedis.kill, TemporaryRedis.pause])
async def test_without_redis_values_are_loaded_and_nobody_sees_an_error(
    redis: TemporaryRedis, tree: Tree, misfortune: Callable[[TemporaryRedis], None]
) -> None:
    async with redis_store(redis.url, failures=1, patience=BRIEFLY) as store:
        cached = Cached[int](RULE, int, store)
        await cached.get_many(["a"], tree.look)
        misfortune(redis)
        tree.apples["a"] = 10
        for _ in range(20):  # of which one waits for Redis
            assert await cached.get_many(["a"], tree.look) == {"a": 10}


@pytest.mark.parametrize("misfortune", ["pause", "kill"])
async def test_what_was_to_be_forgotten_without_redis_is_forgotten_when_it_is_back(
    planted: str, clock: FakeClock, redis: TemporaryRedis, misfortune: str
) -> None:
    async with redis_store(redis.url, patience=BRIEFLY) as store:
        cached = Cached[int](RULE, int, store)
        async with orchard(planted, clock, _forgetting(cached)) as garden:
            bus = _queries(garden.transactions.database, cached)
            assert await bus.ask(CountApples("tree"), NOBODY) == 0
            getattr(redis, misfortune)()
            await garden.pick("one")
            worker = Worker(garden.transactions)
            assert (await worker.drain()).waiting == 1
            assert await bus.ask(CountApples("tree"), NOBODY) == 1
            redis.resume() if misfortune == "pause" else redis.start()
            async with asyncio.timeout(120):
                while (await worker.drain()).waiting:
                    clock.advance(timedelta(minutes=1))
            assert await bus.ask(CountApples("tree"), NOBODY) == 1


async def test_who_has_made_a_change_sees_it(planted: str, clock: FakeClock, store: CacheStore) -> None:
    """At once, before any worker has had a look."""
    cached = Cached[int](RULE, int, store)
    async with orchard(planted, clock, _forgetting(cached)) as garden:
        bus = _queries(garden.transactions.database, cached)
        for number in range(3):
            assert await bus.ask(CountApples("tree"), NOBODY) == number
            await garden.pick(str(number))
        assert await Worker(garden.transactions).drain() == NOTHING_LEFT
        assert await bus.ask(CountApples("tree"), NOBODY) == 3


async def test_a_cache_that_is_written_through_has_the_new_value_before_anybody_asks(
    planted: str, clock: FakeClock, store: CacheStore, tree: Tree
) -> None:
    cached = Cached[int](RULE, int, store)

    async def refill(keys: Sequence[str]) -> None:
        tree.apples = dict.fromkeys(keys, 7)
        await cached.get_many(keys, tree.look)

    errand = forgetting("cellar.cache", ApplePicked, cached, keys=lambda _: ["tree"], refill=refill)
    async with orchard(planted, clock, errand) as garden:
        await garden.pick("one")
        loads = len(tree.loads)
        assert await cached.get_many(["tree"], tree.look) == {"tree": 7}
        assert len(tree.loads) == loads


STEPS = ("transaction.published", "transaction.committed", "cache.forgotten", "errand.done", "worker.fenced")


@pytest.mark.parametrize("step", STEPS)
def test_a_process_may_die_at_any_step_and_nothing_untrue_is_left(
    planted: str, redis: TemporaryRedis, step: str
) -> None:
    life = partial(_live, redis=redis.url)
    assert run_until_it_dies(planted, step, life=life) == -signal.SIGKILL
    life(planted, hours=1)


def _live(url: str, *, hours: int, handled: Callable[[str], None] | None = None, redis: str) -> None:
    async def live() -> None:
        clock = FakeClock()
        clock.advance(timedelta(hours=hours))
        async with redis_store(redis) as store:
            cached = Cached[int](RULE, int, store)
            async with orchard(url, clock, _forgetting(cached)) as garden:
                bus = _queries(garden.transactions.database, cached)
                if not hours:
                    assert await bus.ask(CountApples("tree"), NOBODY) == 0
                await garden.pick("one", key="one")
                await Worker(garden.transactions).drain()
                assert await bus.ask(CountApples("tree"), NOBODY) == 1

    with structlog.testing.capture_logs():
        asyncio.run(live())


@dataclass(frozen=True, slots=True)
class CountApples(Query[int]):
    tree: str


@dataclass(frozen=True, slots=True)
class ArePicked(Query[tuple[bool, ...]]):
    names: tuple[str, ...]


async def test_a_batched_query_is_asked_about_what_is_not_kept(garden: Orchard, store: CacheStore) -> None:
    asked: list[tuple[str, ...]] = []

    async def are_picked(
        query: ArePicked, connection: AsyncConnection, _: RequestContext
    ) -> tuple[bool, ...]:
        asked.append(query.names)
        return tuple(name != "worm" for name in query.names)

    bus = QueryBus(garden.transactions.database)
    cached: AnswerByKeys[ArePicked, tuple[bool, ...], bool] = AnswerByKeys(
        Cached(CacheRule("picked", HOUR), bool, store),
        keys=lambda query: query.names,
        only=lambda _, keys: ArePicked(tuple(keys)),
        split=lambda query, answer: dict(zip(query.names, answer, strict=True)),
        join=lambda query, found: tuple(found[name] for name in query.names),
    )
    bus.register(ArePicked, are_picked, allow=anyone, cached=cached)
    assert await bus.ask(ArePicked(("a", "worm")), NOBODY) == (True, False)
    assert await bus.ask(ArePicked(("worm", "b", "a")), NOBODY) == (False, True, True)
    assert asked == [("a", "worm"), ("b",)]


async def test_what_is_kept_is_not_shown_to_who_may_not_ask(garden: Orchard, store: CacheStore) -> None:
    bus = QueryBus(garden.transactions.database)
    cached = Cached[int](RULE, int, store)
    await cached.get("tree", _nothing)
    whole: WholeAnswer[CountApples, int] = WholeAnswer(cached, key=lambda query: query.tree)
    bus.register(CountApples, _count, allow=has_role("gardener"), cached=whole)
    with pytest.raises(QueryError):
        await bus.ask(CountApples("tree"), NOBODY)


async def _nothing() -> int:
    return 0


def _forgetting(cached: Cached[int]) -> Errand[ApplePicked]:
    return forgetting("cellar.cache", ApplePicked, cached, keys=lambda _: ["tree"])


def _queries(database: Database, cached: Cached[int]) -> QueryBus:
    bus = QueryBus(database)
    whole: WholeAnswer[CountApples, int] = WholeAnswer(cached, key=lambda query: query.tree)
    bus.register(CountApples, _count, allow=anyone, cached=whole)
    return bus


async def _count(query: CountApples, connection: AsyncConnection, _: RequestContext) -> int:
    found = await connection.scalar(select(func.count()).select_from(picked))
    return found or 0


async def _miss(store: CacheStore, entry: Entry) -> str:
    (found,) = await store.get([entry], HOUR)
    assert isinstance(found, Miss), found
    assert found.generation is not None
    return found.generation


async def _get(store: CacheStore, group: str) -> bytes | Miss:
    (found,) = await store.get([Entry(group)], HOUR)
    return found
