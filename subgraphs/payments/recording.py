"""A payment is stored, and what follows from that: money is moved, other contexts hear of it, askers too.

All of it is one transaction. That money moves is asked for in it and done afterwards (kernel/effects); what
came of that is recorded by `_charged` and `_refunded`, each once. What the provider wants to tell later and
has not told in time is asked for: its news may be lost.
"""

from datetime import timedelta
from typing import Final

from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.effects.effect import Effect
from subgraphs.kernel.effects.outcome import Outcome, Refused, Succeeded
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.askers import answer_who_waits
from subgraphs.payments.crediting import ask_for_correction
from subgraphs.payments.domain.events import ChargeAccepted, PaymentCreated, RefundInitiated
from subgraphs.payments.domain.identifiers import PaymentId
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.values import Card, PaymentMethod, PaymentStatus
from subgraphs.payments.event_log import PAYMENTS
from subgraphs.payments.provider.gateway import ChargeCard, LookUp, Receipt, RefundCharge
from subgraphs.payments.publishing import publish
from subgraphs.payments.repository.purchases import note_purchase
from subgraphs.payments.repository.references import note_reference

_FIRST_LOOK: Final = timedelta(hours=1)
_NEXT_LOOK: Final = timedelta(days=1)
_MOST_LOOKS: Final = 30


async def store_payment(work: UnitOfWork, payment: Payment, *, card: Card | None = None) -> None:
    """Append what has happened to a payment. `card` is what a new one is paid with. ConcurrencyConflict."""
    for event in (events := await PAYMENTS.save(work, payment)):
        await _move_money(work, payment, event, card)
        publish(work, payment, event)
        ask_for_correction(work, payment, event)
    if events:
        await note_purchase(work, payment)
        await note_reference(work, payment)
    await answer_who_waits(work, payment)


async def load_payment(work: UnitOfWork, payment_id: str) -> Payment | None:
    """A payment that somebody has asked for."""
    payment = await PAYMENTS.find(work.connection, PaymentId(payment_id))
    return payment if payment is not None and payment.is_created else None


async def _move_money(work: UnitOfWork, payment: Payment, event: DomainEvent, card: Card | None) -> None:
    match event:
        case PaymentCreated(method=PaymentMethod.CARD) if payment.status is PaymentStatus.PENDING:
            charge = ChargeCard(
                str(payment.id),
                payment.amount.amount_minor,
                payment.amount.currency.code,
                card.token if card else None,
                card.customer if card else None,
            )
            await CHARGE.request(work, charge)
        case ChargeAccepted() if payment.status is PaymentStatus.PENDING:
            _look_later(work, payment, attempt=0, turn=1)
        case RefundInitiated(attempt=attempt, amount=part) if payment.refund_under_way:
            refund = RefundCharge(
                str(payment.id),
                attempt,
                payment.reference or "",
                (part or payment.left).amount_minor,
                payment.amount.currency.code,
                is_part=part is not None,
            )
            await REFUND.request(work, refund)


async def look_up(work: UnitOfWork, payment: Payment) -> None:
    """Ask the provider now for what it has not told yet, if there is anything."""
    attempt = len(payment.attempts) if payment.refund_under_way else 0
    if _waits(payment, attempt):
        await LOOK_UP.request(work, _look(payment, attempt, str(work.ids.new())))


async def _charged(message: Envelope[ChargeCard], outcome: Outcome[Receipt], work: UnitOfWork) -> None:
    payment = await _payment_of(message.body.payment_id, work)
    _hear_of_charge(payment, outcome, work)
    await store_payment(work, payment)


async def _refunded(message: Envelope[RefundCharge], outcome: Outcome[Receipt], work: UnitOfWork) -> None:
    payment, attempt = await _payment_of(message.body.payment_id, work), message.body.attempt
    _hear_of_refund(payment, attempt, outcome, work)
    if _waits(payment, attempt):
        _look_later(work, payment, attempt=attempt, turn=1)
    await store_payment(work, payment)


async def _looked_up(message: Envelope[LookUp], outcome: Outcome[Receipt], work: UnitOfWork) -> None:
    payment, attempt = await _payment_of(message.body.payment_id, work), message.body.attempt
    if attempt:
        _hear_of_refund(payment, attempt, outcome, work)
    else:
        _hear_of_charge(payment, outcome, work)
    turn = message.body.turn
    if turn.isdigit() and int(turn) < _MOST_LOOKS and _waits(payment, attempt):
        _look_later(work, payment, attempt=attempt, turn=int(turn) + 1)
    await store_payment(work, payment)


def _hear_of_charge(payment: Payment, outcome: Outcome[Receipt], work: UnitOfWork) -> None:
    match outcome:
        case Succeeded(Receipt(reference, is_settled=False)):
            payment.accept(reference, at=work.now)
        case Succeeded(Receipt(reference)):
            payment.complete(reference, at=work.now)
        case Refused(code):
            payment.fail(code, at=work.now)  # refused itself when the provider's news was here first


def _hear_of_refund(payment: Payment, attempt: int, outcome: Outcome[Receipt], work: UnitOfWork) -> None:
    match outcome:
        case Succeeded(Receipt(is_settled=False)):
            pass  # the provider will say what came of it
        case Succeeded():
            payment.refund(attempt=attempt, at=work.now)
        case Refused(code):
            payment.decline_refund(code, attempt=attempt, at=work.now)


def _waits(payment: Payment, attempt: int) -> bool:
    """Whether the provider has still to say what came of the charge, or of an attempt to send it back."""
    if payment.reference is None or payment.method.is_manual:
        return False
    if attempt:
        return payment.refund_under_way and attempt == len(payment.attempts)
    return payment.status is PaymentStatus.PENDING


def _look(payment: Payment, attempt: int, turn: str) -> LookUp:
    return LookUp(str(payment.id), payment.reference or "", attempt, turn)


def _look_later(work: UnitOfWork, payment: Payment, *, attempt: int, turn: int) -> None:
    message = _look(payment, attempt, str(turn))
    after = _FIRST_LOOK if turn == 1 else _NEXT_LOOK
    work.send(message, to=LOOK_UP.kind, key=LOOK_UP.by(message), after=after)


async def _payment_of(payment_id: str, work: UnitOfWork) -> Payment:
    payment = await load_payment(work, payment_id)
    assert payment is not None, f"money was moved for {payment_id}, which is no payment"
    return payment


CHARGE: Final = Effect(
    "payments.charge", ChargeCard, Receipt, by=lambda message: message.payment_id, then=_charged
)
REFUND: Final = Effect(
    "payments.send_back",
    RefundCharge,
    Receipt,
    by=lambda message: f"{message.payment_id}/{message.attempt}",
    then=_refunded,
)
LOOK_UP: Final = Effect(
    "payments.look_up",
    LookUp,
    Receipt,
    by=lambda message: f"{message.payment_id}/{message.attempt}/{message.turn}",
    then=_looked_up,
)
