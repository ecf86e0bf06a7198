"""What happens around a command: the same key has one effect, and whoever loses a race decides anew."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.middleware.recall import IDEMPOTENCY_KEY_REUSED
from subgraphs.kernel.application.middleware.retry import CONFLICT
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Identifier, Result, Success
from subgraphs.kernel.store.pruning import expired_keys
from subgraphs.kernel.store.tables import idempotency
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import ConcurrencyConflict
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import ALREADY_PICKED, NOBODY, Orchard, PickApple, orchard, pick_apple

TOO_SMALL = DomainError("TOO_SMALL", "Nobody would see it", "size")


class BasketId(Identifier):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class WeaveBasket(Command[BasketId]):
    size: int
    pattern: str = field(default="plain", repr=False)

    def invalid(self) -> DomainError | None:
        return TOO_SMALL if self.size < 1 else None


@dataclass
class Weaver:
    """Handles WeaveBasket; meets somebody else as often as told."""

    conflicts: int = 0
    woven: list[int] = field(default_factory=list)

    async def weave(
        self, command: WeaveBasket, work: UnitOfWork, _: RequestContext
    ) -> Result[BasketId, DomainError]:
        self.woven.append(command.size)
        if len(self.woven) <= self.conflicts:
            raise ConcurrencyConflict
        return Success(BasketId.new(work.ids))


def under(key: str, actor: str | None = None) -> RequestContext:
    return RequestContext(Actor(actor, "gardener") if actor else None, "c", idempotency_key=key)


def bus(garden: Orchard, weaver: Weaver, *, is_remembered: bool = True) -> CommandBus:
    commands = CommandBus("weaving", garden.transactions)
    commands.register(WeaveBasket, weaver.weave, allow=anyone, is_remembered=is_remembered)
    return commands


async def test_the_same_key_is_answered_as_before(garden: Orchard) -> None:
    weaver = Weaver()
    commands = bus(garden, weaver)
    first = await commands.execute(WeaveBasket(3), under("k"))
    assert isinstance(first, Success)
    assert type(first.value) is BasketId
    assert await commands.execute(WeaveBasket(3), under("k")) == first
    assert weaver.woven == [3]


async def test_the_same_key_for_another_wish_is_refused(garden: Orchard) -> None:
    weaver = Weaver()
    commands = bus(garden, weaver)
    await commands.execute(WeaveBasket(3), under("k"))
    assert await commands.execute(WeaveBasket(4), under("k")) == Failure(IDEMPOTENCY_KEY_REUSED)
    assert weaver.woven == [3]


async def test_keys_are_those_of_the_actor_and_the_context(garden: Orchard) -> None:
    weaver = Weaver()
    commands = bus(garden, weaver)
    for actor in ("1", "2", None):
        await commands.execute(WeaveBasket(3), under("k", actor))
    assert weaver.woven == [3, 3, 3]
    assert await garden.pick("a", key="k") == Success("a")


async def test_a_refusal_has_changed_nothing_and_is_not_remembered(garden: Orchard) -> None:
    await garden.pick("a")
    assert await garden.pick("a", key="k") == Failure(ALREADY_PICKED)
    assert await garden.pick("b", key="k") == Success("b")


async def test_of_many_at_once_under_one_key_one_takes_effect(planted: str, clock: FakeClock) -> None:
    async with orchard(planted, clock) as one, orchard(planted, clock) as other:
        results = await asyncio.gather(*(each.pick("a", key="k") for each in (one, other) * 5))
        assert results == [Success("a")] * 10
        assert await one.sequence() == [1]


async def test_a_key_is_forgotten_after_a_day(garden: Orchard, clock: FakeClock) -> None:
    weaver = Weaver()
    commands = bus(garden, weaver)
    await commands.execute(WeaveBasket(3), under("k"))
    clock.advance(timedelta(days=1))
    await commands.execute(WeaveBasket(3), under("k"))
    assert weaver.woven == [3, 3]
    clock.advance(timedelta(days=1))
    async with garden.transactions.database.transaction() as connection:
        assert await expired_keys(now=clock.now()).prune(connection, limit=10) == 1


async def test_the_same_key_for_another_secret_is_refused(garden: Orchard) -> None:
    weaver = Weaver()
    first = await bus(garden, weaver).execute(WeaveBasket(3, "plain"), under("k"))
    other = await bus(garden, weaver).execute(WeaveBasket(3, "braided"), under("k"))
    assert other == Failure(IDEMPOTENCY_KEY_REUSED)
    assert await bus(garden, weaver).execute(WeaveBasket(3, "plain"), under("k")) == first
    assert weaver.woven == [3]


async def test_secret_results_are_not_stored(garden: Orchard) -> None:
    weaver = Weaver()
    for _ in range(2):
        await bus(garden, weaver, is_remembered=False).execute(WeaveBasket(4), under("k"))
    assert weaver.woven == [4, 4]
    async with garden.transactions.database.read() as connection:
        assert list(await connection.scalars(select(idempotency.c.key))) == []


async def test_what_is_known_by_its_key_is_not_prepared_again(garden: Orchard) -> None:
    """What was right before the command need not be right after it: the current password, say."""
    weaver, prepared = Weaver(), list[int]()

    async def prepare(command: WeaveBasket, _: RequestContext) -> Result[None, DomainError]:
        prepared.append(command.size)
        return Success(None) if len(prepared) == 1 else Failure(TOO_SMALL)

    async def weave(
        command: WeaveBasket, _: None, work: UnitOfWork, request: RequestContext
    ) -> Result[BasketId, DomainError]:
        return await weaver.weave(command, work, request)

    commands = CommandBus("weaving", garden.transactions)
    commands.register_prepared(WeaveBasket, prepare, weave, allow=anyone)
    first = await commands.execute(WeaveBasket(3), under("k"))
    assert await commands.execute(WeaveBasket(3), under("k")) == first
    assert await commands.execute(WeaveBasket(4), under("k")) == Failure(IDEMPOTENCY_KEY_REUSED)
    assert (prepared, weaver.woven) == ([3], [3])


async def test_what_is_refused_whatever_is_stored_never_opens_a_transaction(garden: Orchard) -> None:
    async with garden.transactions.database.transaction():  # the handler would wait for this one
        assert await bus(garden, Weaver()).execute(WeaveBasket(0), NOBODY) == Failure(TOO_SMALL)


@pytest.mark.parametrize("conflicts", [1, 2])
async def test_whoever_loses_a_race_decides_anew(garden: Orchard, conflicts: int) -> None:
    weaver = Weaver(conflicts)
    assert isinstance(await bus(garden, weaver).execute(WeaveBasket(3), under("k")), Success)
    assert weaver.woven == [3] * (conflicts + 1)


async def test_whoever_loses_three_times_is_told(garden: Orchard) -> None:
    weaver = Weaver(conflicts=3)
    assert await bus(garden, weaver).execute(WeaveBasket(3), NOBODY) == Failure(CONFLICT)
    assert weaver.woven == [3, 3, 3]


@pytest.mark.parametrize("planted", ["postgres"], indirect=True)
async def test_a_deadlock_is_a_lost_race(garden: Orchard) -> None:
    """Two commands pick the same apples in opposite orders; one is ended, and then sees them gone."""
    begun: list[str] = []
    both = asyncio.Event()

    @dataclass(frozen=True, slots=True)
    class PickTwo(Command[str]):
        first: str
        second: str

    async def pick_two(command: PickTwo, work: UnitOfWork, _: RequestContext) -> Result[str, DomainError]:
        result = await pick_apple(PickApple(command.first), work, NOBODY)
        begun.append(command.first)
        if len(begun) == 2:
            both.set()
        await both.wait()
        if isinstance(result, Failure):
            return result
        return await pick_apple(PickApple(command.second), work, NOBODY)

    garden.commands.register(PickTwo, pick_two, allow=anyone)
    results = await asyncio.gather(
        *(garden.commands.execute(PickTwo(*names), NOBODY) for names in (("a", "b"), ("b", "a")))
    )
    assert [Failure(ALREADY_PICKED)] == [result for result in results if isinstance(result, Failure)]
    assert len(begun) == 3
    assert await garden.picked() == ["a", "b"]


def test_a_command_must_say_what_it_is_worth(garden: Orchard) -> None:
    @dataclass(frozen=True, slots=True)
    class Vague(Command):  # type: ignore[type-arg]
        pass

    async def vaguely(_command: Vague, _work: UnitOfWork, _: RequestContext) -> Result[None, DomainError]:
        return Success(None)

    with pytest.raises(TypeError, match="Vague does not say what it is worth"):
        garden.commands.register(Vague, vaguely, allow=anyone)
