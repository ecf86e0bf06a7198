"""An event-sourced aggregate as small as can be, and a store for it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from typing import ClassVar
from uuid import uuid4

from subgraphs.kernel.domain import (
    Currency,
    DomainError,
    DomainEvent,
    EventMetadata,
    EventSourced,
    Failure,
    Identifier,
    Money,
    Result,
    Success,
)
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.store.event_store import EventStore, NewEvent

EUR = Currency("EUR")
OVERDRAWN = DomainError("OVERDRAWN", "There is not enough on the account")


class AccountId(Identifier):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Deposited(DomainEvent):
    name: ClassVar[str] = "bank.deposited"

    amount: Money


@dataclass(frozen=True, slots=True)
class Withdrawn(DomainEvent):
    name: ClassVar[str] = "bank.withdrawn"

    amount: Money


@dataclass(eq=False, kw_only=True)
class Account(EventSourced[AccountId]):
    stored_as: ClassVar[str] = "bank.account"

    balance: Money = field(default_factory=lambda: Money.zero(EUR))

    def deposit(self, amount: Money) -> None:
        self.raise_(Deposited(amount))

    def withdraw(self, amount: Money) -> Result[None, DomainError]:
        if self.balance < amount:
            return Failure(OVERDRAWN)
        self.raise_(Withdrawn(amount))
        return Success(None)

    def when(self, event: DomainEvent) -> None:
        match event:
            case Deposited(amount=amount):
                self.balance += amount
            case Withdrawn(amount=amount):
                self.balance -= amount


REGISTRY = Registry[DomainEvent](attrgetter("name"), [Deposited, Withdrawn])
NOON = datetime(2025, 9, 1, 12, tzinfo=UTC)


def open_bank(context: str = "bank") -> EventStore:
    return EventStore(context, REGISTRY)


def deposit(minor: int, *, event_id: str | None = None, at: datetime = NOON) -> NewEvent:
    metadata = EventMetadata(
        event_id=event_id or str(uuid4()),
        aggregate_id="1",
        occurred_at=at,
        correlation_id="correlation",
        causation_id=None,
        actor=None,
    )
    return NewEvent(Deposited(Money(minor, EUR)), metadata)


def amounts(events: object) -> list[int]:
    """What was deposited, from recorded events."""
    assert isinstance(events, list)
    return [recorded.event.amount.amount_minor for recorded in events]
