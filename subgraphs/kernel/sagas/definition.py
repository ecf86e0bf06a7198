"""A kind of saga, as its author writes it.

    ORDER = Saga("shop.order", Order)

    @ORDER.starts_with(OrderPlaced, by=lambda message: message.order_id)
    def placed(message: OrderPlaced) -> Decision[Order]:
        order = Order(message.order_id, message.price)
        charge = Send(Charge(order.id, order.price), to="payments.charge")
        return order, [Begin("payment", timeout=timedelta(minutes=15)), charge]

    @ORDER.on(Charged, by=lambda message: message.order_id, step="payment")
    def charged(order: Order, message: Charged) -> Decision[Order]:
        return replace(order, payment_id=message.payment_id), [Finish(), Complete()]

    @ORDER.compensates("payment", confirmed_by=Refunded, by=lambda message: message.order_id)
    def refund(order: Order) -> Send:
        return Send(Refund(order.payment_id), to="payments.refund")

Handlers are pure: all they know is the state and the message. Whoever gets a saga's commands must bear to get
one twice, under two message ids: a step that begins again and a compensation that is not confirmed in time
are asked for again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar
from uuid import UUID, uuid5

from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.sagas.outputs import Farewell, Output, Send

S = TypeVar("S")
M = TypeVar("M", bound=IntegrationEvent)

Decision: TypeAlias = tuple[S, Sequence[Output]]
"""The new state, and what is to be done."""

Correlation: TypeAlias = Callable[[M], str | None]
"""What a message has in common with the others of its saga; None when it belongs to none."""

_SAGA_IDS: Final = UUID("5e1b8d5a-6b9e-4c50-9d1c-2f6a0c4a7f11")


@dataclass(frozen=True, slots=True)
class Start(Generic[S]):
    """A message that starts a saga, unless there is one of its key."""

    decide: Callable[[Any], Decision[S]]


@dataclass(frozen=True, slots=True)
class Handle(Generic[S]):
    """A message for a running saga; with a `step`, the answer that this step waits for."""

    decide: Callable[[S, Any], Decision[S]]
    step: str | None


@dataclass(frozen=True, slots=True)
class Confirm:
    """The answer to the compensation of a step."""

    step: str


@dataclass(frozen=True, slots=True)
class Route(Generic[S]):
    """What a message means to a kind of saga."""

    message: type[IntegrationEvent]
    by: Correlation[Any]
    meaning: Start[S] | Handle[S] | Confirm


class Saga(Generic[S]):
    """One kind of saga. `type` is `context.purpose`, also the name of its consumer: it never changes.

    `state` is a frozen dataclass that is stored as JSON; a field that is added later has a default.
    """

    def __init__(self, type_: str, state: type[S]) -> None:
        self.type = type_
        self.state = state
        self._routes: dict[type[IntegrationEvent], Route[S]] = {}
        self._timeouts: dict[str, Callable[[S], Decision[S]]] = {}
        self._compensations: dict[str, Callable[[S], Send]] = {}
        self._farewell: Callable[[S, str], Sequence[Farewell]] | None = None

    @property
    def context(self) -> str:
        return self.type.partition(".")[0]

    @property
    def routes(self) -> tuple[Route[S], ...]:
        return tuple(self._routes.values())

    def id_of(self, key: str) -> str:
        """The id of the saga of this correlation key, whether it has started or not."""
        return str(uuid5(_SAGA_IDS, f"{self.type}:{key}"))

    def route(self, message: type[IntegrationEvent]) -> Route[S] | None:
        return self._routes.get(message)

    def timeout(self, step: str) -> Callable[[S], Decision[S]] | None:
        return self._timeouts.get(step)

    def compensation(self, step: str) -> Callable[[S], Send] | None:
        return self._compensations.get(step)

    def farewell(self, state: S, reason: str) -> Sequence[Farewell]:
        """What is said when a saga that did not succeed has been undone."""
        return self._farewell(state, reason) if self._farewell else ()

    def starts_with(
        self, message: type[M], *, by: Correlation[M]
    ) -> Callable[[Callable[[M], Decision[S]]], Callable[[M], Decision[S]]]:
        """The decorated function gives the first state. A message whose saga has started is ignored."""

        def add(decide: Callable[[M], Decision[S]]) -> Callable[[M], Decision[S]]:
            self._add(Route(message, by, Start(decide)))
            return decide

        return add

    def on(
        self, message: type[M], *, by: Correlation[M], step: str | None = None
    ) -> Callable[[Callable[[S, M], Decision[S]]], Callable[[S, M], Decision[S]]]:
        """The decorated function handles a message while the saga runs.

        With a `step` it is called while the step is open, once: a second answer is ignored. It is also called
        when the saga has given up waiting: if its answer is `Finish`, the step is compensated, and the rest
        of what it answers is left undone.
        """

        def add(decide: Callable[[S, M], Decision[S]]) -> Callable[[S, M], Decision[S]]:
            self._add(Route(message, by, Handle(decide, step)))
            return decide

        return add

    def on_timeout(self, step: str) -> Callable[[Callable[[S], Decision[S]]], Callable[[S], Decision[S]]]:
        """The decorated function says what follows when a step is late. Without one, the saga fails."""

        def add(decide: Callable[[S], Decision[S]]) -> Callable[[S], Decision[S]]:
            _set_once(self._timeouts, step, decide, f"{self.type} has two timeouts of {step}")
            return decide

        return add

    def compensates(
        self, step: str, *, confirmed_by: type[M], by: Correlation[M]
    ) -> Callable[[Callable[[S], Send]], Callable[[S], Send]]:
        """The decorated function says how a completed step is undone.

        What it sends is sent again until `confirmed_by` comes.
        """

        def add(undo: Callable[[S], Send]) -> Callable[[S], Send]:
            _set_once(self._compensations, step, undo, f"{self.type} has two compensations of {step}")
            self._add(Route(confirmed_by, by, Confirm(step)))
            return undo

        return add

    def undone(
        self, farewell: Callable[[S, str], Sequence[Farewell]]
    ) -> Callable[[S, str], Sequence[Farewell]]:
        """The decorated function says what is told, once, when a saga without success has been undone."""
        if self._farewell is not None:
            raise ValueError(f"{self.type} is undone twice")
        self._farewell = farewell
        return farewell

    def _add(self, route: Route[S]) -> None:
        name = route.message.__name__
        _set_once(self._routes, route.message, route, f"{self.type} has two meanings for {name}")


K = TypeVar("K")
V = TypeVar("V")


def _set_once(table: dict[K, V], key: K, value: V, complaint: str) -> None:
    if key in table:
        raise ValueError(complaint)
    table[key] = value
