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


def context_of(consumer: str) -> str:
    """The context of a consumer, which is called `context.purpose`."""
    return consumer.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Subscription(Generic[M]):
    """One consumer's interest in one type of event.

    `consumer` is `context.purpose`; it is the name under which each message is handled once, so it never
    changes. One consumer may subscribe to several types: it gets all messages of a key in one order. The
    handler runs inside the transaction that marks the message as handled, possibly more than once until
    that commits: it writes to this database through the unit of work and does nothing else. It raises to be
    called again later. A message that is given up holds back the later ones of its key, unless the messages
    do not depend on each other: then they may skip it.

    A message comes under the key of its source, or under the `key` that the consumer gives it; it does not
    come at all when that is None. `key` is pure, and part of publishing: what it raises, the publisher gets.
    """

    consumer: str
    event: type[M]
    handler: "Callable[[Envelope[M], UnitOfWork], Awaitable[None]]"
    skips_dead: bool = False
    key: Callable[[M], str | None] | None = None

    @property
    def context(self) -> str:
        return context_of(self.consumer)


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

    def recipients_of(self, envelope: Envelope[Any]) -> tuple[tuple[str, str], ...]:
        """The consumers of a message, sorted by name, and the key under which each gets it."""
        interested = (one for one in self._by_message.values() if one.event.type == envelope.body.type)
        keyed = ((one.consumer, one.key(envelope.body) if one.key else envelope.key) for one in interested)
        return tuple(sorted((consumer, key) for consumer, key in keyed if key is not None))

    def consumers(self) -> tuple[str, ...]:
        """Every consumer once, sorted by name."""
        return tuple(sorted({consumer for consumer, _ in self._by_message}))

    def find(self, consumer: str, event_type: str) -> Subscription[Any] | None:
        return self._by_message.get((consumer, event_type))
