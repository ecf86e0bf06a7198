"""What a process keeps in mind of what has been withdrawn.

It hears of what is withdrawn here before who has done it is answered; of the rest within a second, and before
it serves anybody after a start.
"""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from subgraphs.kernel.domain import Clock
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Conclusion, Errand
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.tables import withdrawal
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.withdrawals.withdrawal import AccessWithdrawn

LOOK_SECONDS: Final = 1.0

_CLOCKS_DIFFER: Final = timedelta(minutes=1)


class Withdrawals:
    """Of tokens that live for so long."""

    def __init__(self, database: Database, clock: Clock, tokens_live: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._kept_for = tokens_live + _CLOCKS_DIFFER
        self._of_users: dict[str, dict[str, AccessWithdrawn]] = {}
        self._oldest_first: deque[tuple[datetime, str, str]] = deque()

    def cover(self, user_id: str, session_id: str, account_version: int) -> bool:
        """Whether a user's token of this session and version of the account is good no more."""
        kept = self._of_users.get(user_id)
        return kept is not None and any(one.covers(session_id, account_version) for one in kept.values())

    def errand(self, context: str) -> Errand[AccessWithdrawn]:
        """Keep in mind what is told, and in the database for the other processes: on behalf of a context."""

        async def act(envelope: Envelope[AccessWithdrawn]) -> Conclusion:
            id_, withdrawn = envelope.meta.message_id, envelope.body
            until = envelope.meta.occurred_at + self._kept_for
            self._keep(id_, withdrawn, until)
            self._forget(self._clock.now())

            async def store(work: UnitOfWork) -> None:
                row = {"id": id_, "until": until, **_columns(withdrawn)}
                await work.connection.execute(insert(withdrawal).values(row).on_conflict_do_nothing())

            return store

        return Errand(f"{context}.withdrawn_access", AccessWithdrawn, act, skips_dead=True, prompt=True)

    async def look(self) -> int:
        """Learn what others have heard, and forget what no token can be older than. Returns 0: a look is all
        there is to do at a time."""
        now = self._clock.now()
        async with self._database.read() as connection:
            rows = await connection.execute(select(withdrawal).where(withdrawal.c.until > now))
            for row in rows:
                withdrawn = AccessWithdrawn(
                    row.user_id, row.session_id, row.before_version, row.but_session_id
                )
                self._keep(row.id, withdrawn, row.until)
        self._forget(now)
        return 0

    def _keep(self, id_: str, withdrawn: AccessWithdrawn, until: datetime) -> None:
        of_user = self._of_users.setdefault(withdrawn.user_id, {})
        if id_ not in of_user:
            of_user[id_] = withdrawn
            self._oldest_first.append((until, withdrawn.user_id, id_))

    def _forget(self, now: datetime) -> None:
        """What could cover no token any more: nearly in the order in which it came."""
        while self._oldest_first and self._oldest_first[0][0] <= now:
            _, user_id, id_ = self._oldest_first.popleft()
            of_user = self._of_users[user_id]
            del of_user[id_]
            if not of_user:
                del self._of_users[user_id]


def _columns(withdrawn: AccessWithdrawn) -> dict[str, object]:
    return {
        "user_id": withdrawn.user_id,
        "session_id": withdrawn.session_id,
        "before_version": withdrawn.before_version,
        "but_session_id": withdrawn.but_session_id,
    }
