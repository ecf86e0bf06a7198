"""What happened inside a context."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """Something an aggregate did, in the past tense. Subclasses are frozen dataclasses with a `name`.

    `name` is `context.thing_happened`. Domain events stay inside their context; what others may know is
    published as an integration event. `version` counts the shapes in which events of this name were ever
    stored; it matters to event-sourced aggregates only.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class UnknownEvent(DomainEvent):
    """An event that this version of the program does not know: written by a newer one, or retired."""

    name: ClassVar[str] = "unknown"

    stored_name: str
    data: str


E = TypeVar("E", bound=DomainEvent, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMetadata:
    """The circumstances of an event, known to whoever stores it and not to the aggregate."""

    event_id: str
    aggregate_id: str
    occurred_at: datetime
    correlation_id: str
    causation_id: str | None
    actor: str | None


@dataclass(frozen=True, slots=True)
class RecordedEvent(Generic[E]):
    """An event as it stands in its aggregate's history, where its number is `version`: 1, 2, 3, ..."""

    event: E
    version: int
    metadata: EventMetadata

    @property
    def name(self) -> str:
        return self.event.name
