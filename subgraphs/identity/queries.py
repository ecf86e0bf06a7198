"""What identity can be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts.identity import STAFF_ROLES
from subgraphs.identity.domain import UserRole, UserStatus
from subgraphs.identity.tables import users
from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.policies import anyone, has_role
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Page, PageRequest


@dataclass(frozen=True, slots=True)
class UserView:
    """A user as the API shows it; email and status only to some (`shows_private`)."""

    id: str
    email: str
    first_name: str
    last_name: str
    bio: str | None
    avatar_url: str | None
    skills: tuple[str, ...]
    role: UserRole
    status: UserStatus
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class UsersByIds(Query[tuple[UserView | None, ...]]):
    """Several users at once: each in the place of its id, None where there is no such user."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsersList(Query[Page[UserView]]):
    """Everybody, the oldest account first."""

    page: PageRequest
    role: UserRole | None = None


def register_queries(bus: QueryBus) -> None:
    """Who answers each query, and who may ask."""
    bus.register(UsersByIds, users_by_ids, allow=anyone)
    bus.register(UsersList, users_list, allow=has_role(*STAFF_ROLES))


def shows_private(view: UserView, request: RequestContext) -> bool:
    """Whether the asker is this user, or runs the academy."""
    actor = request.actor
    return actor is not None and (actor.id == view.id or actor.role in STAFF_ROLES)


async def users_by_ids(
    query: UsersByIds, connection: AsyncConnection, _: RequestContext
) -> tuple[UserView | None, ...]:
    rows = await connection.execute(select(*_VIEW).where(users.c.id.in_(sorted(set(query.ids)))))
    found = {row.id: _view(row) for row in rows}
    return tuple(found.get(user_id) for user_id in query.ids)


async def users_list(query: UsersList, connection: AsyncConnection, _: RequestContext) -> Page[UserView]:
    wanted = [users.c.role == query.role.value] if query.role else []
    total = await connection.scalar(select(func.count()).select_from(users).where(*wanted))
    rows = await connection.execute(
        select(*_VIEW)
        .where(*wanted)
        .order_by(users.c.created_at, users.c.id)
        .offset(query.page.offset)
        .limit(query.page.limit)
    )
    return Page(tuple(map(_view, rows)), total or 0, query.page.offset, query.page.limit)


# Everything but the password.
_VIEW: Sequence[Any] = [column for column in users.c if column.name not in ("password_hash", "version")]


def _view(row: Row[Any]) -> UserView:
    return UserView(
        id=row.id,
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        bio=row.bio,
        avatar_url=row.avatar_url,
        skills=tuple(row.skills),
        role=UserRole(row.role),
        status=UserStatus(row.status),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
