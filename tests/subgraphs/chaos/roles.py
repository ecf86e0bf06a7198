"""What each process does until it is told to end, or dies."""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from subgraphs.kernel.adapters.redis_streams import RedisStreamsTransport
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.breakers import Breakers
from subgraphs.kernel.cache.shared import RedisStore
from subgraphs.kernel.domain import Success
from subgraphs.kernel.limits.in_process import InProcessCounter
from subgraphs.kernel.limits.limits import Limits
from subgraphs.kernel.limits.rules import REQUESTS
from subgraphs.kernel.limits.shared import RedisCounter
from subgraphs.kernel.messaging.intake import Intake
from subgraphs.kernel.messaging.relay import Relay, RelayOptions
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.transport import Transport
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.projections import Projector
from subgraphs.kernel.redis import RedisConnection
from tests.subgraphs.chaos import full_disk
from tests.subgraphs.chaos.control import SPEED, Control, Phase
from tests.subgraphs.chaos.gazette import GAZETTE, gazette
from tests.subgraphs.chaos.market import MARKET, READ_MODEL, SHOP, Market, hindering, market
from tests.subgraphs.chaos.mishaps import Muddled, Watched
from tests.subgraphs.chaos.notes import NotesOn
from tests.subgraphs.chaos.operator import Operator
from tests.subgraphs.chaos.plan import key_of, topic_of, wish
from tests.subgraphs.chaos.world import Place
from tests.subgraphs.kernel.house import HouseProvider

LEASE_SECONDS: Final = 1.5
"""How long a silent worker is believed to be alive, in the time of this world."""

_OPTIONS: Final = WorkerOptions(
    lease=timedelta(seconds=LEASE_SECONDS * SPEED),
    heartbeat=timedelta(seconds=LEASE_SECONDS / 4),
    patience=timedelta(seconds=60),  # a process that was stopped was not slow
)
_LOOK_EVERY_SECONDS: Final = 0.05
_LONGEST_PAUSE_SECONDS: Final = 0.06
_AFTER_AN_ERROR_SECONDS: Final = 0.2
_LONGEST_THOUGHT_SECONDS: Final = 2.0
_ASKED_TWICE: Final = 0.1
_WONDERS: Final = 0.3

_RELAYED: Final = RelayOptions(batch=20, window=100)
"""So little is given again unasked that the rest has to be asked for."""

_LONGEST_END_SECONDS: Final = 30.0
_REST: Final = timedelta(seconds=1)
_COMMANDS_A_MINUTE: Final = 1_000_000  # counted, and enough


Role = Callable[[Place, Control], Coroutine[Any, Any, None]]


def live(role: Role, place: Place) -> None:
    """The life of a process."""
    with place.log_file.open("ab") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S.%f"),
            structlog.dev.ConsoleRenderer(
                colors=False,
                exception_formatter=structlog.dev.plain_traceback,  # the pretty ones take a tenth of a second
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    control = Control(place.control_file, place.slot)
    full_disk.obey(control)
    asyncio.run(_live(role(place, control), control, place.world.watcher))


async def _live(life: Coroutine[Any, Any, None], control: Control, watcher: int) -> None:
    task = asyncio.create_task(life)
    while not task.done() and control.phase is not Phase.ENDING:
        try:
            os.kill(watcher, 0)
        except ProcessLookupError:
            os._exit(1)
        await asyncio.wait({task}, timeout=_LOOK_EVERY_SECONDS)
    if not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_LONGEST_END_SECONDS)
    if not task.done():
        for left in asyncio.all_tasks():
            left.print_stack()
        os._exit(1)
    if not task.cancelled():
        task.result()


async def work(place: Place, control: Control) -> None:
    async with _market(place, control) as context:
        await Worker(context.transactions, options=_OPTIONS).run()


async def number(place: Place, control: Control) -> None:
    async with _market(place, control) as context:
        await Sequencer(context.transactions).run()


async def project(place: Place, control: Control) -> None:
    async with _market(place, control) as context:
        await Projector(context.transactions, [READ_MODEL]).run()


async def carry(place: Place, control: Control) -> None:
    """Carry the market's notes away, and what the gazette says back."""
    async with _market(place, control) as context, _transport(place, control) as transport:
        relay = Relay(context.transactions, transport, [SHOP], options=_RELAYED)
        intake = Intake(context.transactions, transport, contexts=[MARKET], sources=[GAZETTE])
        await _all_at_once(relay.run(), intake.run())


