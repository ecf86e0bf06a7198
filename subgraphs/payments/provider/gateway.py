"""The port to the payment provider: money is taken from a card, and sent back to it.

The kernel's effects call it (kernel/effects): outside of any transaction, under a key that stays the same
however often the same is asked for, behind a circuit breaker, again and again until there is an answer.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from subgraphs.kernel.effects.outcome import Outcome
from subgraphs.kernel.messaging.integration import IntegrationEvent


@dataclass(frozen=True, slots=True)
class ChargeCard(IntegrationEvent):
    """Take this money. Without a card there is nothing to take it from, unless the provider knows better."""

    type: ClassVar[str] = "payments.charge_card"
    payment_id: str
    amount_minor: int
    currency: str
    card: str | None
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class RefundCharge(IntegrationEvent):
    """Send this money back that was taken under this reference; unless it `is_part`, all that is left there,
    which is more or less when somebody has sent back some at the provider."""

    type: ClassVar[str] = "payments.refund_charge"
    payment_id: str
    attempt: int
    reference: str
    amount_minor: int
    currency: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class LookUp(IntegrationEvent):
    """Say what has become of the charge of this reference, or of an attempt to send it back (0: the charge).
    Each `turn` is asked anew."""

    type: ClassVar[str] = "payments.look_up"
    payment_id: str
    reference: str
    attempt: int
    turn: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider calls it. One that is not `is_settled` yet is settled when the provider says so."""

    reference: str
    is_settled: bool = True


class PaymentGateway(Protocol):
    """A payment provider. Its methods raise as those of a kernel `Provider`; Refused is a decline.

    What was done under a key before is not done again: it is answered as the first time.
    """

    @property
    def name(self) -> str: ...

    async def charge(self, key: str, charge: ChargeCard) -> Outcome[Receipt]: ...

    async def find_charge(self, key: str, charge: ChargeCard) -> Outcome[Receipt] | None:
        """What came of a charge; None when there was none, or the provider cannot say."""
        ...

    async def refund(self, key: str, refund: RefundCharge) -> Outcome[Receipt]: ...

    async def find_refund(self, key: str, refund: RefundCharge) -> Outcome[Receipt] | None:
        """What came of a refund; None when there was none, or the provider cannot say."""
        ...

    async def look_up(self, wanted: LookUp) -> Outcome[Receipt]:
        """What has become of a charge, or of a refund; a receipt that is not settled while nothing has."""
        ...


@dataclass(frozen=True, slots=True)
class Charging:
    """A gateway as the kernel's provider of charges."""

    gateway: PaymentGateway

    @property
    def name(self) -> str:
        return self.gateway.name

    async def call(self, key: str, request: ChargeCard) -> Outcome[Receipt]:
        return await self.gateway.charge(key, request)

    async def find(self, key: str, request: ChargeCard) -> Outcome[Receipt] | None:
        return await self.gateway.find_charge(key, request)


@dataclass(frozen=True, slots=True)
class Refunding:
    """A gateway as the kernel's provider of refunds."""

    gateway: PaymentGateway

    @property
    def name(self) -> str:
        return self.gateway.name

    async def call(self, key: str, request: RefundCharge) -> Outcome[Receipt]:
        return await self.gateway.refund(key, request)

    async def find(self, key: str, request: RefundCharge) -> Outcome[Receipt] | None:
        return await self.gateway.find_refund(key, request)


@dataclass(frozen=True, slots=True)
class LookingUp:
    """A gateway as the kernel's provider of what has become of charges and refunds."""

    gateway: PaymentGateway

    @property
    def name(self) -> str:
        return self.gateway.name

    async def call(self, _key: str, request: LookUp) -> Outcome[Receipt]:
        return await self.gateway.look_up(request)

    async def find(self, _key: str, _request: LookUp) -> Outcome[Receipt] | None:
        return None
