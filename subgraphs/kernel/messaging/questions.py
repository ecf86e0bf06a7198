"""Asking another context, and waiting for its answer, where somebody waits who cannot be called back.

The question is a durable request: once it is committed it will be handled, whatever becomes of who asked. The
answer is a delivery in the asker's database, which any of its processes may have received. Who waits looks
for it there; when that process dies, or its patience ends, the answer comes all the same, to nobody. So only
questions that change nothing should be asked in this way.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from typing import Any, Final, TypeVar, cast

from sqlalchemy import select

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, ReplyTo
from subgraphs.kernel.messaging.registry import Stored
from subgraphs.kernel.messaging.requests import Request, reply_id, reply_type
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.lost import DatabaseUnavailableError
from subgraphs.kernel.store.tables import delivery
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork

R = TypeVar("R", bound=IntegrationEvent)

_FIRST_LOOK_SECONDS: Final = 0.01
_LONGEST_PAUSE_SECONDS: Final = 0.2


class NoReplyError(TimeoutError):
    """The answer was not there by the deadline. The question has been asked, and may still be answered."""


async def _nothing(_message: Envelope[Any], _work: UnitOfWork) -> None: ...


class Questions:
    """What a context asks others: `kinds` are the requests. Its `subscriptions` belong to the context's.

    Each answer, in time or not, is also for `hear` to keep, if there is anything to keep of it.
    """

    def __init__(
        self,
        context: str,
        transactions: Transactions,
        kinds: Sequence[type[Request[Any]]],
        *,
        hear: Callable[[Envelope[Any], UnitOfWork], Awaitable[None]] = _nothing,
    ) -> None:
        self._context = context
        self._hear = hear
        self._transactions = transactions
        self._consumer = f"{context}.answers"
        self._answers = {kind: reply_type(kind) for kind in kinds}

    @property
    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """To the answers."""
        answers = sorted(set(self._answers.values()), key=lambda answer: str(answer.type))
        return tuple(Subscription(self._consumer, answer, self._hear, skips_dead=True) for answer in answers)

    async def ask(
        self, question: Request[R], *, to: str, key: str, request: RequestContext, deadline: timedelta
    ) -> R:
        """Ask a consumer, wherever it lives, and wait for its answer. NoReplyError after the deadline.

        Not within a transaction: the question is committed first.
        """
        transactions, ends = self._transactions, monotonic() + deadline.total_seconds()
        with transactions.hints.listener() as told:
            async with transactions.begin(self._context, request) as work:
                id_ = work.ask(question, to=to, key=key, reply_to=ReplyTo(self._consumer, key))
            fault_point("question.asked")
            pause = _FIRST_LOOK_SECONDS
            while (answer := await self._find(id_)) is None:
                if (left := ends - monotonic()) <= 0:
                    raise NoReplyError(f"{to} has not answered {question.type} {id_} in {deadline}")
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(pause, left)):
                        await told.wait()
                told.clear()
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        return cast(R, self._transactions.subscriptions.registry.decode(answer))

    async def _find(self, request_id: str) -> Stored | None:
        query = select(delivery.c.type, delivery.c.schema_version, delivery.c.data).where(
            delivery.c.consumer == self._consumer, delivery.c.message_id == reply_id(request_id)
        )
        try:
            async with self._transactions.database.read() as connection:
                row = (await connection.execute(query)).one_or_none()
        except DatabaseUnavailableError:
            return None  # the question is committed: what is left is to look again
        return Stored(*row) if row else None
