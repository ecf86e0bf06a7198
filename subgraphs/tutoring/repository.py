"""Tutors in the database.

A save also appends what has happened to the event log and publishes what other contexts may know of it, in
the transaction of the unit of work.
"""

from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts import tutoring as contract
from subgraphs.kernel.domain import Currency, DomainEvent, Money
from subgraphs.kernel.messaging.registry import Stored
from subgraphs.kernel.store.event_store import Expected, NewEvent
from subgraphs.kernel.store.tables import event as event_table
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned
from subgraphs.tutoring.domain.availability import Availability, Weekday, Window
from subgraphs.tutoring.domain.events import (
    AvailabilityChanged,
    TutorListed,
    TutorProfileCreated,
    TutorProfileUpdated,
    TutorUnlisted,
    TutorVerified,
)
from subgraphs.tutoring.domain.tutor import TutorProfile
from subgraphs.tutoring.domain.values import Offer, TutorId, UserId
from subgraphs.tutoring.event_log import EVENTS, REGISTRY, stream_of
from subgraphs.tutoring.tables import person, tutor

_NO_CURRENCY = ""


async def find_tutor(connection: AsyncConnection, id_: TutorId) -> TutorProfile | None:
    row = (await connection.execute(select(tutor).where(tutor.c.id == str(id_)))).one_or_none()
    return _tutor(row) if row else None


async def save_tutor(work: UnitOfWork, profile: TutorProfile, *, email: str | None = None) -> None:
    """Store a new tutor, whose address is told, or a changed one. ConcurrencyConflict."""
    rate = profile.offer.hourly_rate
    values: dict[str, Any] = {
        "user_id": str(profile.user_id),
        "headline": profile.offer.headline,
        "bio": profile.offer.bio,
        "subjects": list(profile.offer.subjects),
        "languages": list(profile.offer.languages),
        "hourly_rate_minor": rate.amount_minor if rate else None,
        "hourly_rate_currency": rate.currency.code if rate else None,
        "time_zone": profile.availability.time_zone,
        "windows": [[one.weekday, one.starts, one.ends] for one in profile.availability.windows],
        "is_verified": profile.is_verified,
        "is_listed": profile.is_listed,
        "is_suspended": profile.is_suspended,
        "dashboard_since": profile.dashboard_since,
        "created_at": profile.created_at,
        "updated_at": profile.updated_at,
    }
    await save_versioned(work, tutor, profile, values)
    happened = [NewEvent(one, work.describe(str(profile.id))) for one in profile.pull_events()]
    for one in happened:
        _publish(work, profile, one.event, email)
    if happened:
        await EVENTS.append(work.connection, stream_of(profile.id), happened, expected=Expected.ANYWHERE)
        work.appended(happened[-1].metadata.event_id)


async def forget_words(connection: AsyncConnection, id_: TutorId) -> None:
    """Take out of the log what a tutor has said of themselves, so that no search is built of it again.

    That is all that is ever changed in it: events keep their places, and what else they say.
    """
    mine = event_table.c.stream == stream_of(id_), event_table.c.type == TutorProfileUpdated.name
    for row in (await connection.execute(select(event_table).where(*mine))).all():
        stored = Stored(row.type, row.schema_version, row.data)
        said = REGISTRY.decode(stored)
        assert isinstance(said, TutorProfileUpdated)
        unsaid = REGISTRY.encode(TutorProfileUpdated(said.tutor_id, Offer(), said.occurred_at))
        await connection.execute(
            update(event_table)
            .where(event_table.c.event_id == row.event_id)
            .values(data=unsaid.data, schema_version=unsaid.version)
        )


async def email_of(connection: AsyncConnection, user_id: UserId) -> str | None:
    """The address of a user, if identity has told of one who is not deleted."""
    return await connection.scalar(select(person.c.email).where(person.c.user_id == str(user_id)))


async def is_forgotten(connection: AsyncConnection, user_id: UserId) -> bool:
    """Whether identity has told that this user is deleted."""
    gone = select(person.c.user_id).where(person.c.user_id == str(user_id), person.c.email.is_(None))
    return await connection.scalar(gone) is not None


async def know_person(connection: AsyncConnection, user_id: UserId, email: str) -> None:
    """There is a user of this address, unless they are deleted already."""
    row = upsert(person).values(user_id=str(user_id), email=email)
    await connection.execute(row.on_conflict_do_nothing())


async def move_person(connection: AsyncConnection, user_id: UserId, email: str) -> None:
    """The user has another address, unless they are deleted."""
    known = (person.c.user_id == str(user_id)) & person.c.email.is_not(None)
    await connection.execute(update(person).where(known).values(email=email))


async def forget_person(connection: AsyncConnection, user_id: UserId) -> None:
    row = upsert(person).values(user_id=str(user_id), email=None)
    await connection.execute(row.on_conflict_do_update(index_elements=["user_id"], set_={"email": None}))


def _publish(work: UnitOfWork, profile: TutorProfile, event: DomainEvent, email: str | None) -> None:
    tutor_id, user_id, offer = str(profile.id), str(profile.user_id), profile.offer
    rate = offer.hourly_rate
    amount, currency = (rate.amount_minor, rate.currency.code) if rate else (None, _NO_CURRENCY)
    match event:
        case TutorProfileCreated(occurred_at=at):
            assert email is not None, "a new tutor is welcomed somewhere"
            work.publish(contract.TutorProfileCreated(tutor_id, user_id, email, at), key=tutor_id)
            created = contract.TutorCreated(tutor_id, user_id, offer.subjects, amount, currency, at)
            work.publish(created, key=tutor_id)
        case (
            TutorProfileUpdated(occurred_at=at) | TutorListed(occurred_at=at) | TutorUnlisted(occurred_at=at)
        ):
            updated = contract.TutorProfileUpdated(
                tutor_id, user_id, offer.headline, offer.subjects, amount, currency, at
            )
            work.publish(updated, key=tutor_id)
        case AvailabilityChanged(occurred_at=at):
            work.publish(contract.AvailabilityChanged(tutor_id, user_id, at), key=tutor_id)
        case TutorVerified(verified_by=by, occurred_at=at):
            work.publish(contract.TutorVerified(tutor_id, user_id, str(by), at), key=tutor_id)


def offer_of(row: Row[Any]) -> Offer:
    """What the row of a tutor says."""
    minor, currency = row.hourly_rate_minor, row.hourly_rate_currency
    rate = None if minor is None else Money(minor, Currency(currency))
    return Offer(row.headline, row.bio, tuple(row.subjects), tuple(row.languages), rate)


def availability_of(row: Row[Any]) -> Availability:
    """When the row of a tutor says that they have time."""
    windows = tuple(Window(Weekday(day), starts, ends) for day, starts, ends in row.windows)
    return Availability(row.time_zone, windows)


def _tutor(row: Row[Any]) -> TutorProfile:
    return TutorProfile(
        id=TutorId(row.id),
        version=row.version,
        user_id=UserId(row.user_id),
        offer=offer_of(row),
        availability=availability_of(row),
        is_verified=row.is_verified,
        is_listed=row.is_listed,
        is_suspended=row.is_suspended,
        dashboard_since=row.dashboard_since,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
