"""What other contexts ask of payments (contracts/payments.py), and what payments do about their own news.

payments.process        ProcessPayment: take this money
payments.refund         RefundPayment: see to it that this payment is not kept
payments.verify         VerifyPayment: is this paid, by whom and for what
payments.subscriptions  a subscription's payment came or went
payments.spent          somebody has left a course that they had paid for
payments.forget         somebody is gone: their card as well, and their subscription does not go on
"""

from typing import Any, Final

from subgraphs.contracts.identity import UserDeleted
from subgraphs.contracts.learning import EnrollmentCancelled
from subgraphs.contracts.payments import (
    GetPaymentStatus,
    PaymentCompleted,
    PaymentRefunded,
    PaymentStatusTold,
    PaymentVerified,
    ProcessPayment,
    RefundPayment,
    VerifyPayment,
)
from subgraphs.contracts.payments import PaymentStatus as Status
from subgraphs.kernel.domain import Currency, Failure, Money, Success
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.requests import Request
from subgraphs.kernel.messaging.retry import PoisonError
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.askers import Wants, answer_later, answer_to
from subgraphs.payments.commands.cards import RemoveCard, remove_card
from subgraphs.payments.commands.paying import CreatePayment, checked, refusal
from subgraphs.payments.domain.identifiers import PaymentId, StudentId
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.values import PaymentMethod, PaymentStatus
from subgraphs.payments.event_log import PAYMENTS
from subgraphs.payments.recording import load_payment, store_payment
from subgraphs.payments.repository.purchases import note_spent
from subgraphs.payments.repository.subscriptions import (
    find_running_subscription,
    find_subscription,
    store_subscription,
)

PROCESS: Final = "payments.process"
REFUND: Final = "payments.refund"
VERIFY: Final = "payments.verify"
GET_STATUS: Final = "payments.get_status"
SUBSCRIPTIONS: Final = "payments.subscriptions"
SPENT: Final = "payments.spent"
FORGET: Final = "payments.forget"


async def process(message: Envelope[ProcessPayment], work: UnitOfWork) -> None:
    """Begin the payment, unless it has been begun or barred, and answer as soon as it is settled."""
    wanted = message.body
    payment = await PAYMENTS.find(work.connection, _id_of(wanted.payment_id))
    if payment is None:
        payment = await _begin(message, work)
    elif payment.is_created:
        _check_same(payment, wanted)
    await _answer(message, payment, Wants.PAYMENT, work)


async def refund(message: Envelope[RefundPayment], work: UnitOfWork) -> None:
    """See to it that the payment is not kept, whatever has become of it; answer when it is not."""
    id_ = _id_of(message.body.payment_id)
    payment = await PAYMENTS.find(work.connection, id_) or Payment(id=id_)
    payment.revoke(message.body.reason, at=work.now)
    await store_payment(work, payment)
    await _answer(message, payment, Wants.REFUND, work)


async def verify(message: Envelope[VerifyPayment], work: UnitOfWork) -> None:
    """Say what there is to say about a payment."""
    id_ = message.body.payment_id
    payment = await load_payment(work, id_)
    if payment is None:
        answer = PaymentVerified(id_, is_paid=False)
    else:
        answer = PaymentVerified(
            id_,
            is_paid=payment.status is PaymentStatus.COMPLETED,
            status=Status(payment.status),
            student_id=str(payment.student_id),
            amount_minor=payment.amount.amount_minor,
            currency=payment.amount.currency.code,
            course_id=payment.purpose.course_id,
            class_id=payment.purpose.class_id,
        )
    work.reply(message, answer)


async def get_status(message: Envelope[GetPaymentStatus], work: UnitOfWork) -> None:
    """Say how far a payment has come."""
    id_ = message.body.payment_id
    payment = await load_payment(work, id_)
    work.reply(message, PaymentStatusTold(id_, Status(payment.status) if payment else None))


async def subscription_paid(message: Envelope[PaymentCompleted], work: UnitOfWork) -> None:
    """A subscription runs on for what was paid."""
    if subscription := await find_subscription(work.connection, message.body.subscription_id or ""):
        subscription.paid(at=message.body.completed_at)
        await store_subscription(work, subscription)


