"""What was tried without success, by what it counts for.

In the database, so that no restart and no loss of Redis gives anybody new attempts.
"""

from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.identity.domain import Lockout, LockoutRule
from subgraphs.identity.tables import login_attempts as rows
from subgraphs.kernel.store.locks import lock


class LoginAttempts:
    """Counts within one transaction. `kind` and `key` say whose they are; the key is kept as a digest."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def attempt(self, kind: str, key: str, rule: LockoutRule, now: datetime) -> timedelta | None:
        """Count one more, if it may be made: None. Else how long it takes until one may."""
        stored = _stored(kind, key)
        before = await self._locked(stored)
        if (wait := before.wait(now)) is not None:
            return wait
        await self._store(stored, before.attempted(now, rule))
        return None

    async def take_back(self, kind: str, key: str) -> None:
        """The last attempt of these was no guess."""
        stored = _stored(kind, key)
        before = await self._locked(stored)
        if before.last_at is not None:
            await self._store(stored, before.succeeded())

    async def forget(self, kind: str, key: str) -> None:
        await self._connection.execute(delete(rows).where(rows.c.key == _stored(kind, key)))

    async def _locked(self, stored: str) -> Lockout:
        """What is known, which nobody else changes until the transaction ends."""
        await lock(self._connection, [f"identity.login_attempts:{stored}"])
        row = (await self._connection.execute(select(rows).where(rows.c.key == stored))).one_or_none()
        return Lockout(row.attempts, row.last_at, row.until) if row else Lockout()

    async def _store(self, stored: str, lockout: Lockout) -> None:
        values = {"attempts": lockout.attempts, "last_at": lockout.last_at, "until": lockout.until}
        await self._connection.execute(
            insert(rows)
            .values(key=stored, **values)
            .on_conflict_do_update(index_elements=[rows.c.key], set_=values)
        )


async def forget_attempts(connection: AsyncConnection, before: datetime, *, limit: int) -> int:
    """Delete some that were the last of theirs, and are old. Returns how many."""
    old = select(rows.c.key).where(rows.c.last_at <= before).limit(limit).with_for_update(skip_locked=True)
    return (await connection.execute(delete(rows).where(rows.c.key.in_(old)))).rowcount


def _stored(kind: str, key: str) -> str:
    return f"{kind}:{blake2b(key.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"
