"""How people want to be treated."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.identity.domain import Preferences, UserId, UserSettings
from subgraphs.identity.tables import settings as rows
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned


class SettingsRepository:
    """Settings as aggregates, to be read within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, user_id: UserId) -> UserSettings | None:
        wanted = select(rows).where(rows.c.id == str(user_id))
        row = (await self._connection.execute(wanted)).one_or_none()
        if row is None:
            return None
        return UserSettings(
            id=user_id,
            version=row.version,
            preferences=Preferences(row.time_zone),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    async def save(self, work: UnitOfWork, settings: UserSettings) -> None:
        """ConcurrencyConflict when somebody else has changed them, or made others."""
        values = {"time_zone": settings.preferences.time_zone, "updated_at": settings.updated_at}
        await save_versioned(work, rows, settings, values, once={"created_at": settings.created_at})

    async def forget(self, user_id: UserId) -> None:
        await self._connection.execute(delete(rows).where(rows.c.id == str(user_id)))
