"""Two commands met at one aggregate: the one that lost sees the new state and decides again. And so does one
whose connection was cut."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, TypeVar

from sqlalchemy.exc import DBAPIError

from subgraphs.kernel.application.patience import Patience
from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.domain import DomainError, Failure, Result
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.lost import CommitUnknownError, DatabaseUnavailableError
from subgraphs.kernel.store.versioned import ConcurrencyConflict
from subgraphs.kernel.telemetry.instruments import COMMAND_CONFLICTS

CONFLICT: Final = DomainError("CONFLICT", "Somebody else is changing this: try again")

R = TypeVar("R", bound=Result[Any, DomainError])

_ATTEMPTS: Final = 3
_LONGEST_FIRST_PAUSE_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Retry:
    """CONFLICT after three lost races; DatabaseUnavailableError when the database stays away for longer than
    whoever asks has patience.

    What may have been committed is done again only under an idempotency key, which tells: else
    CommitUnknownError.
    """

    database: Database
    random: Random = field(default_factory=Random)

    async def __call__(self, execution: Execution, proceed: Proceed) -> Outcome:
        return await self.run(
            lambda: proceed(execution),
            deadline=execution.request.deadline,
            may_be_repeated=execution.is_remembered,
        )

    async def run(
        self,
        transact: Callable[[], Awaitable[R]],
        *,
        deadline: float | None = None,
        may_be_repeated: bool = False,
    ) -> R | Failure[DomainError]:
        """Call what opens a transaction, reads, decides and commits, until it loses to nobody.

        It `may_be_repeated` when it finds out by itself that it was done before.
        """
        patience, lost_races = Patience(deadline, self.random), 0
        while lost_races < _ATTEMPTS:
            if lost_races:
                await asyncio.sleep(self.random.uniform(0, _LONGEST_FIRST_PAUSE_SECONDS * 2.0**lost_races))
            try:
                return await transact()
            except ConcurrencyConflict:
                pass
            except DBAPIError as error:
                if not self.database.is_conflict(error):
                    raise
            except (DatabaseUnavailableError, CommitUnknownError) as error:
                is_unknown = isinstance(error, CommitUnknownError) and not may_be_repeated
                if is_unknown or not await patience.outlasts(error):
                    raise
                continue
            COMMAND_CONFLICTS.inc()
            lost_races += 1
        return Failure(CONFLICT)
