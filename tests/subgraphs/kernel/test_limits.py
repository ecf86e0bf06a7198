"""So many in any window and no more, whoever counts; and what holds while nobody can."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.kernel.application.buses import CommandBus, QueryBus, QueryError
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.kernel.breakers import Breakers
from subgraphs.kernel.domain import DomainError, Failure, Success
from subgraphs.kernel.graphql.addresses import client_address
from subgraphs.kernel.graphql.context import GraphQLContext
from subgraphs.kernel.limits.counter import Counter, CounterDownError
from subgraphs.kernel.limits.in_process import InProcessCounter
from subgraphs.kernel.limits.limits import EVERY_REQUEST, Limited, Limits
from subgraphs.kernel.limits.rules import Limit, WithoutCount
from subgraphs.kernel.limits.shared import RedisCounter
from subgraphs.kernel.redis import RedisConnection
from subgraphs.kernel.settings import Settings, SettingsError
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.redis import TemporaryRedis
from tests.subgraphs.kernel.orchard import NOBODY, Orchard, PickApple, pick_apple

LIMIT = Limit("apples", 100, timedelta(minutes=1))
MINUTE = timedelta(minutes=1)


@asynccontextmanager
async def redis_counter(
    url: str, *, failures: int = 5, patience: timedelta = timedelta(seconds=20)
) -> AsyncIterator[RedisCounter]:
    """By default one that a busy machine does not take for one that is down."""
    connection = RedisConnection(url, Breakers(failures=failures), patience=patience)
    try:
        yield RedisCounter(connection)
    finally:
        await connection.close()


@pytest.fixture(params=["in process", "redis"])
async def counter(request: pytest.FixtureRequest, clock: FakeClock) -> AsyncIterator[Counter]:
    if request.param == "in process":
        yield InProcessCounter(clock=clock)
        return
    server: TemporaryRedis = request.getfixturevalue("redis")
    async with redis_counter(server.url) as counter:
        yield counter


async def test_however_many_ask_at_once_no_more_than_allowed_may(counter: Counter) -> None:
    answers = await asyncio.gather(*(counter.hit(LIMIT, "key") for _ in range(150)))
    assert answers.count(None) == 100
    waits = [answer for answer in answers if answer is not None]
    assert all(timedelta(seconds=0) < wait <= MINUTE for wait in waits)


async def test_keys_and_limits_are_counted_apart(counter: Counter) -> None:
    one = replace(LIMIT, amount=1)
    assert await counter.hit(one, "a") is None
    assert await counter.hit(one, "b") is None
    assert await counter.hit(replace(one, name="pears"), "a") is None
    assert await counter.hit(one, "a") is not None


async def test_two_processes_share_a_count_in_redis(redis: TemporaryRedis) -> None:
    async with redis_counter(redis.url) as one, redis_counter(redis.url) as other:
        hits = (process.hit(LIMIT, "key") for process in (one, other) for _ in range(75))
        assert (await asyncio.gather(*hits)).count(None) == 100


async def test_a_window_in_redis_comes_to_an_end(redis: TemporaryRedis) -> None:
    brief = Limit("brief", 1, timedelta(seconds=1))
    async with redis_counter(redis.url) as counter, asyncio.timeout(120):
        assert await counter.hit(brief, "key") is None
        while await counter.hit(brief, "key") is not None:
            pass  # what is refused does not prolong it


@given(steps=st.lists(st.integers(0, 40), max_size=40), amount=st.integers(1, 4))
def test_a_moving_window_never_holds_more_than_its_amount(steps: list[int], amount: int) -> None:
    """Whoever waits as long as was said is allowed; nobody is refused who need not be."""
    clock, limit = FakeClock(), Limit("apples", amount, MINUTE)
    counter = InProcessCounter(clock=clock)
    allowed: list[datetime] = []
    for seconds in steps:
        clock.advance(timedelta(seconds=seconds))
        wait = asyncio.run(counter.hit(limit, "key"))
        recent = [instant for instant in allowed if instant > clock.now() - MINUTE]
        assert (wait is None) == (len(recent) < amount)
        if wait is None:
            allowed.append(clock.now())
        else:
            assert min(recent) + MINUTE == clock.now() + wait


async def test_the_memory_of_this_process_is_bounded(clock: FakeClock) -> None:
    counter = InProcessCounter(clock=clock, most_hits=50)
    one = replace(LIMIT, amount=1)
    for number in range(1_000):
        assert await counter.hit(one, str(number)) is None
    assert await counter.hit(one, "999") is not None
    assert await counter.hit(one, "0") is None


@pytest.mark.parametrize("misfortune", [TemporaryRedis.kill, TemporaryRedis.pause])
async def test_redis_that_is_down_cannot_count(redis: TemporaryRedis, misfortune: object) -> None:
    async with redis_counter(redis.url, failures=1, patience=timedelta(milliseconds=500)) as counter:
        assert await counter.hit(LIMIT, "key") is None
        misfortune(redis)  # type: ignore[operator]
        for _ in range(10):  # of which one waits for Redis
            with pytest.raises(CounterDownError):
                await counter.hit(LIMIT, "key")


class Broken:
    async def hit(self, limit: Limit, key: str) -> timedelta | None:
        raise CounterDownError("nobody can count")


@pytest.mark.parametrize(
    ("without_count", "allowed"), [(WithoutCount.ALLOW, 5), (WithoutCount.COUNT_HERE, 2)]
)
async def test_without_a_count_a_limit_is_not_in_force_or_each_process_counts(
    clock: FakeClock, without_count: WithoutCount, allowed: int
) -> None:
    limits = Limits(Broken(), InProcessCounter(clock=clock))
    limited = Limited(Limit("apples", 2, MINUTE, without_count), by=lambda *_: "key")
    refusals = [await limits.refusal([limited], object(), NOBODY) for _ in range(5)]
    assert refusals.count(None) == allowed


@pytest.mark.parametrize("key", ["", "x" * 1_000_000, "\ud800", "a b\n\0"])
async def test_whatever_is_typed_is_a_key(counter: Counter, clock: FakeClock, key: str) -> None:
    limits = Limits(counter, InProcessCounter(clock=clock), {"apples": 1})
    limited = Limited(LIMIT, by=lambda *_: key)
    assert await limits.refusal([limited], object(), NOBODY) is None
    assert await limits.refusal([limited], object(), NOBODY) is not None


async def test_an_installation_says_how_many(clock: FakeClock) -> None:
    here = InProcessCounter(clock=clock)
    limits = Limits(here, here, {"apples": 3})
    limited = Limited(LIMIT, by=lambda *_: "key")
    refusals = [await limits.refusal([limited], object(), NOBODY) for _ in range(5)]
    assert refusals.count(None) == 3
    clock.advance(timedelta(seconds=17.5))
    assert await limits.refusal([limited], object(), NOBODY) == DomainError(
        "RATE_LIMITED", "Too many requests: try again in 43 seconds", retry_after=43
    )


async def test_a_user_s_commands_are_limited_and_the_system_s_are_not(
    garden: Orchard, clock: FakeClock
) -> None:
    here = InProcessCounter(clock=clock)
    bus = CommandBus("orchard", garden.transactions, limits=Limits(here, here, {"requests": 2}))
    bus.register(PickApple, pick_apple, allow=anyone)
    user = RequestContext(Actor("anna", "student"), "correlation")
    results = [await bus.execute(PickApple(f"a{number}"), user) for number in range(3)]
    assert [type(result) for result in results] == [Success, Success, Failure]
    for request in (NOBODY, RequestContext(SYSTEM, "correlation")):
        for number in range(3):
            assert await bus.execute(PickApple(f"{request.actor_id}{number}"), request) == Success(
                f"{request.actor_id}{number}"
            )
    clock.advance(MINUTE)
    assert await bus.execute(PickApple("later"), user) == Success("later")


@dataclass(frozen=True, slots=True)
class Count(Query[int]):
    pass


async def test_a_query_is_limited_where_it_says_so(garden: Orchard, clock: FakeClock) -> None:
    async def count(_: Count, connection: object, request: RequestContext) -> int:
        return 1

    here = InProcessCounter(clock=clock)
    bus = QueryBus(garden.transactions.database, limits=Limits(here, here, {"requests": 1}))
    bus.register(Count, count, allow=anyone, limits=(EVERY_REQUEST,))
    user = RequestContext(Actor("anna", "student"), "correlation")
    assert await bus.ask(Count(), user) == 1
    with pytest.raises(QueryError) as refused:
        await bus.ask(Count(), user)
    assert (refused.value.error.code, refused.value.error.retry_after) == ("RATE_LIMITED", 60)


@dataclass(frozen=True, slots=True)
class CountAgain(Query[int]):
    pass


@dataclass
class Asking:
    """Whoever asks a subgraph, a request at a time."""

    queries: QueryBus
    commands: CommandBus

    async def request(self, who: RequestContext, *asked: Query[int]) -> list[str]:
        """What came of each: `1`, or a code."""
        context = GraphQLContext(who, commands=self.commands, queries=self.queries)
        answers = []
        for query in asked:
            try:
                answers.append(str(await context.ask(query)))
            except QueryError as refusal:
                answers.append(refusal.error.code)
        return answers


def asking(garden: Orchard, clock: FakeClock, amounts: dict[str, int | None]) -> Asking:
    async def count(_: Query[int], connection: object, request: RequestContext) -> int:
        return 1

    here = InProcessCounter(clock=clock)
    limits = Limits(here, here, amounts)
    queries = QueryBus(garden.transactions.database, limits=limits)
    commands = CommandBus("orchard", garden.transactions, limits=limits)
    commands.register(PickApple, pick_apple, allow=anyone)
    for query in (Count, CountAgain):
        queries.register(query, count, allow=anyone)
    return Asking(queries, commands)


ANNA, BERT = (RequestContext(Actor(name, "student"), "correlation") for name in ("anna", "bert"))


async def test_a_user_s_requests_are_limited_however_much_each_of_them_asks(
    garden: Orchard, clock: FakeClock
) -> None:
    who = asking(garden, clock, {"queries": 2})
    assert await who.request(ANNA, Count(), Count(), CountAgain()) == ["1", "1", "1"]
    assert await who.request(ANNA, Count()) == ["1"]
    assert await who.request(ANNA, Count()) == ["RATE_LIMITED"]
    assert await who.request(BERT, Count()) == ["1"]
    for _ in range(3):
        assert await who.request(RequestContext(SYSTEM, "correlation"), Count()) == ["1"]
        assert await who.request(NOBODY, Count()) == ["1"]
    clock.advance(MINUTE)
    assert await who.request(ANNA, Count()) == ["1"]


async def test_what_is_asked_is_limited_by_user_and_endpoint_where_an_installation_says_so(
    garden: Orchard, clock: FakeClock
) -> None:
    who = asking(garden, clock, {"endpoints": 2})
    for _ in range(2):
        assert await who.request(ANNA, Count(), Count()) == ["1", "1"]
    assert await who.request(ANNA, CountAgain(), Count()) == ["1", "RATE_LIMITED"]
    assert await who.request(BERT, Count()) == ["1"]
    for name in ("a", "b"):
        assert await who.commands.execute(PickApple(name), ANNA) == Success(name)
    refused = await who.commands.execute(PickApple("c"), ANNA)
    assert isinstance(refused, Failure)
    assert (refused.error.code, refused.error.retry_after) == ("RATE_LIMITED", 3600)
    unlimited = asking(garden, clock, {})
    for _ in range(3):
        assert await unlimited.request(ANNA, Count()) == ["1"]


async def test_who_is_nobody_is_limited_by_their_address(garden: Orchard, clock: FakeClock) -> None:
    who = asking(garden, clock, {"addresses": 2})
    here, there = (replace(NOBODY, address=address) for address in ("192.0.2.1", "192.0.2.2"))
    assert await who.request(here, Count()) == ["1"]
    assert await who.commands.execute(PickApple("a"), here) == Success("a")
    assert await who.request(here, Count()) == ["RATE_LIMITED"]
    assert isinstance(await who.commands.execute(PickApple("b"), here), Failure)
    assert await who.request(there, Count()) == ["1"]
    assert await who.request(replace(ANNA, address=here.address), Count()) == ["1"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "address"),
    [
        (0, ["198.51.100.1"], "192.0.2.1", "192.0.2.1"),  # anybody can write that
        (0, [], None, None),
        (1, ["198.51.100.1, 192.0.2.7"], "192.0.2.1", "192.0.2.7"),
        (2, ["203.0.113.9, 198.51.100.1", "192.0.2.7"], "192.0.2.1", "198.51.100.1"),
        (2, ["192.0.2.7"], "192.0.2.1", None),
        (1, ["unknown"], "192.0.2.1", None),
        (1, ["2001:DB8::1"], "192.0.2.1", "2001:db8::1"),
    ],
)
def test_an_address_is_what_trusted_proxies_say(
    proxies: int, forwarded: list[str], peer: str | None, address: str | None
) -> None:
    scope = {
        "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded],
        "client": (peer, 4711) if peer else None,
    }
    assert client_address(scope, trusted_proxies=proxies) == address


@pytest.mark.parametrize("amount", ["0", "many", "-1", "1.5", "1000001"])
def test_an_amount_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, amount: str
) -> None:
    monkeypatch.setenv("PLAIT_SIGN_INS_PER_HOUR", amount)
    with pytest.raises(SettingsError, match="PLAIT_SIGN_INS_PER_HOUR"):
        Settings.from_environment(tmp_path)
    monkeypatch.setenv("PLAIT_SIGN_INS_PER_HOUR", "7")
    assert Settings.from_environment(tmp_path).sign_ins_per_hour == 7
