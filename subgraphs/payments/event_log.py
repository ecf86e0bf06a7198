"""The histories of payments, and how what earlier versions of the program have written is read."""

from operator import attrgetter
from typing import Final

from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.messaging.upcasting import JsonObject, Upcaster
from subgraphs.kernel.store.event_sourcing import EventSourcedRepository
from subgraphs.kernel.store.event_store import EventStore
from subgraphs.payments.domain.events import (
    ChargeAccepted,
    DisputeClosed,
    DisputeOpened,
    LatePaymentReceived,
    PaymentBarred,
    PaymentCompleted,
    PaymentCreated,
    PaymentFailed,
    PaymentPartlyRefunded,
    PaymentRefunded,
    PaymentRevoked,
    RefundDeclined,
    RefundInitiated,
)
from subgraphs.payments.domain.payment import Payment


def _with_method_and_purpose(created: JsonObject) -> JsonObject:
    """What was paid before there was a choice was paid by card; for what, nobody has written down."""
    return {**created, "method": "CARD", "purpose": {}}


UPCASTERS: Final = (Upcaster(PaymentCreated.name, 1, _with_method_and_purpose),)

REGISTRY: Final = Registry[DomainEvent](
    attrgetter("name"),
    (
        ChargeAccepted,
        DisputeClosed,
        DisputeOpened,
        LatePaymentReceived,
        PaymentBarred,
        PaymentCompleted,
        PaymentCreated,
        PaymentFailed,
        PaymentPartlyRefunded,
        PaymentRefunded,
        PaymentRevoked,
        RefundDeclined,
        RefundInitiated,
    ),
    upcasters=UPCASTERS,
)
EVENTS: Final = EventStore("payments", REGISTRY)
PAYMENTS: Final = EventSourcedRepository(EVENTS, Payment)
