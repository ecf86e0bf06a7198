"""Aggregates whose state is nothing but what has happened to them."""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from subgraphs.kernel.domain.entity import AggregateRoot, Id
from subgraphs.kernel.domain.events import DomainEvent, RecordedEvent


@dataclass(eq=False, kw_only=True)
class EventSourced(AggregateRoot[Id]):
    """An aggregate that is stored as its events. Every field but `id` has a default.

    Methods check the rules and raise events; `when` alone changes the state, and refuses nothing: what has
    happened has happened. `version` is the number of the newest event in the store that is applied; what was
    raised since comes after it.
    """

    stored_as: ClassVar[str]
    """The name of the kind of aggregate in the store, which never changes: `payments.payment`."""

    state_version: ClassVar[int] = 1
    """Counts the shapes of the state; snapshots of another one are not used."""

    def raise_(self, event: DomainEvent) -> None:
        """Record what has just happened, and let it change the state."""
        super().raise_(event)
        self.when(event)

    @abstractmethod
    def when(self, event: DomainEvent) -> None:
        """Change the state as the event says. Events that this version does not know change nothing."""

    def replay(self, history: Iterable[RecordedEvent[DomainEvent]]) -> Self:
        """Apply what happened later. ValueError when an event is missing in between."""
        for recorded in history:
            if recorded.version != self.version + 1:
                raise ValueError(
                    f"{type(self).__name__} {self.id}: event {recorded.version} follows event {self.version}"
                )
            self.when(recorded.event)
            self.version = recorded.version
        return self

    @classmethod
    def rehydrate(cls, id: Id, history: Iterable[RecordedEvent[DomainEvent]]) -> Self:  # noqa: A002
        """The aggregate as its whole history has made it."""
        return cls(id=id).replay(history)
