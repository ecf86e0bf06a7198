"""What people do about messages that were given up: look, mend, try again, or let go. All of it is on record.

Trying again gives a message its old place: those behind it in its key follow in their order.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Row, func, insert, select, update

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.blocking import let_through
from subgraphs.kernel.messaging.registry import Stored, UnknownMessageError
from subgraphs.kernel.store.tables import audit, delivery, given_up, unfinished
from subgraphs.kernel.store.unit_of_work import Transactions

NOT_DEAD: Final = DomainError("NOT_DEAD", "There is no dead letter with this id", "id")
REASON_MISSING: Final = DomainError("REASON_MISSING", "Say why it is discarded", "reason")

_LARGEST_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up, or waits for a newer program: then its `last_error` begins with
    `unknown_type` or `unknown_version`. `blocks` says whether later messages of its key wait for it."""

    id: int
    consumer: str
    message_id: str
    source: str
    key: str
    type: str
    schema_version: int
    data: str
    meta: str
    attempts: int
    crashes: int
    last_error: str | None
    blocks: bool


class DeadLetters:
    """The dead letters of a database."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def page(
        self, *, consumer: str | None = None, after: int = 0, limit: int = _LARGEST_PAGE
    ) -> tuple[DeadLetter, ...]:
        """The oldest ones after an id, of one consumer or of all; at most a hundred."""
        query = select(delivery).where(given_up(delivery), delivery.c.id > after).order_by(delivery.c.id)
        if consumer is not None:
            query = query.where(delivery.c.consumer == consumer)
        async with self._transactions.database.read() as connection:
            rows = await connection.execute(query.limit(min(limit, _LARGEST_PAGE)))
            return tuple(map(_letter, rows))

    async def count(self, *, consumer: str | None = None) -> int:
        """How many there are, of one consumer or of all."""
        query = select(func.count()).where(given_up(delivery))
        if consumer is not None:
            query = query.where(delivery.c.consumer == consumer)
        async with self._transactions.database.read() as connection:
            return await connection.scalar(query) or 0

    async def count_behind(self, letter: DeadLetter) -> int:
        """How many later messages of its consumer and key are not handled yet."""
        behind = select(func.count()).where(
            delivery.c.consumer == letter.consumer,
            delivery.c.key == letter.key,
            delivery.c.id > letter.id,
            unfinished(delivery),
        )
        async with self._transactions.database.read() as connection:
            return await connection.scalar(behind) or 0

    async def find(self, id_: int) -> DeadLetter | None:
        """One of them with all that is known of it."""
        async with self._transactions.database.read() as connection:
            rows = await connection.execute(select(delivery).where(given_up(delivery), delivery.c.id == id_))
            row = rows.one_or_none()
        return _letter(row) if row else None

    async def retry(
        self, id_: int, request: RequestContext, *, data: str | None = None
    ) -> Result[None, DomainError]:
        """Have a message handled again, from the beginning of its patience; with other `data`, if need be.

        NOT_DEAD; INVALID_MESSAGE when its consumer could not read the data.
        """
        letter = await self.find(id_)
        if letter is None:
            return Failure(NOT_DEAD)
        if data is not None and (why := self._unreadable(letter, data)):
            return Failure(DomainError("INVALID_MESSAGE", why, "data"))
        changes = {"data": data} if data is not None else {}
        detail = {"before": letter.data, "after": data} if data is not None else {}
        again = {"status": "ready", "due": self._transactions.clock.now()}
        afresh = dict.fromkeys(("attempts", "crashes", "losses"), 0)
        return await self._change(
            letter, {**again, **afresh, **changes}, request, action="retry", detail=detail
        )

    async def retry_some(self, consumer: str, request: RequestContext, *, limit: int = 20) -> int:
        """Retry the oldest dead letters of a consumer; returns how many. Whoever has thousands calls it as
        fast as the consumer can bear."""
        letters = await self.page(consumer=consumer, limit=limit)
        results = [await self.retry(letter.id, request) for letter in letters]
        return sum(isinstance(result, Success) for result in results)

    async def discard(self, id_: int, request: RequestContext, *, reason: str) -> Result[None, DomainError]:
        """Let a message go: it is never handled, and holds back nobody. NOT_DEAD or REASON_MISSING."""
        if not reason.strip():
            return Failure(REASON_MISSING)
        letter = await self.find(id_)
        if letter is None:
            return Failure(NOT_DEAD)
        detail = {"reason": reason, "data": letter.data}
        return await self._change(letter, {"status": "dropped"}, request, action="discard", detail=detail)

    async def _change(
        self,
        letter: DeadLetter,
        changes: dict[str, Any],
        request: RequestContext,
        *,
        action: str,
        detail: dict[str, Any],
    ) -> Result[None, DomainError]:
        transactions = self._transactions
        async with transactions.database.transaction() as connection:
            changed = await connection.execute(
                update(delivery)
                .where(delivery.c.id == letter.id, given_up(delivery))
                .values(**changes, token=delivery.c.token + 1)
            )
            if changed.rowcount != 1:
                return Failure(NOT_DEAD)
            await let_through(connection, letter.consumer, letter.key, letter.id)
            subject = f"delivery {letter.id}: {letter.type} {letter.message_id} for {letter.consumer}"
            await connection.execute(
                insert(audit).values(
                    at=transactions.clock.now(),
                    actor=request.actor_id,
                    correlation_id=request.correlation_id,
                    action=f"dead_letter.{action}",
                    subject=subject,
                    detail=json.dumps(detail),
                )
            )
            fault_point("dead_letter.changed")
        transactions.hints.give()
        await transactions.database.notify()
        return Success(None)

    def _unreadable(self, letter: DeadLetter, data: str) -> str | None:
        try:
            self._transactions.subscriptions.registry.decode_parts(
                Stored(letter.type, letter.schema_version, data)
            )
        except (UnknownMessageError, msgspec.DecodeError) as error:
            return str(error)
        return None


def _letter(row: Row[Any]) -> DeadLetter:
    columns = row._mapping
    fields = {name: columns[name] for name in DeadLetter.__slots__ if name != "blocks"}
    return DeadLetter(**fields, blocks=row.status != "parked")
