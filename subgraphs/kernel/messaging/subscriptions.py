"""Who wants which events."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import structlog

from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, Metadata, checked_key
from subgraphs.kernel.messaging.registry import Registry

if TYPE_CHECKING:
    from subgraphs.kernel.store.unit_of_work import UnitOfWork

M = TypeVar("M", bound=IntegrationEvent)

_log = structlog.stdlib.get_logger("subgraphs.messages")


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
    come at all when that is None, or when `where` says no to what it tells and where it comes from. Both are
    pure. They are asked when deliveries are written, and again before the handler is called, so that a
    predicate that has become stricter also holds for what was written before, and a message is given up over
    which they raise. One that has become laxer brings back nothing that was not written: for that there is
    replay.

    A replay of the past is refused by subscriptions with `refuses_replay`, unless it is forced. One that
    `forgets` keeps nothing of what it has handled but that it has: for messages with secrets in them.
    """

    consumer: str
    event: type[M]
    skips_dead: bool = field(default=False, kw_only=True)
    key: Callable[[M], str | None] | None = field(default=None, kw_only=True)
    where: Callable[[M, Metadata], bool] | None = field(default=None, kw_only=True)
    refuses_replay: bool = field(default=False, kw_only=True)
    forgets: bool = field(default=False, kw_only=True)

    @property
    def context(self) -> str:
        return context_of(self.consumer)

    @property
    def reads_bodies(self) -> bool:
        """Whether it takes a look into a message to say under which key it comes, if at all."""
        return self.key is not None or self.where is not None

    def key_of(self, envelope: Envelope[M]) -> str | None:
        """The key under which a message comes; None when it does not. MessageKeyError, or whatever the
        subscription's author has not thought of."""
        if self.where is not None and not self.where(envelope.body, envelope.meta):
            return None
        if self.key is None:
            return envelope.key
        key = self.key(envelope.body)
        return None if key is None else checked_key(key)

    def key_or_its_own(self, envelope: Envelope[M]) -> str | None:
        """As `key_of`, and the message's own where that fails: that is neither the business of the publisher
        nor that of the other messages. The worker meets the same error, and gives the message up."""
        try:
            return self.key_of(envelope)
        except Exception as error:  # noqa: BLE001 -- whatever it is
            message = {"message": envelope.body.type, "message_id": envelope.meta.message_id}
            _log.error("cannot tell who gets it", consumer=self.consumer, **message, error=repr(error))
            return envelope.key


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

    `act` runs outside of any transaction, as long as it needs to within its `patience` (None: it sees to that
    itself), beside the other work of this process; what it returns is then called inside the transaction that
    marks the message as handled. It runs more than once when the process dies before that commits. It raises
    to be called again later: `PostponedError` when the message is not to blame, `PoisonError` when there is
    no use.

    One that is `prompt` is run after the commit by whoever has published the message as well, before the
    publisher's caller hears of the commit. Its conclusion is not called then, and nobody is told should it
    fail: that is what the delivery is for.
    """

    act: "Callable[[Envelope[M]], Awaitable[Conclusion]]"
    patience: timedelta | None = field(default=timedelta(minutes=1), kw_only=True)
    prompt: bool = field(default=False, kw_only=True)


class Subscriptions:
    """All subscriptions of this process. What it subscribes to comes to the messages of a `registry`, which
    stays as it is.

    `hosted` are the contexts that this process is there for, where it is not there for all: what goes to the
    others is written to the outbox, and reaches them through a transport.
    """

    def __init__(
        self, registry: Registry[IntegrationEvent] | None = None, *, hosted: Collection[str] | None = None
    ) -> None:
        self.registry = registry.copy() if registry else Registry[IntegrationEvent](attrgetter("type"))
        self.hosted = None if hosted is None else frozenset(hosted)
        self._by_message: dict[tuple[str, str], Interest[Any]] = {}
        self._by_type: dict[str, list[Interest[Any]]] = {}

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
            of_type = self._by_type.setdefault(event.type, [])
            of_type.append(subscription)
            of_type.sort(key=attrgetter("consumer"))

    def to(self, event_type: str) -> Sequence[Interest[Any]]:
        """The subscriptions to a type, sorted by consumer."""
        return self._by_type.get(event_type, ())

    def recipients_of(self, envelope: Envelope[Any]) -> tuple[tuple[str, str], ...]:
        """The consumers of a message, sorted by name, and the key under which each gets it."""
        keyed = ((one.consumer, one.key_or_its_own(envelope)) for one in self.to(envelope.body.type))
        return tuple((consumer, key) for consumer, key in keyed if key is not None)

    def is_here(self, consumer: str) -> bool:
        """Whether a consumer's context is one that this process is there for."""
        return self.hosted is None or context_of(consumer) in self.hosted

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

    def types_of(self, consumer: str) -> tuple[str, ...]:
        """What a consumer subscribes to, sorted; nothing when there is no such consumer here."""
        return tuple(sorted(type_ for name, type_ in self._by_message if name == consumer))

    def find(self, consumer: str, event_type: str) -> Interest[Any] | None:
        return self._by_message.get((consumer, event_type))
