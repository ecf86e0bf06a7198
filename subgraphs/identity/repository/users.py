"""Accounts. Who is deleted is not found: their row only keeps the id."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.identity.domain import (
    Email,
    EmailChange,
    OneTimeToken,
    PasswordHash,
    PersonName,
    SecretHash,
    User,
    UserId,
    UserRole,
    UserStatus,
)
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

    async def by_verification(self, token: SecretHash) -> User | None:
        return await self._one(users.c.verification_hash == token.value)

    async def by_password_reset(self, token: SecretHash) -> User | None:
        return await self._one(users.c.password_reset_hash == token.value)

    async def by_email_change(self, token: SecretHash) -> User | None:
        return await self._one(users.c.email_change_hash == token.value)

    async def _one(self, condition: Any) -> User | None:
        wanted = select(users).where(condition, users.c.status != UserStatus.DELETED.value)
        row = (await self._connection.execute(wanted)).one_or_none()
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


async def save_user(work: UnitOfWork, user: User) -> bool:
    """Store a user loaded in this transaction. False, and nothing stored, when the email is taken.

    ConcurrencyConflict when somebody else has changed them.
    """
    try:
        async with work.connection.begin_nested():
            await save_versioned(work, users, user, _columns(user))
    except IntegrityError:
        return False
    return True


def _columns(user: User) -> dict[str, Any]:
    return {
        "email": user.email.value,
        "password_hash": user.password_hash.value if user.password_hash else None,
        "first_name": user.person.first,
        "last_name": user.person.last,
        "role": user.role.value,
        "status": user.status.value,
        "subscription_id": user.subscription_id,
        "verification_hash": user.verification.hash.value if user.verification else None,
        "verification_expires_at": user.verification.expires_at if user.verification else None,
        "password_reset_hash": user.password_reset.hash.value if user.password_reset else None,
        "password_reset_expires_at": user.password_reset.expires_at if user.password_reset else None,
        **_email_change_columns(user.email_change),
        "updated_at": user.updated_at,
    }


def _email_change_columns(change: EmailChange | None) -> dict[str, Any]:
    return {
        "new_email": change.email.value if change else None,
        "email_change_hash": change.token.hash.value if change else None,
        "email_change_expires_at": change.token.expires_at if change else None,
    }


def _user(row: Row[Any]) -> User:
    return User(
        id=UserId(row.id),
        version=row.version,
        email=Email(row.email),
        password_hash=PasswordHash(row.password_hash) if row.password_hash else None,
        person=PersonName(row.first_name, row.last_name),
        role=UserRole(row.role),
        status=UserStatus(row.status),
        subscription_id=row.subscription_id,
        verification=_token(row.verification_hash, row.verification_expires_at),
        password_reset=_token(row.password_reset_hash, row.password_reset_expires_at),
        email_change=_email_change(row),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _token(hash_: str | None, expires_at: Any) -> OneTimeToken | None:
    return OneTimeToken(SecretHash(hash_), expires_at) if hash_ else None


def _email_change(row: Row[Any]) -> EmailChange | None:
    token = _token(row.email_change_hash, row.email_change_expires_at)
    return EmailChange(Email(row.new_email), token) if token else None
