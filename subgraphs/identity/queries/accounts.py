"""What only some may know of people. None of it is cached."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts.identity import STAFF_ROLES
from subgraphs.identity.domain import Email, UserStatus
from subgraphs.identity.queries.users import UserView, present, view_of
from subgraphs.identity.tables import sessions, settings, users
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.domain import Clock, Success


@dataclass(frozen=True, slots=True)
class PrivateView:
    """For oneself and the staff."""

    email: str
    status: UserStatus
    subscription_id: str | None


@dataclass(frozen=True, slots=True)
class SettingsView:
    """For oneself."""

    time_zone: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    """For oneself."""

    id: str
    user_agent: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class UserByEmail(Query[UserView | None]):
    """Whose address is this."""

    email: str


@dataclass(frozen=True, slots=True)
class CheckUserExists(Query[bool]):
    """Whether somebody has this address. Who may ask could try all there are."""

    email: str


@dataclass(frozen=True, slots=True)
class PrivateByIds(Query[tuple[PrivateView | None, ...]]):
    """Of several users at once: each in the place of its id, None where it is not for who asks."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettingsByIds(Query[tuple[SettingsView | None, ...]]):
    """Of several users at once: each in the place of its id, None where it is not for who asks."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionsOf(Query[tuple[SessionView, ...]]):
    """The sessions of a user that go on, the last used first; of anybody but oneself there are none."""

    user_id: str


def is_own(user_id: str, request: RequestContext) -> bool:
    """Whether the asker is this user."""
    return request.actor is not None and request.actor.id == user_id


def is_own_or_for_staff(user_id: str, request: RequestContext) -> bool:
    """Whether the asker is this user, or runs the academy."""
    runs_it = request.actor is not None and request.actor.role in (*STAFF_ROLES, SYSTEM.role)
    return runs_it or is_own(user_id, request)


async def user_by_email(
    query: UserByEmail, connection: AsyncConnection, _: RequestContext
) -> UserView | None:
    match Email.parse(query.email):
        case Success(email):
            row = (await connection.execute(present().where(users.c.email == email.value))).one_or_none()
            return view_of(row) if row else None
        case _:
            return None


async def check_user_exists(
    query: CheckUserExists, connection: AsyncConnection, request: RequestContext
) -> bool:
    return await user_by_email(UserByEmail(query.email), connection, request) is not None


async def private_by_ids(
    query: PrivateByIds, connection: AsyncConnection, request: RequestContext
) -> tuple[PrivateView | None, ...]:
    for_asker = [user_id for user_id in query.ids if is_own_or_for_staff(user_id, request)]
    wanted = select(users.c.id, users.c.email, users.c.status, users.c.subscription_id).where(
        users.c.id.in_(sorted(set(for_asker))), users.c.status != UserStatus.DELETED.value
    )
    rows = await connection.execute(wanted)
    found = {row.id: PrivateView(row.email, UserStatus(row.status), row.subscription_id) for row in rows}
    return tuple(found.get(user_id) for user_id in query.ids)


async def settings_by_ids(
    query: SettingsByIds, connection: AsyncConnection, request: RequestContext
) -> tuple[SettingsView | None, ...]:
    for_asker = [user_id for user_id in query.ids if is_own(user_id, request)]
    rows = await connection.execute(select(settings).where(settings.c.id.in_(sorted(set(for_asker)))))
    found = {row.id: SettingsView(row.time_zone, row.updated_at) for row in rows}
    return tuple(found.get(user_id) for user_id in query.ids)


@dataclass(frozen=True, slots=True)
class SessionsAnswered:
    """Answers SessionsOf."""

    clock: Clock

    async def __call__(
        self, query: SessionsOf, connection: AsyncConnection, request: RequestContext
    ) -> tuple[SessionView, ...]:
        if request.actor is None or not is_own(query.user_id, request):
            return ()
        wanted = (
            select(sessions)
            .where(
                sessions.c.user_id == query.user_id,
                sessions.c.ended_at.is_(None),
                sessions.c.expires_at > self.clock.now(),
            )
            .order_by(sessions.c.last_used_at.desc(), sessions.c.id)
        )
        return tuple(
            SessionView(
                row.id,
                row.user_agent,
                row.created_at,
                row.last_used_at,
                row.expires_at,
                is_current=row.id == request.actor.session_id,
            )
            for row in await connection.execute(wanted)
        )
