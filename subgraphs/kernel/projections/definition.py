"""A read model, as its author writes it.

    BALANCES = Projection("bank.balances", version=1, sources=[EventLog(STORE)], tables=[balance])

    @BALANCES.on(Deposited)
    async def deposited(entry: Entry[Deposited], tables: Tables, connection: AsyncConnection) -> None:
        await connection.execute(insert(tables[balance]).values(account=entry.key, ...))

Its tables are filled from logs alone, so that they can be filled again from the beginning, beside those that
are read meanwhile: each such filling is a generation. Handlers see one event after the other, in the order of
its log; they read and write `tables` and nothing else. What they write is committed together with the place
in the log: each event takes effect once.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.projections.sources import Entry, Source
from subgraphs.kernel.projections.tables import Tables

E = TypeVar("E", bound=DomainEvent | IntegrationEvent)

Handler: TypeAlias = Callable[[Entry[E], Tables, AsyncConnection], Awaitable[None]]


class Projection:
    """One kind of read model. `name` is `context.purpose` and never changes.

    `version` is raised whenever the tables or what the handlers make of events change: a new generation is
    filled then, and read once it has caught up. `tables` are templates; a generation has copies of its own.
    `through` are the consumers by which messages of other contexts become events of the sources: whoever
    asks for what follows from such a message waits for them, too. ValueError when that does not fit.
    """

    def __init__(
        self,
        name: str,
        *,
        version: int,
        sources: Sequence[Source],
        tables: Sequence[Table],
        through: Sequence[str] = (),
    ) -> None:
        labels = [source.label for source in sources]
        if not labels or len(set(labels)) < len(labels):
            raise ValueError(f"{name} needs sources, each of them once")
        self.name = name
        self.version = version
        self.sources = tuple(sources)
        self.through = tuple(through)
        self.tables = cache(lambda generation: Tables(tables, generation))
        self._handlers: dict[type[Any], Handler[Any]] = {}
        self.tables(1)  # what does not fit is to be seen now

    @property
    def events(self) -> tuple[type[Any], ...]:
        """The classes of the events that have a handler; others are passed over."""
        return tuple(self._handlers)

    def on(self, event: type[E]) -> Callable[[Handler[E]], Handler[E]]:
        """Say what an event of this class changes. ValueError when that was said before."""

        def register(handler: Handler[E]) -> Handler[E]:
            if event in self._handlers:
                raise ValueError(f"{self.name} has two handlers of {event.__name__}")
            self._handlers[event] = handler
            return handler

        return register

    async def apply(self, connection: AsyncConnection, tables: Tables, entry: Entry[Any]) -> None:
        """Bring the tables up to date with one event."""
        handler = self._handlers.get(type(entry.event))
        if handler is not None:
            await handler(entry, tables, connection)
