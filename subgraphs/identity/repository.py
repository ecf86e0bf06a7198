"""How a user is loaded from the database and stored."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.identity.domain import Email, PasswordHash, User, UserId, UserProfile, UserRole, UserStatus
from subgraphs.identity.tables import users
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned


class UserRepository:
    """Users as aggregates, to be read within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, user_id: UserId) -> User | None:
        return await self._one(users.c.id == str(user_id))

    async def by_email(self, email: Email) -> User | None:
        return await self._one(users.c.email == email.value)

    async def _one(self, condition: Any) -> User | None:
        row = (await self._connection.execute(select(users).where(condition))).one_or_none()
        return _user(row) if row else None


async def add_user(work: UnitOfWork, user: User) -> bool:
    """Store a new user. False, and nothing stored, when the email is taken: the database decides."""
    work.changes(user)
    result = await work.connection.execute(
        insert(users)
        .values(id=str(user.id), version=1, created_at=user.created_at, **_columns(user))
        .on_conflict_do_nothing(index_elements=[users.c.email])
    )
    user.version = 1
    return bool(result.rowcount == 1)


async def save_user(work: UnitOfWork, user: User) -> None:
    """Store a user loaded in this transaction. ConcurrencyConflict when somebody else has changed it."""
    await save_versioned(work, users, user, _columns(user))


def _columns(user: User) -> dict[str, Any]:
    return {
        "email": user.email.value,
        "password_hash": user.password_hash.value,
        "first_name": user.profile.first_name,
        "last_name": user.profile.last_name,
        "bio": user.profile.bio,
        "avatar_url": user.profile.avatar_url,
        "skills": list(user.profile.skills),
        "role": user.role.value,
        "status": user.status.value,
        "updated_at": user.updated_at,
    }


def _user(row: Row[Any]) -> User:
    return User(
        id=UserId(row.id),
        version=row.version,
        email=Email(row.email),
        password_hash=PasswordHash(row.password_hash),
        profile=UserProfile(row.first_name, row.last_name, row.bio, row.avatar_url, tuple(row.skills)),
        role=UserRole(row.role),
        status=UserStatus(row.status),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
