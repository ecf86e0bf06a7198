"""What identity can be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
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
from subgraphs.kernel.cache.answers import AnswerByKeys
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.domain import Page, PageRequest


@dataclass(frozen=True, slots=True)
class UserView:
    """What everybody may know of a user."""

    id: str
    first_name: str
    last_name: str
    bio: str | None
    avatar_url: str | None
    skills: tuple[str, ...]
    role: UserRole
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PrivateView:
    """What only some may know (`shows_private`)."""

    email: str
    status: UserStatus


@dataclass(frozen=True, slots=True)
class UsersByIds(Query[tuple[UserView | None, ...]]):
    """Several users at once: each in the place of its id, None where there is no such user."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrivateByIds(Query[tuple[PrivateView | None, ...]]):
    """The same for what is private of them. It is the asker's affair to show it to nobody else."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsersList(Query[Page[UserView]]):
    """Everybody, the oldest account first."""

    page: PageRequest
    role: UserRole | None = None


def register_queries(bus: QueryBus, *, cached_users: Cached[UserView]) -> None:
    """Who answers each query, and who may ask."""
    by_ids: AnswerByKeys[UsersByIds, tuple[UserView | None, ...], UserView] = AnswerByKeys(
        cached_users,
        keys=lambda query: query.ids,
        only=lambda _, ids: UsersByIds(tuple(ids)),
        split=lambda _, views: {view.id: view for view in views if view},
        join=lambda query, found: tuple(found.get(user_id) for user_id in query.ids),
    )
    bus.register(UsersByIds, users_by_ids, allow=anyone, cached=by_ids)
    bus.register(PrivateByIds, private_by_ids, allow=anyone)
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


async def private_by_ids(
    query: PrivateByIds, connection: AsyncConnection, _: RequestContext
) -> tuple[PrivateView | None, ...]:
    wanted = select(users.c.id, users.c.email, users.c.status).where(users.c.id.in_(sorted(set(query.ids))))
    rows = await connection.execute(wanted)
    found = {row.id: PrivateView(row.email, UserStatus(row.status)) for row in rows}
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


_VIEW: Sequence[Any] = [users.c[field.name] for field in fields(UserView)]


def _view(row: Row[Any]) -> UserView:
    return UserView(
        id=row.id,
        first_name=row.first_name,
        last_name=row.last_name,
        bio=row.bio,
        avatar_url=row.avatar_url,
        skills=tuple(row.skills),
        role=UserRole(row.role),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
