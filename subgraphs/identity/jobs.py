"""What identity does from time to time."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.identity.domain import LockoutRule
from subgraphs.identity.repository import forget_attempts, forget_expired_sessions
from subgraphs.kernel.running.jobs import Job

_AT_ONCE: Final = 500


def user_cleanup(rule: LockoutRule) -> Job:
    """Forget what nobody needs any more of people, who may never come back: sessions that have expired, with
    the programs and the times they were used by and at, and attempts that the rule forgets."""

    async def clean_up(connection: AsyncConnection, now: datetime) -> int:
        sessions = await forget_expired_sessions(connection, now, limit=_AT_ONCE)
        attempts = await forget_attempts(connection, now - rule.forgotten_after, limit=_AT_ONCE)
        return sessions + attempts

    return Job("identity.user_cleanup", timedelta(hours=1), clean_up)