async def publish(place: Place, control: Control) -> None:
    """Everything that the gazette needs."""
    chance = _chance(place)
    async with (
        gazette(place.world.gazette, control, altered=hindering(chance)) as transactions,
        _transport(place, control) as transport,
    ):
        await _all_at_once(
            Worker(transactions, options=_OPTIONS).run(),
            Sequencer(transactions).run(),
            Relay(transactions, transport, [GAZETTE], options=_RELAYED).run(),
            Intake(transactions, transport, contexts=[GAZETTE], sources=[SHOP]).run(),
        )


async def produce(place: Place, control: Control) -> None:
    """Give one command after the other until each is answered, until there is to be nothing new.

    Whoever died without an answer asks again first: under the same idempotency key.
    """
    chance = _chance(place)
    async with _market(place, control) as context:
        with place.answers_file.open("a") as answers:
            number = answered(place.answers_file) + 1
            while control.phase is Phase.RUNNING:
                if control.is_crowded:
                    await asyncio.sleep(_LOOK_EVERY_SECONDS)
                    continue
                await _ask(context, place, number, chance)
                answers.write(f"{number}\n")
                answers.flush()
                number += 1
                await _wonder(context, place, chance)
                await asyncio.sleep(chance.uniform(0, _LONGEST_PAUSE_SECONDS))


async def operate(place: Place, control: Control) -> None:
    """Do what people do about what went wrong, and about what did not, until there is to be nothing new."""
    chance = _chance(place)
    async with _market(place, control) as context:
        operator = Operator(context.transactions, chance)
        while control.phase is not Phase.ENDING:
            try:
                if control.phase is Phase.RUNNING:
                    await operator.step()
            except (SQLAlchemyError, OSError) as error:
                print(f"{place.name}: {type(error).__name__}: {error}")  # noqa: T201 -- into the log
            await asyncio.sleep(chance.uniform(0, _LONGEST_THOUGHT_SECONDS))


def answered(file: Path) -> int:
    """The number of the last command that was answered; -1 when there is none."""
    if not file.exists():
        return -1
    whole_lines = file.read_text().rpartition("\n")[0].split()
    return int(whole_lines[-1]) if whole_lines else -1


async def _wonder(context: Market, place: Place, chance: Random) -> None:
    """Now and then ask something whose answer is cached, as it may be while it changes."""
    if chance.random() < _WONDERS:
        try:
            await context.queries.ask(NotesOn(topic_of(chance, place.name)), _asking(place, None))
        except (SQLAlchemyError, OSError) as error:
            print(f"{place.name}: {type(error).__name__}: {error}")  # noqa: T201 -- into the log


async def _ask(context: Market, place: Place, number: int, chance: Random) -> None:
    command = wish(place.world.seed, place.name, number)
    key = key_of(place.name, number)
    answers: list[object] = []
    wanted = 2 if chance.random() < _ASKED_TWICE else 1  # some answers get lost
    while len(answers) < wanted:
        try:
            answer = await context.commands.execute(command, _asking(place, key))
        except Exception as error:  # noqa: BLE001 -- as a client, which knows nothing of what failed
            print(f"{key}: {type(error).__name__}: {error}")  # noqa: T201 -- into the log
            await asyncio.sleep(_AFTER_AN_ERROR_SECONDS)
            continue
        if isinstance(answer, Success):
            answers.append(answer)
    if any(answer != answers[0] for answer in answers):
        raise AssertionError(f"{key} was answered in two ways: {answers}")


def _asking(place: Place, key: str | None) -> RequestContext:
    return RequestContext(Actor(place.name, "producer"), key or place.name, idempotency_key=key)


@asynccontextmanager
async def _market(place: Place, control: Control) -> AsyncIterator[Market]:
    breakers = Breakers(rest=_REST)
    connection = RedisConnection(place.world.redis, breakers)
    here = InProcessCounter(clock=control)
    try:
        async with market(
            place.world.url,
            control,
            altered=hindering(_chance(place)),
            house=Watched(HouseProvider(place.world.house), control.note),
            breakers=breakers,
            cache=RedisStore(connection),
            limits=Limits(RedisCounter(connection), here, {REQUESTS.name: _COMMANDS_A_MINUTE}),
        ) as context:
            yield context
    finally:
        await connection.close()


@asynccontextmanager
async def _transport(place: Place, control: Control) -> AsyncIterator[Transport]:
    transport = Muddled(RedisStreamsTransport(place.world.redis), _chance(place), control.note)
    try:
        yield transport
    finally:
        await transport.close()


def _chance(place: Place) -> Random:
    return Random(f"{place.world.seed} {place.name} {place.life}")


async def _all_at_once(*loops: Coroutine[Any, Any, None]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for loop in loops:
            tasks.create_task(loop)
