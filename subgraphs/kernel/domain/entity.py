"""Things with an identity that outlives their state."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from subgraphs.kernel.domain.events import DomainEvent
from subgraphs.kernel.domain.identifiers import Identifier

Id = TypeVar("Id", bound=Identifier)


@dataclass(eq=False, kw_only=True)
class Entity(Generic[Id]):
    """Equal to another of its class with the same id, whatever their state.

    Subclasses are `@dataclass(eq=False, kw_only=True)`.
    """

    id: Id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entity) and type(other) is type(self) and bool(other.id == self.id)

    def __hash__(self) -> int:
        return hash((type(self), self.id))


@dataclass(eq=False, kw_only=True)
class AggregateRoot(Entity[Id]):
    """The entity through which a whole aggregate is changed; one transaction changes one aggregate.

    `version` is that of the stored state: 0 until it was stored once. The repository moves it
    (store/versioned.py).
    """

    version: int = 0
    _events: list[DomainEvent] = field(default_factory=list, init=False, repr=False)

    def raise_(self, event: DomainEvent) -> None:
        """Record what has just happened."""
        self._events.append(event)

    def pull_events(self) -> tuple[DomainEvent, ...]:
        """What has happened since the last call, oldest first."""
        events = tuple(self._events)
        self._events.clear()
        return events
