"""A command is authorised, prepared, and done in one transaction or not at all."""

from dataclasses import dataclass

import pytest
import structlog
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.buses import CommandBus, QueryBus, QueryError
from subgraphs.kernel.application.messages import Command, Query
from subgraphs.kernel.application.policies import anyone, authenticated, has_role
from subgraphs.kernel.application.request import FORBIDDEN, SYSTEM, UNAUTHENTICATED, Actor, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success
from subgraphs.kernel.store.event_sourcing import EventSourcedRepository
from subgraphs.kernel.store.unit_of_work import SecondAggregateError, UnitOfWork
from tests.subgraphs.kernel.bank import EUR, Account, AccountId, open_bank
from tests.subgraphs.kernel.orchard import ALREADY_PICKED, NOBODY, ApplePicked, Orchard, PickApple, picked

TOO_GREEN = DomainError("TOO_GREEN", "Wait for autumn")


@dataclass(frozen=True, slots=True)
class PickAll(Command[None]):
    """Writes and publishes; what comes of it is decided afterwards."""

    outcome: str


async def pick_all(command: PickAll, work: UnitOfWork, request: RequestContext) -> Result[None, DomainError]:
    await work.connection.execute(insert(picked).values(name="all"))
    work.publish(ApplePicked("all"), key="tree")
    match command.outcome:
        case "refuse":
            return Failure(TOO_GREEN)
        case "crash":
            raise ZeroDivisionError
        case _:
            return Success(None)


@dataclass(frozen=True, slots=True)
class CountApples(Query[int]):
    pass


async def count_apples(query: CountApples, connection: AsyncConnection, request: RequestContext) -> int:
    return len((await connection.execute(select(picked))).all())


async def test_a_success_is_committed_with_its_message(garden: Orchard) -> None:
    garden.commands.register(PickAll, pick_all, allow=anyone)
    assert await garden.commands.execute(PickAll("done"), NOBODY) == Success(None)
    assert (await garden.picked(), await garden.sequence(), await garden.statuses()) == (
        ["all"],
        [1],
        ["ready"],
    )


async def test_a_failure_leaves_nothing(garden: Orchard) -> None:
    garden.commands.register(PickAll, pick_all, allow=anyone)
    assert await garden.commands.execute(PickAll("refuse"), NOBODY) == Failure(TOO_GREEN)
    assert (await garden.picked(), await garden.sequence(), await garden.statuses()) == ([], [], [])


async def test_an_exception_leaves_nothing_and_goes_to_the_caller(garden: Orchard) -> None:
    garden.commands.register(PickAll, pick_all, allow=anyone)
    with pytest.raises(ZeroDivisionError), structlog.testing.capture_logs() as logs:
        await garden.commands.execute(PickAll("crash"), NOBODY)
    assert [(log["event"], log["outcome"], log["correlation_id"]) for log in logs] == [
        ("PickAll", "raised", "correlation")
    ]
    assert (await garden.picked(), await garden.sequence(), await garden.statuses()) == ([], [], [])
    assert await garden.pick("next") == Success("next")


async def test_a_refused_command_never_opens_a_transaction(garden: Orchard) -> None:
    garden.commands.register(PickAll, pick_all, allow=has_role("gardener"))
    async with garden.transactions.database.transaction():  # the handler would wait for this one
        for actor, error in ((None, UNAUTHENTICATED), (Actor("1", "thief"), FORBIDDEN)):
            request = RequestContext(actor, "correlation")
            assert await garden.commands.execute(PickAll("done"), request) == Failure(error)


@pytest.mark.parametrize("actor", [Actor("1", "gardener"), SYSTEM])
async def test_the_role_and_the_system_may(garden: Orchard, actor: Actor) -> None:
    garden.commands.register(PickAll, pick_all, allow=has_role("gardener"))
    assert await garden.commands.execute(PickAll("done"), RequestContext(actor, "c")) == Success(None)


async def test_preparation_is_outside_the_transaction_and_can_refuse(garden: Orchard) -> None:
    async def prepare(command: PickAll, _: RequestContext) -> Result[str, DomainError]:
        async with garden.transactions.database.transaction():
            return Success("ripe") if command.outcome == "done" else Failure(TOO_GREEN)

    async def handle(
        command: PickAll, prepared: str, work: UnitOfWork, _: RequestContext
    ) -> Result[None, DomainError]:
        await work.connection.execute(insert(picked).values(name=prepared))
        return Success(None)

    garden.commands.register_prepared(PickAll, prepare, handle, allow=anyone)
    assert await garden.commands.execute(PickAll("refuse"), NOBODY) == Failure(TOO_GREEN)
    assert await garden.commands.execute(PickAll("done"), NOBODY) == Success(None)
    assert await garden.picked() == ["ripe"]


async def test_a_command_within_an_open_transaction_shares_its_fate(garden: Orchard) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 -- the block is the transaction that fails
        async with garden.transactions.begin("orchard", NOBODY) as work:
            assert await garden.commands.execute_within(work, PickApple("a"), NOBODY) == Success("a")
            raise ZeroDivisionError
    assert await garden.picked() == []


async def test_a_second_transaction_inside_the_first_is_an_error_not_a_deadlock(garden: Orchard) -> None:
    async with garden.transactions.begin("orchard", NOBODY):
        with pytest.raises(RuntimeError, match="open already"):
            await garden.pick("a")


async def test_the_refusal_of_the_domain_comes_back_as_a_value(garden: Orchard) -> None:
    await garden.pick("a")
    assert await garden.pick("a") == Failure(ALREADY_PICKED)
    assert await garden.sequence() == [1]


async def test_two_handlers_of_one_command_are_a_mistake(garden: Orchard) -> None:
    bus = CommandBus("orchard", garden.transactions)
    bus.register(PickAll, pick_all, allow=anyone)
    with pytest.raises(ValueError, match="PickAll"):
        bus.register(PickAll, pick_all, allow=anyone)


async def test_a_query_is_answered_or_refused(garden: Orchard) -> None:
    queries = QueryBus(garden.transactions.database)
    queries.register(CountApples, count_apples, allow=authenticated)
    await garden.pick("a")
    assert await queries.ask(CountApples(), RequestContext(Actor("1", "student"), "c")) == 1
    with pytest.raises(QueryError) as refused:
        await queries.ask(CountApples(), NOBODY)
    assert refused.value.error == UNAUTHENTICATED
    with pytest.raises(ValueError, match="CountApples"):
        queries.register(CountApples, count_apples, allow=anyone)


async def test_readers_do_not_wait_for_the_writer(garden: Orchard) -> None:
    await garden.pick("a")
    async with garden.transactions.database.transaction() as connection:
        await connection.execute(insert(picked).values(name="b"))
        assert await garden.picked() == ["a"]


async def test_one_transaction_changes_one_aggregate(garden: Orchard) -> None:
    first, second = Account(id=AccountId("1")), Account(id=AccountId("2"))
    first.deposit(Money(1, EUR))
    second.deposit(Money(1, EUR))
    accounts = EventSourcedRepository(open_bank(), Account)

    async def save_both() -> None:
        async with garden.transactions.begin("bank", NOBODY) as work:
            await accounts.save(work, first)
            first.deposit(Money(1, EUR))
            await accounts.save(work, first)
            await accounts.save(work, second)

    with pytest.raises(SecondAggregateError, match=r"Account 1 is changed already.*change Account 2"):
        await save_both()
    async with garden.transactions.database.read() as connection:
        assert await accounts.find(connection, AccountId("1")) is None
