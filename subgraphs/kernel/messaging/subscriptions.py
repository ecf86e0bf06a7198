"""Who wants which events."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent

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
    called again later.
    """

    consumer: str
    event: type[M]
    handler: "Callable[[Envelope[M], UnitOfWork], Awaitable[None]]"

    @property
    def context(self) -> str:
        return self.consumer.partition(".")[0]


class Subscriptions:
    """All subscriptions of this process."""

    def __init__(self) -> None:
        self._by_message: dict[tuple[str, str, int], Subscription[Any]] = {}

    def add(self, *subscriptions: Subscription[Any]) -> None:
        """ValueError when a consumer subscribes twice to one type."""
        for subscription in subscriptions:
            event = subscription.event
            key = (subscription.consumer, event.type, event.version)
            if key in self._by_message:
                raise ValueError(f"{subscription.consumer} subscribes twice to {event.type} v{event.version}")
            self._by_message[key] = subscription

    def consumers_of(self, event: IntegrationEvent) -> tuple[str, ...]:
        """Sorted by name."""
        return tuple(
            sorted(c for c, type_, v in self._by_message if (type_, v) == (event.type, event.version))
        )

    def consumers(self) -> tuple[str, ...]:
        """Every consumer once, sorted by name."""
        return tuple(sorted({consumer for consumer, _, _ in self._by_message}))

    def find(self, consumer: str, event_type: str, version: int) -> Subscription[Any] | None:
        return self._by_message.get((consumer, event_type, version))
