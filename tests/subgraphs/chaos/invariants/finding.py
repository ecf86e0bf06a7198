"""What an invariant looks at, and what it says."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.messaging.subscriptions import Subscription
from tests.subgraphs.chaos.market import SUBSCRIPTIONS

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Case:
    """A system at rest. `answered` has, for each producer, the number of its last answered command."""

    connection: AsyncConnection
    seed: int
    answered: Mapping[str, int]

    @property
    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        return SUBSCRIPTIONS

    async def rows(self, query: str, **values: object) -> Sequence[Row[Any]]:
        statement: TextClause = text(query)
        return (await self.connection.execute(statement, values)).all()

    async def count(self, query: str, **values: object) -> int:
        ((number,),) = await self.rows(query, **values)
        return int(number or 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """An invariant, with the numbers it has looked at and what speaks against it."""

    invariant: str
    numbers: Mapping[str, int]
    violations: tuple[str, ...] = ()

    @classmethod
    def of(cls, invariant: str, violations: Iterable[str], **numbers: int) -> "Finding":
        """With as many violations as anybody would read."""
        every = tuple(violations)
        shown = every[:_SHOWN]
        if len(every) > len(shown):
            shown = (*shown, f"and {len(every) - len(shown)} more")
        return cls(invariant, numbers, shown)

    @property
    def holds(self) -> bool:
        return not self.violations


Invariant: TypeAlias = Callable[[Case], Awaitable[Finding]]
