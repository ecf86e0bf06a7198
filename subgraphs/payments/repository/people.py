"""Who there is, as identity tells: the staff may not name somebody whom nobody knows."""

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.payments.tables import person


async def know_person(connection: AsyncConnection, user_id: str) -> None:
    await connection.execute(insert(person).values(user_id=user_id).on_conflict_do_nothing())


async def forget_person(connection: AsyncConnection, user_id: str) -> None:
    await connection.execute(delete(person).where(person.c.user_id == user_id))


async def is_person(connection: AsyncConnection, user_id: str) -> bool:
    return bool(await connection.scalar(select(exists().where(person.c.user_id == user_id))))
