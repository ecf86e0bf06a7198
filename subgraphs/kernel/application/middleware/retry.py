"""Two commands met at one aggregate: the one that lost sees the new state and decides again. And so does one
whose connection was cut."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, TypeVar

from sqlalchemy.exc import DBAPIError

from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.domain import DomainError, Failure, Result
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.lost import CommitUnknownError, DatabaseBusyError, DatabaseUnavailableError
from subgraphs.kernel.store.versioned import ConcurrencyConflict
from subgraphs.kernel.telemetry.instruments import COMMAND_CONFLICTS

CONFLICT: Final = DomainError("CONFLICT", "Somebody else is changing this: try again")

R = TypeVar("R", bound=Result[Any, DomainError])

_ATTEMPTS: Final = 3
_LONGEST_FIRST_PAUSE_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Retry:
    """CONFLICT after three attempts; DatabaseUnavailableError after three lost connections, or at once when
    it has been waited for already.

    What may have been committed is done again only under an idempotency key, which tells: else
    CommitUnknownError.
    """

    database: Database
    random: Random = field(default_factory=Random)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def __call__(self, execution: Execution, proceed: Proceed) -> Outcome:
        return await self.run(lambda: proceed(execution), may_be_repeated=execution.is_remembered)

    async def run(
        self, transact: Callable[[], Awaitable[R]], *, may_be_repeated: bool = False
    ) -> R | Failure[DomainError]:
        """Call what opens a transaction, reads, decides and commits, until it loses to nobody.

        It `may_be_repeated` when it finds out by itself that it was done before.
        """
        for attempt in range(_ATTEMPTS):
            if attempt:
                await self.sleep(self.random.uniform(0, _LONGEST_FIRST_PAUSE_SECONDS * 2.0**attempt))
            try:
                return await transact()
            except ConcurrencyConflict:
                pass
            except DBAPIError as error:
                if not self.database.is_conflict(error):
                    raise
            except (DatabaseUnavailableError, CommitUnknownError) as error:
                is_unknown = isinstance(error, CommitUnknownError) and not may_be_repeated
                has_waited = isinstance(error, DatabaseBusyError)
                if is_unknown or has_waited or attempt + 1 == _ATTEMPTS:
                    raise
                continue
            COMMAND_CONFLICTS.inc()
        return Failure(CONFLICT)
