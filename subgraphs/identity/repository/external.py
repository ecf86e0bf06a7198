"""Which users identity providers vouch for. The database sees to it that an identity is one user's."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.identity.domain import UserId
from subgraphs.identity.tables import external_identities as rows


async def linked_user(connection: AsyncConnection, issuer: str, subject: str) -> UserId | None:
    found = await connection.scalar(
        select(rows.c.user_id).where(rows.c.issuer == issuer, rows.c.subject == subject)
    )
    return UserId(found) if found else None


async def link_identity(connection: AsyncConnection, issuer: str, subject: str, user_id: UserId) -> None:
    await connection.execute(insert(rows).values(issuer=issuer, subject=subject, user_id=str(user_id)))


async def forget_identities(user_id: UserId, connection: AsyncConnection) -> None:
    await connection.execute(delete(rows).where(rows.c.user_id == str(user_id)))
