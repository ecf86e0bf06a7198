"""How long a database that was lost is asked again: until it has restarted, if somebody waits for so long."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Final

from subgraphs.kernel.store.lost import DatabaseBusyError

_ATTEMPTS: Final = 3
_LONGEST_FIRST_PAUSE_SECONDS: Final = 0.02
_LONGEST_PAUSE_SECONDS: Final = 0.5


@dataclass(slots=True)
class Patience:
    """Of one command or query, with a database that it has lost.

    It is asked three times, as its connections may have been cut one by one, and then again and again up to
    the `deadline` by the monotonic clock, if there is one. Pauses grow, and are a matter of chance: a server
    that comes back is not to be met by all at once.
    """

    deadline: float | None
    random: Random = field(default_factory=Random)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    now: Callable[[], float] = monotonic
    _losses: int = 0

    async def outlasts(self, error: Exception) -> bool:
        """Whether to ask again; then the pause is over. Whoever has waited for others already does not."""
        self._losses += 1
        if isinstance(error, DatabaseBusyError):
            return False
        longest = min(_LONGEST_FIRST_PAUSE_SECONDS * 2.0**self._losses, _LONGEST_PAUSE_SECONDS)
        pause = self.random.uniform(0, longest)
        if self._losses >= _ATTEMPTS and (self.deadline is None or self.now() + pause >= self.deadline):
            return False
        await self.sleep(pause)
        return True
