"""What everybody may know of people, and lists of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.identity.domain import UserRole, UserStatus
from subgraphs.identity.tables import profiles
from subgraphs.identity.tables import users as accounts
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Page, PageRequest, Slice, SliceRequest
from subgraphs.kernel.store.slices import slice_of


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What somebody tells the others."""

    first_name: str
    last_name: str
    bio: str | None
    avatar_url: str | None
    skills: tuple[str, ...]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class UserView:
    """What everybody may know of a user; of one who is deleted, that there was one.

    The profile follows the account within a moment. Its name is the one that is shown.
    """

    id: str
    first_name: str
    last_name: str
    role: UserRole
    is_deleted: bool
    created_at: datetime
    updated_at: datetime
    profile: ProfileView | None

    @property
    def shown(self) -> "ProfileView | UserView":
        """Who says what somebody is called."""
        return self.profile or self

    @property
    def name(self) -> str:
        return f"{self.shown.first_name} {self.shown.last_name}"


@dataclass(frozen=True, slots=True)
class UsersByIds(Query[tuple[UserView | None, ...]]):
    """Several users at once: each in the place of its id, None where there has never been such a user."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Users(Query[Slice[UserView]]):
    """Everybody, the oldest account first."""

    part: SliceRequest


@dataclass(frozen=True, slots=True)
class UsersList(Query[Page[UserView]]):
    """Everybody, or everybody of a role, the oldest account first."""

    page: PageRequest
    role: UserRole | None = None


async def users_by_ids(
    query: UsersByIds, connection: AsyncConnection, _: RequestContext
) -> tuple[UserView | None, ...]:
    rows = await connection.execute(_everybody().where(accounts.c.id.in_(sorted(set(query.ids)))))
    found = {row.id: view_of(row) for row in rows}
    return tuple(found.get(user_id) for user_id in query.ids)


async def users(query: Users, connection: AsyncConnection, _: RequestContext) -> Slice[UserView]:
    found = await slice_of(present(), (accounts.c.created_at, accounts.c.id), query.part, connection)
    return found.map(view_of)


async def users_list(query: UsersList, connection: AsyncConnection, _: RequestContext) -> Page[UserView]:
    wanted = [accounts.c.status != UserStatus.DELETED.value]
    if query.role:
        wanted.append(accounts.c.role == query.role.value)
    total = await connection.scalar(select(func.count()).select_from(accounts).where(*wanted)) or 0
    if query.page.offset >= total:  # a database would read all that is skipped
        return Page((), total, query.page.offset, query.page.limit)
    rows = await connection.execute(
        _everybody()
        .where(*wanted)
        .order_by(accounts.c.created_at, accounts.c.id)
        .offset(query.page.offset)
        .limit(query.page.limit)
    )
    return Page(tuple(map(view_of, rows)), total, query.page.offset, query.page.limit)


def present() -> Select[Any]:
    """The rows of all who are not deleted."""
    return _everybody().where(accounts.c.status != UserStatus.DELETED.value)


def view_of(row: Row[Any]) -> UserView:
    return UserView(
        id=row.id,
        first_name=row.first_name,
        last_name=row.last_name,
        role=UserRole(row.role),
        is_deleted=row.status == UserStatus.DELETED.value,
        created_at=row.created_at,
        updated_at=row.updated_at,
        profile=_profile(row) if row.profile_created_at and row.status != UserStatus.DELETED.value else None,
    )


_ACCOUNT: Sequence[Any] = [
    accounts.c[name]
    for name in ("id", "first_name", "last_name", "role", "status", "created_at", "updated_at")
]
_PROFILE: Sequence[Any] = [
    profiles.c[name].label(f"profile_{name}")
    for name in ("first_name", "last_name", "bio", "avatar_url", "skills", "created_at", "updated_at")
]


def _everybody() -> Select[Any]:
    together = accounts.outerjoin(profiles, profiles.c.id == accounts.c.id)
    return select(*_ACCOUNT, *_PROFILE).select_from(together)


def _profile(row: Row[Any]) -> ProfileView:
    return ProfileView(
        first_name=row.profile_first_name,
        last_name=row.profile_last_name,
        bio=row.profile_bio,
        avatar_url=row.profile_avatar_url,
        skills=tuple(row.profile_skills),
        created_at=row.profile_created_at,
        updated_at=row.profile_updated_at,
    )
