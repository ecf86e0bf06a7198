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
    """A system at rest: the database of the market, and that of the gazette.

    `answered` has, for each producer, the number of its last answered command. `charges` is what the payment
    house has in its books, `cached` what whoever asks is told of each topic, `units` how much there was to
    be sold.
    """

    connection: AsyncConnection
    gazette: AsyncConnection
    seed: int
    answered: Mapping[str, int]
    charges: Sequence[Mapping[str, Any]]
    cached: Mapping[str, int]
    units: int

    @property
    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        return SUBSCRIPTIONS

    async def rows(self, query: str, **values: object) -> Sequence[Row[Any]]:
        return await _rows(self.connection, query, values)

    async def gazette_rows(self, query: str, **values: object) -> Sequence[Row[Any]]:
        return await _rows(self.gazette, query, values)

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

    @property
    def is_vacuous(self) -> bool:
        """Whether it holds of nothing: a run may be too short for what it is about."""
        return self.holds and bool(self.numbers) and not any(self.numbers.values())


async def _rows(connection: AsyncConnection, query: str, values: Mapping[str, object]) -> Sequence[Row[Any]]:
    statement: TextClause = text(query)
    return (await connection.execute(statement, values)).all()


Invariant: TypeAlias = Callable[[Case], Awaitable[Finding]]
