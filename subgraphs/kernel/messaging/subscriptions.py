"""Who wants which events."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry

if TYPE_CHECKING:
    from subgraphs.kernel.store.unit_of_work import UnitOfWork

M = TypeVar("M", bound=IntegrationEvent)


def context_of(consumer: str) -> str:
    """The context of a consumer, which is called `context.purpose`."""
    return consumer.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Interest(Generic[M]):
    """One consumer's interest in one type of event.

    `consumer` is `context.purpose`; it is the name under which each message is handled once, so it never
    changes. One consumer may be interested in several types: it gets all messages of a key in one order. A
    message that is given up holds back the later ones of its key, unless the messages do not depend on each
    other: then they may skip it.

    A message comes under the key of its source, or under the `key` that the consumer gives it; it does not
    come at all when that is None. `key` is pure, and part of publishing: what it raises, the publisher gets.
    """

    consumer: str
    event: type[M]
    skips_dead: bool = field(default=False, kw_only=True)
    key: Callable[[M], str | None] | None = field(default=None, kw_only=True)

    @property
    def context(self) -> str:
        return context_of(self.consumer)


@dataclass(frozen=True, slots=True)
class Subscription(Interest[M]):
    """Messages that are handled in this database.

    The handler runs inside the transaction that marks the message as handled, possibly more than once until
    that commits: it writes to this database through the unit of work and does nothing else. It raises to be
    called again later.
    """

    handler: "Callable[[Envelope[M], UnitOfWork], Awaitable[None]]"


Conclusion: TypeAlias = "Callable[[UnitOfWork], Awaitable[None]]"
"""What is to be written when an errand is done, in the transaction that marks its message as handled."""


@dataclass(frozen=True, slots=True)
class Errand(Interest[M]):
    """Messages about what is done elsewhere: a provider is called, a cache is told.

    `act` runs outside of any transaction, as long as it needs to within its `patience`, beside the other
    work of this process; what it returns is then called inside the transaction that marks the message as
    handled. It runs more than once when the process dies before that commits. It raises to be called again
    later: `PostponedError` when the message is not to blame, `PoisonError` when there is no use.

    One that is `prompt` is run after the commit by whoever has published the message as well, before the
    publisher's caller hears of the commit. Its conclusion is not called then, and nobody is told should it
    fail: that is what the delivery is for.
    """

    act: "Callable[[Envelope[M]], Awaitable[Conclusion]]"
    patience: timedelta = field(default=timedelta(minutes=1), kw_only=True)
    prompt: bool = field(default=False, kw_only=True)


class Subscriptions:
    """All subscriptions of this process. What it subscribes to comes to the messages of a `registry`, which
    stays as it is."""

    def __init__(self, registry: Registry[IntegrationEvent] | None = None) -> None:
        self.registry = registry.copy() if registry else Registry[IntegrationEvent](attrgetter("type"))
        self._by_message: dict[tuple[str, str], Interest[Any]] = {}

    def add(self, *subscriptions: Interest[Any]) -> None:
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

    def prompt_errands(self, event_type: str) -> tuple[Errand[Any], ...]:
        """Those that whoever publishes such a message runs at once."""
        errands = (one for one in self._by_message.values() if isinstance(one, Errand))
        return tuple(one for one in errands if one.prompt and one.event.type == event_type)

    def consumers(self) -> tuple[str, ...]:
        """Every consumer once, sorted by name."""
        return tuple(sorted({consumer for consumer, _ in self._by_message}))

    def errand_consumers(self) -> tuple[str, ...]:
        """Those of them that have errands."""
        errands = (one for one in self._by_message.values() if isinstance(one, Errand))
        return tuple(sorted({one.consumer for one in errands}))

    def find(self, consumer: str, event_type: str) -> Interest[Any] | None:
        return self._by_message.get((consumer, event_type))
