"""Requests: messages that want an answer, which is a message as well.

Nobody waits in memory for it: the request, its answer and the timer of its deadline are rows like any other
message. `work.ask` sends a request, `work.reply` in its handler answers; the answer reaches the consumer that
the request named, which subscribes to answers of that type.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar, get_args, get_origin
from uuid import UUID, uuid5

from sqlalchemy import exists, select

from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.tables import delivery

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from subgraphs.kernel.store.unit_of_work import UnitOfWork

R = TypeVar("R", bound=IntegrationEvent, covariant=True)

_REPLY_IDS: Final = UUID("0f6a1f0e-3b0f-4a55-9a5b-8f2f6a9d7c31")


@dataclass(frozen=True, slots=True)
class Request(IntegrationEvent, Generic[R]):
    """A message whose answer is an `R`: `class AskPrice(Request[Price])`."""


@dataclass(frozen=True, slots=True)
class RequestTimedOut(IntegrationEvent):
    """A requester's message to itself: the answer is late."""

    type: ClassVar[str] = "kernel.request_timed_out"
    request_id: str
    request_type: str
    to: str


def reply_id(request_id: str) -> str:
    """The id of a request's answer: there is one, however often the request is handled."""
    return str(uuid5(_REPLY_IDS, request_id))


def reply_type(request: type[Request[Any]]) -> type[Any]:
    """The type `R` of a kind of request. TypeError when it does not say."""
    for base in getattr(request, "__orig_bases__", ()):
        if get_origin(base) is Request:
            (answer,) = get_args(base)
            assert isinstance(answer, type)
            return answer
    raise TypeError(f"{request.__name__} does not say what answers it: Request[...]")


def when_late(
    consumer: str, handler: "Callable[[Envelope[RequestTimedOut], UnitOfWork], Awaitable[None]]"
) -> Subscription[RequestTimedOut]:
    """Call `handler` when an answer that this consumer waits for is not there in time.

    One that is there, handled or not, counts as in time.
    """

    async def unless_answered(message: Envelope[RequestTimedOut], work: "UnitOfWork") -> None:
        answered = exists().where(
            delivery.c.consumer == consumer, delivery.c.message_id == reply_id(message.body.request_id)
        )
        if not await work.connection.scalar(select(answered)):
            await handler(message, work)

    return Subscription(consumer, RequestTimedOut, unless_answered)
