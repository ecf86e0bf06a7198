"""A kind of effect, as its author writes it.

    CHARGE = Effect(
        "payments.charge",                          # its consumer, too
        ChargePayment,                              # the message that asks for it
        Receipt,                                    # what it is worth
        by=lambda message: message.payment_id,      # what makes two messages ask for the same
        then=charged,
    )

    async def charged(message: Envelope[ChargePayment], outcome: Outcome[Receipt], work: UnitOfWork) -> None:
        match outcome:
            case Succeeded(receipt):
                work.publish(PaymentTaken(message.body.order_id, receipt.number), key=message.body.payment_id)
            case Refused(code):
                work.publish(PaymentDeclined(message.body.order_id, code), key=message.body.payment_id)

Whoever is in a transaction asks with `await CHARGE.request(work, ChargePayment(...))`, a saga with
`Send(ChargePayment(...), to="payments.charge")`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID, uuid5

from subgraphs.kernel.effects import storage
from subgraphs.kernel.effects.outcome import Outcome
from subgraphs.kernel.effects.storage import fingerprint
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.store.unit_of_work import UnitOfWork

M = TypeVar("M", bound=IntegrationEvent)
R = TypeVar("R")

_MESSAGE_IDS: Final = UUID("0c5f8c7e-52c1-4f0e-9a55-0f4f9c0b8a3d")


@dataclass(frozen=True, slots=True)
class Effect(Generic[M, R]):
    """`kind` is `context.purpose`; it never changes, as it is part of the keys that providers know.

    `by` is pure and says what an effect is about: messages with one answer ask for one effect, and their
    content has to be the same. `then` is called with what came of it, inside the transaction in which that
    is recorded: exactly once for each message that asks.
    """

    kind: str
    message: type[M]
    result: type[R]
    by: Callable[[M], str]
    then: Callable[[Envelope[M], Outcome[R], UnitOfWork], Awaitable[None]]

    def key_of(self, message: M) -> str:
        """The idempotency key: the same whenever and however often this effect is asked for."""
        return f"{self.kind}:{self.by(message)}"

    async def request(self, work: UnitOfWork, message: M) -> str:
        """Ask for an effect, if this transaction is committed; returns its key.

        To ask twice is to ask once, and `then` is called once. Raises KeyReusedError when something else was
        asked for under the same key.
        """
        key = self.key_of(message)
        await storage.open_effect(
            work.connection, key, kind=self.kind, request=fingerprint(message), now=work.now
        )
        fault_point("effect.requested")
        work.send(message, to=self.kind, key=self.by(message), message_id=str(uuid5(_MESSAGE_IDS, key)))
        return key
