"""Sessions, and the hashes of all refresh tokens that they have had.

The database is where they are true: kept in Redis only, sessions would be gone with it, and those that were
ended would come back with an older copy of it. One is asked for once in a quarter of an hour, so there
is nothing to be won by a copy.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.identity.domain import EndReason, SecretHash, Session, SessionId, UserId
from subgraphs.identity.tables import refresh_tokens, sessions
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned

MOST_SESSIONS: Final = 100
"""Of one user: what can be listed at once, and looked through."""


class SessionRepository:
    """Sessions as aggregates, to be read within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, session_id: SessionId) -> Session | None:
        wanted = select(sessions).where(sessions.c.id == str(session_id))
        return _session((await self._connection.execute(wanted)).one_or_none())

    async def by_token(self, token: SecretHash) -> Session | None:
        """The session that has or had this token."""
        had = select(refresh_tokens.c.session_id).where(refresh_tokens.c.hash == token.value)
        wanted = select(sessions).where(sessions.c.id == had.scalar_subquery())
        return _session((await self._connection.execute(wanted)).one_or_none())

    async def start(self, work: UnitOfWork, session: Session) -> None:
        """Store a new one. Who is logged in at a hundred places leaves the one used least recently."""
        first = sessions.c.last_used_at.desc(), sessions.c.id
        of_user = select(sessions.c.id).where(sessions.c.user_id == str(session.user_id)).order_by(*first)
        await _forget(self._connection, of_user.offset(MOST_SESSIONS - 1).limit(MOST_SESSIONS))
        await self.save(work, session)
        await self._keep_token(session)

    async def refreshed(self, work: UnitOfWork, session: Session) -> None:
        """Store one that goes on with another token. Those that have expired are forgotten."""
        await self.save(work, session)
        await self._connection.execute(
            delete(refresh_tokens).where(
                refresh_tokens.c.session_id == str(session.id), refresh_tokens.c.expires_at <= work.now
            )
        )
        await self._keep_token(session)

    async def save(self, work: UnitOfWork, session: Session) -> None:
        """ConcurrencyConflict when somebody else has changed it."""
        values = {
            "token_hash": session.token.value,
            "last_used_at": session.last_used_at,
            "expires_at": session.expires_at,
            "ended_at": session.ended_at,
            "end_reason": session.end_reason.value if session.end_reason else None,
        }
        once = {
            "user_id": str(session.user_id),
            "user_agent": session.user_agent,
            "created_at": session.created_at,
        }
        await save_versioned(work, sessions, session, values, once=once)

    async def _keep_token(self, session: Session) -> None:
        row = {
            "hash": session.token.value,
            "session_id": str(session.id),
            "expires_at": session.expires_at,
        }
        await self._connection.execute(insert(refresh_tokens).values(row))


async def end_sessions_of(
    user_id: UserId,
    reason: EndReason,
    connection: AsyncConnection,
    now: datetime,
    *,
    but: SessionId | None = None,
) -> None:
    """End all sessions of a user `but` one: in a statement: nothing is to be decided about any of them."""
    alive = [sessions.c.user_id == str(user_id), sessions.c.ended_at.is_(None)]
    if but is not None:
        alive.append(sessions.c.id != str(but))
    ended = {"ended_at": now, "end_reason": reason.value, "version": sessions.c.version + 1}
    await connection.execute(update(sessions).where(*alive).values(ended))


async def forget_sessions_of(user_id: UserId, connection: AsyncConnection) -> None:
    """Delete all sessions of a user, with the programs and times they were used by and at."""
    await _forget(connection, select(sessions.c.id).where(sessions.c.user_id == str(user_id)))


async def forget_expired_sessions(connection: AsyncConnection, now: datetime, *, limit: int) -> int:
    """Delete some of which nothing is valid any more. Returns how many."""
    return await _forget(connection, select(sessions.c.id).where(sessions.c.expires_at <= now).limit(limit))


async def _forget(connection: AsyncConnection, wanted: Select[tuple[str]]) -> int:
    ids = list(await connection.scalars(wanted))
    await connection.execute(delete(refresh_tokens).where(refresh_tokens.c.session_id.in_(ids)))
    return (await connection.execute(delete(sessions).where(sessions.c.id.in_(ids)))).rowcount


def _session(row: Row[Any] | None) -> Session | None:
    if row is None:
        return None
    return Session(
        id=SessionId(row.id),
        version=row.version,
        user_id=UserId(row.user_id),
        token=SecretHash(row.token_hash),
        user_agent=row.user_agent,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        end_reason=EndReason(row.end_reason) if row.end_reason else None,
    )
