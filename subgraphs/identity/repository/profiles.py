"""What people tell the others."""

from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.identity.domain import PersonName, ProfileDetails, UserId, UserProfile
from subgraphs.identity.tables import profiles
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned


class ProfileRepository:
    """Profiles as aggregates, to be read within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, user_id: UserId) -> UserProfile | None:
        wanted = select(profiles).where(profiles.c.id == str(user_id))
        row = (await self._connection.execute(wanted)).one_or_none()
        return _profile(row) if row else None

    async def save(self, work: UnitOfWork, profile: UserProfile) -> None:
        """ConcurrencyConflict when somebody else has changed it, or made another."""
        values = {
            "first_name": profile.details.person.first,
            "last_name": profile.details.person.last,
            "bio": profile.details.bio,
            "avatar_url": profile.details.avatar_url,
            "skills": list(profile.details.skills),
            "updated_at": profile.updated_at,
        }
        await save_versioned(work, profiles, profile, values, once={"created_at": profile.created_at})

    async def forget(self, user_id: UserId) -> None:
        await self._connection.execute(delete(profiles).where(profiles.c.id == str(user_id)))


def _profile(row: Row[Any]) -> UserProfile:
    person = PersonName(row.first_name, row.last_name)
    return UserProfile(
        id=UserId(row.id),
        version=row.version,
        details=ProfileDetails(person, row.bio, row.avatar_url, tuple(row.skills)),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