async def subscription_refunded(message: Envelope[PaymentRefunded], work: UnitOfWork) -> None:
    """What has gone back does not pay for a subscription any more."""
    payment = await load_payment(work, message.body.payment_id)
    if payment is None or payment.purpose.subscription_id is None:
        return
    if subscription := await find_subscription(work.connection, payment.purpose.subscription_id):
        subscription.refunded(at=message.body.refunded_at)
        await store_subscription(work, subscription)


async def spent(message: Envelope[EnrollmentCancelled], work: UnitOfWork) -> None:
    """Who has left a course may buy it again, whether the money has gone back or not."""
    if (payment_id := message.body.payment_id) is not None:
        await note_spent(work, PaymentId(payment_id))


async def forget(message: Envelope[UserDeleted], work: UnitOfWork) -> None:
    """Payments and invoices stay, as the law wants; a card does not, and a subscription does not go on."""
    student_id = message.body.user_id
    await remove_card(RemoveCard(student_id), work, message.request())
    if subscription := await find_running_subscription(work, StudentId(student_id)):
        subscription.cancel(at=work.now)
        await store_subscription(work, subscription)


def subscriptions() -> tuple[Subscription[Any], ...]:
    """What payments listens to. Money is not moved again because somebody replays the past."""
    return (
        Subscription(PROCESS, ProcessPayment, process, refuses_replay=True),
        Subscription(REFUND, RefundPayment, refund, refuses_replay=True),
        Subscription(VERIFY, VerifyPayment, verify),
        Subscription(GET_STATUS, GetPaymentStatus, get_status),
        Subscription(
            SUBSCRIPTIONS,
            PaymentCompleted,
            subscription_paid,
            where=lambda event, _: event.subscription_id is not None,
            refuses_replay=True,
        ),
        Subscription(SUBSCRIPTIONS, PaymentRefunded, subscription_refunded, refuses_replay=True),
        Subscription(SPENT, EnrollmentCancelled, spent),
        Subscription(FORGET, UserDeleted, forget),
    )


async def _begin(message: Envelope[ProcessPayment], work: UnitOfWork) -> Payment:
    """A new payment, which fails at once when it would be paid twice. PoisonError for one that makes no
    sense: a mistake of whoever asks."""
    wanted = message.body
    command = CreatePayment(
        Money(wanted.amount_minor, Currency(wanted.currency)),
        PaymentMethod(wanted.method),
        wanted.course_id,
        wanted.class_id,
        tutor_id=wanted.tutor_id,
        student_id=wanted.student_id,
    )
    match await checked(command, work, message.request()):
        case Failure(error=error):
            raise PoisonError(f"{error.code}: {error.message}")
        case Success(value=new):
            payment = new.create(PaymentId(wanted.payment_id), work)
            if refused := await refusal(new, work, by_staff=False):  # a message cannot see what is owed
                payment.fail(refused.code, at=work.now)
            await store_payment(work, payment, card=new.card)
            return payment


async def _answer(message: Envelope[Request[Any]], payment: Payment, wants: Wants, work: UnitOfWork) -> None:
    if (answer := answer_to(wants, payment)) is not None:
        work.reply(message, answer)
    else:
        await answer_later(work, message, payment, wants)


def _id_of(text: str) -> PaymentId:
    match PaymentId.parse(text):
        case Success(value=id_) if str(id_) == text:
            return id_
        case _:
            raise PoisonError(f"{text!r} is not the id of a payment")


def _check_same(payment: Payment, wanted: ProcessPayment) -> None:
    """PoisonError for another payment of this id: if we said that it failed, it might be refunded."""
    same = (
        (str(payment.student_id), payment.amount.amount_minor, payment.amount.currency.code)
        == (wanted.student_id, wanted.amount_minor, wanted.currency)
    ) and (payment.purpose.course_id, payment.purpose.class_id) == (wanted.course_id, wanted.class_id)
    if not same:
        raise PoisonError(f"payment {payment.id} is another payment already")
