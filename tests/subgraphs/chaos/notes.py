"""What is said on the market: notes to be read in the order in which they were said, and reminders, which are
sent again and again and come once. Poison cannot be handled: it raises, kills its worker, or worse.
"""

import os
import signal
import sys
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Command, Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.cache.rules import CacheRule
from subgraphs.kernel.domain import DomainError, Result, Success
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork

metadata = MetaData()
note = Table(
    "market_note",
    metadata,
    Column("pos", Integer, primary_key=True),
    Column("topic", String, nullable=False),
    Column("number", Integer, nullable=False),
)

topic = Table(
    "market_topic",
    metadata,
    Column("topic", String, primary_key=True),
    Column("notes", Integer, nullable=False),
)
"""How much was said about each, changed by whoever says it; its answers are cached."""

TOPIC = CacheRule("topic:{name}", timedelta(hours=1))


class Deed(StrEnum):
    """What a note does to whoever reads it."""

    NOTHING = "nothing"
    RAISE = "raise"
    KILL = "kill"
    EXIT = "exit"
    MUMBLE = "mumble"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Said(IntegrationEvent):
    type: ClassVar[str] = "market.said"
    topic: str
    number: int
    deed: Deed


@dataclass(frozen=True, slots=True)
class Reminder(IntegrationEvent):
    type: ClassVar[str] = "market.reminder"


@dataclass(frozen=True, slots=True)
class Say(Command[int]):
    """Something that does what it should not is followed by something harmless that has to wait for it."""

    topic: str
    number: int
    deed: Deed = Deed.NOTHING


@dataclass(frozen=True, slots=True)
class Remind(Command[str]):
    """Send one message several times, each after so many minutes."""

    message_id: str
    minutes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotesOn(Query[int]):
    """How much was said about a topic."""

    topic: str


async def say(command: Say, work: UnitOfWork, _: RequestContext) -> Result[int, DomainError]:
    row = upsert(topic).values(topic=command.topic, notes=1)
    one_more = row.on_conflict_do_update(index_elements=["topic"], set_={"notes": topic.c.notes + 1})
    await work.connection.execute(one_more)
    work.publish(Said(command.topic, command.number, command.deed), key=command.topic)
    if command.deed is not Deed.NOTHING:
        work.publish(Said(command.topic, command.number + 1, Deed.NOTHING), key=command.topic)
    return Success(command.number)


async def remind(command: Remind, work: UnitOfWork, _: RequestContext) -> Result[str, DomainError]:
    for minutes in command.minutes:
        work.send(
            Reminder(),
            to=REMINDERS.consumer,
            key=command.message_id,
            after=timedelta(minutes=minutes),
            message_id=command.message_id,
        )
    return Success(command.message_id)


async def notes_on(query: NotesOn, connection: AsyncConnection, _: RequestContext) -> int:
    found = await connection.scalar(select(topic.c.notes).where(topic.c.topic == query.topic))
    return found or 0


async def read_note(message: Envelope[Said], work: UnitOfWork) -> None:
    said = message.body
    match said.deed:
        case Deed.RAISE:
            raise ValueError("nobody can read this")
        case Deed.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        case Deed.EXIT:
            sys.exit("nobody wants to read this")
        case Deed.MUMBLE:
            raise ValueError("nobody can read \0 and \ud800")
        case Deed.CUT:
            await _cut(work.connection)
        case Deed.NOTHING:
            await work.connection.execute(insert(note).values(topic=said.topic, number=said.number))


async def _cut(connection: AsyncConnection) -> None:
    """End the connection that it is read in."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_terminate_backend(func.pg_backend_pid())))
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.close()
    raise ConnectionError("it is gone")


async def skim_note(message: Envelope[Said], work: UnitOfWork) -> None:
    if message.body.deed is Deed.RAISE:
        raise ValueError("nobody can read this")


async def be_reminded(message: Envelope[Reminder], work: UnitOfWork) -> None:
    """That it came is all that there is to it."""


JOURNAL = Subscription("journal.read", Said, read_note)
DIGEST = Subscription("digest.skim", Said, skim_note, skips_dead=True)
REMINDERS = Subscription("market.remind", Reminder, be_reminded)
SUBSCRIPTIONS: tuple[Subscription[Any], ...] = (JOURNAL, DIGEST, REMINDERS)
