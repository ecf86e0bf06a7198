"""Who wants which events."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry

if TYPE_CHECKING:
    from subgraphs.kernel.store.unit_of_work import UnitOfWork

M = TypeVar("M", bound=IntegrationEvent)


@dataclass(frozen=True, slots=True)
class Subscription(Generic[M]):
    """One consumer's interest in one type of event.

    `consumer` is `context.purpose`; it is the name under which each message is handled once, so it never
    changes. One consumer may subscribe to several types: it gets all messages of a key in one order. The
    handler runs inside the transaction that marks the message as handled, possibly more than once until
    that commits: it writes to this database through the unit of work and does nothing else. It raises to be
    called again later. A message that is given up holds back the later ones of its key, unless the messages
    do not depend on each other: then they may skip it.
    """

    consumer: str
    event: type[M]
    handler: "Callable[[Envelope[M], UnitOfWork], Awaitable[None]]"
    skips_dead: bool = False

    @property
    def context(self) -> str:
        return self.consumer.partition(".")[0]


class Subscriptions:
    """All subscriptions of this process."""

    def __init__(self, registry: Registry[IntegrationEvent] | None = None) -> None:
        self.registry = registry or Registry[IntegrationEvent](attrgetter("type"))
        self._by_message: dict[tuple[str, str], Subscription[Any]] = {}

    def add(self, *subscriptions: Subscription[Any]) -> None:
        """ValueError when a consumer subscribes twice to one type; RegistryError when it could not read all
        that was ever published of it."""
        for subscription in subscriptions:
            event = subscription.event
            self.registry.add(event)
            key = (subscription.consumer, event.type)
            if key in self._by_message:
                raise ValueError(f"{subscription.consumer} subscribes twice to {event.type}")
            self._by_message[key] = subscription

    def consumers_of(self, event: IntegrationEvent) -> tuple[str, ...]:
        """Sorted by name."""
        return tuple(sorted(consumer for consumer, type_ in self._by_message if type_ == event.type))

    def consumers(self) -> tuple[str, ...]:
        """Every consumer once, sorted by name."""
        return tuple(sorted({consumer for consumer, _ in self._by_message}))

    def find(self, consumer: str, event_type: str) -> Subscription[Any] | None:
        return self._by_message.get((consumer, event_type))
