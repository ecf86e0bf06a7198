"""What the rules of payments say, without a database."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from subgraphs.kernel.domain import Currency, Failure, Money, Success
from subgraphs.kernel.testing.scenario import given
from subgraphs.payments.domain.errors import (
    ALREADY_REFUNDED,
    INVALID_AMOUNT,
    INVALID_CARD,
    INVALID_REASON,
    NOT_THE_PLANS_PRICE,
    NOTHING_TO_INVOICE,
    PAYMENT_NOT_COMPLETED,
    PAYMENT_NOT_PENDING,
    PURPOSE_REQUIRED,
    REFUND_UNDER_WAY,
    SUBSCRIPTION_ENDED,
)
from subgraphs.payments.domain.events import (
    ChargeAccepted,
    LatePaymentReceived,
    PaymentBarred,
    PaymentCompleted,
    PaymentCreated,
    PaymentFailed,
    PaymentRefunded,
    PaymentRevoked,
    RefundDeclined,
    RefundInitiated,
)
from subgraphs.payments.domain.identifiers import InvoiceId, PaymentId, StudentId, SubscriptionId
from subgraphs.payments.domain.invoice import Invoice, InvoiceNumber
from subgraphs.payments.domain.payment import LATE_PAYMENT, REFUNDED_BY_PROVIDER, REVOKED, Payment
from subgraphs.payments.domain.plans import Plan, after_months
from subgraphs.payments.domain.subscription import Subscription, SubscriptionStatus
from subgraphs.payments.domain.values import Card, PaymentMethod, PaymentStatus, Purpose, Reason, payable

NOW = datetime(2025, 9, 1, 8, tzinfo=UTC)
EUR = Currency("EUR")
ID, STUDENT = PaymentId(str(UUID(int=1))), StudentId(str(UUID(int=2)))
PURPOSE = Purpose(course_id="knots")
PRICE = Money(4900, EUR)
CREATED = PaymentCreated(ID, PRICE, STUDENT, None, PaymentMethod.CARD, PURPOSE, NOW)
COMPLETED = PaymentCompleted(ID, "ch_1", NOW)


def new(method: PaymentMethod = PaymentMethod.CARD) -> Payment:
    return Payment.create(ID, student_id=STUDENT, amount=PRICE, method=method, purpose=PURPOSE, at=NOW)


def paid(method: PaymentMethod = PaymentMethod.CARD) -> Payment:
    payment = new(method)
    payment.complete("ch_1", at=NOW)
    return payment


def failed() -> Payment:
    payment = new()
    payment.fail("CARD_DECLINED", at=NOW)
    return payment


def does(act: Any) -> Any:
    """An act without a result, as one that succeeds."""

    def acted(payment: Payment) -> Success[None]:
        act(payment)
        return Success(None)

    return acted


def test_a_payment_begins_pending() -> None:
    payment = new()
    assert payment.pull_events() == (CREATED,)
    assert (payment.status, payment.amount, payment.has_money) == (PaymentStatus.PENDING, PRICE, False)


def test_a_payment_is_completed_once() -> None:
    payment = given(new()).when(lambda one: one.complete("ch_1", at=NOW)).then(COMPLETED)
    assert (payment.status, payment.has_money) == (PaymentStatus.COMPLETED, True)
    given(payment).when(lambda one: one.complete("ch_1", at=NOW)).then()


def test_what_the_provider_takes_on_is_still_pending() -> None:
    accept = does(lambda one: one.accept("ch_1", at=NOW))
    payment = given(new()).when(accept).then(ChargeAccepted(ID, "ch_1", NOW))
    assert payment.status is PaymentStatus.PENDING
    given(paid()).when(accept).then()


def test_a_payment_fails_once_and_not_after_it_was_completed() -> None:
    fail = PaymentFailed(ID, "CARD_DECLINED", NOW)
    given(new()).when(lambda one: one.fail("CARD_DECLINED", at=NOW)).then(fail)
    given(failed()).when(lambda one: one.fail("CARD_DECLINED", at=NOW)).then()
    given(paid()).when(lambda one: one.fail("CARD_DECLINED", at=NOW)).then_refused(PAYMENT_NOT_PENDING)


def test_a_refund_goes_by_the_provider_and_is_over_when_that_says_so() -> None:
    begun = RefundInitiated(ID, 1, "a gift", NOW)
    payment = given(paid()).when(lambda one: one.initiate_refund("a gift", at=NOW)).then(begun)
    assert (payment.status, payment.refund_under_way) == (PaymentStatus.COMPLETED, True)
    given(payment).when(lambda one: one.initiate_refund("twice", at=NOW)).then_refused(REFUND_UNDER_WAY)
    back = PaymentRefunded(ID, "a gift", NOW)
    given(payment).when(does(lambda one: one.refund(at=NOW))).then(back)
    assert (payment.status, payment.has_money) == (PaymentStatus.REFUNDED, False)
    given(payment).when(lambda one: one.initiate_refund("twice", at=NOW)).then_refused(ALREADY_REFUNDED)
    given(payment).when(does(lambda one: one.refund(at=NOW))).then()
    given(payment).when(lambda one: one.complete("ch_1", at=NOW)).then_refused(PAYMENT_NOT_PENDING)


def test_cash_goes_back_from_hand_to_hand() -> None:
    events = (RefundInitiated(ID, 1, "ill", NOW), PaymentRefunded(ID, "ill", NOW))
    given(paid(PaymentMethod.CASH)).when(lambda one: one.initiate_refund("ill", at=NOW)).then(*events)


@pytest.mark.parametrize("payment", [new(), failed()])
def test_there_is_nothing_to_refund_before_the_money_is_here(payment: Payment) -> None:
    refused = given(payment).when(lambda one: one.initiate_refund("ill", at=NOW))
    refused.then_refused(PAYMENT_NOT_COMPLETED)


def test_a_declined_refund_may_be_tried_again() -> None:
    payment = paid()
    payment.initiate_refund("ill", at=NOW)
    decline = does(lambda one: one.decline_refund("REFUND_DECLINED", at=NOW))
    given(payment).when(decline).then(RefundDeclined(ID, "REFUND_DECLINED", PaymentStatus.COMPLETED, NOW))
    again = RefundInitiated(ID, 2, "still ill", NOW)
    given(payment).when(lambda one: one.initiate_refund("still ill", at=NOW)).then(again)


def test_a_refund_that_the_provider_takes_back_leaves_the_money_here() -> None:
    payment = paid()
    payment.refund(at=NOW)
    undo = does(lambda one: one.undo_refund("REFUND_DECLINED", at=NOW))
    given(payment).when(undo).then(RefundDeclined(ID, "REFUND_DECLINED", PaymentStatus.COMPLETED, NOW))
    assert (payment.status, payment.has_money) == (PaymentStatus.COMPLETED, True)


def test_money_that_comes_too_late_goes_back() -> None:
    events = (LatePaymentReceived(ID, "ch_1", NOW), RefundInitiated(ID, 1, LATE_PAYMENT, NOW))
    payment = given(failed()).when(lambda one: one.complete("ch_1", at=NOW)).then(*events)
    assert payment.status is PaymentStatus.FAILED
    payment.refund(at=NOW)
    assert (payment.status, payment.was_completed) == (PaymentStatus.REFUNDED, False)


def test_news_of_a_refund_may_come_before_the_news_of_the_payment() -> None:
    events = (PaymentCompleted(ID, None, NOW), PaymentRefunded(ID, REFUNDED_BY_PROVIDER, NOW))
    given(new()).when(does(lambda one: one.refund(at=NOW))).then(*events)


def test_a_payment_that_is_not_wanted_is_not_kept_whatever_becomes_of_it() -> None:
    revoke = does(lambda one: one.revoke("late", at=NOW))
    given(paid()).when(revoke).then(RefundInitiated(ID, 1, "late", NOW))
    given(failed()).when(revoke).then()
    given(new(PaymentMethod.CASH)).when(revoke).then(PaymentFailed(ID, REVOKED, NOW))
    given(Payment(id=ID)).when(revoke).then(PaymentBarred(ID, "late", NOW))
    pending = given(new()).when(revoke).then(PaymentRevoked(ID, "late", NOW))
    given(pending).when(revoke).then()
    both = (COMPLETED, RefundInitiated(ID, 1, "late", NOW))
    given(pending).when(lambda one: one.complete("ch_1", at=NOW)).then(*both)


@pytest.mark.parametrize("minor", [0, -1, 100_000_000])
def test_not_every_amount_can_be_paid(minor: int) -> None:
    assert payable(Money(minor, EUR)) == Failure(INVALID_AMOUNT)


@pytest.mark.parametrize("token", ["4242424242424242", "4242 4242 4242 4242", "", "x" * 101])
def test_the_number_of_a_card_is_not_taken(token: str) -> None:
    assert Card.parse(token) == Failure(INVALID_CARD)


def test_a_payment_is_for_one_thing() -> None:
    assert Purpose.of(None, None, None) == Failure(PURPOSE_REQUIRED)
    assert Purpose.of("course", "class", None) == Failure(PURPOSE_REQUIRED)
    assert Purpose.of(str(UUID(int=7)), None, None) == Success(Purpose(course_id=str(UUID(int=7))))


@pytest.mark.parametrize("text", ["", "  ", "x" * 201])
def test_a_reason_says_something(text: str) -> None:
    assert Reason.parse(text) == Failure(INVALID_REASON)


@pytest.mark.parametrize(
    ("payment", "is_invoiced"), [(new(), True), (paid(), True), (failed(), False), (Payment(id=ID), False)]
)
def test_what_is_open_or_paid_is_invoiced(payment: Payment, is_invoiced: bool) -> None:
    issued = Invoice.issue(InvoiceId("1"), payment, number=InvoiceNumber(2025, 7), at=NOW)
    assert isinstance(issued, Success) == is_invoiced
    if isinstance(issued, Failure):
        assert issued.error == NOTHING_TO_INVOICE
    assert str(InvoiceNumber(2025, 7)) == "2025-000007"


def test_a_subscription_runs_for_as_long_as_it_is_paid() -> None:
    subscription = Subscription.start(SubscriptionId("s"), student_id=STUDENT, plan=Plan.MONTHLY, at=NOW)
    assert subscription.may_be_paid(Money(1, EUR)) == Failure(NOT_THE_PLANS_PRICE)
    assert subscription.may_be_paid(Money(1900, EUR)) == Success(None)
    subscription.paid(at=NOW)
    subscription.paid(at=NOW)
    assert subscription.status is SubscriptionStatus.ACTIVE
    assert subscription.paid_until == datetime(2025, 11, 1, 8, tzinfo=UTC)
    assert subscription.cancel(at=NOW) == Success(None)
    assert subscription.cancel(at=NOW) == Failure(SUBSCRIPTION_ENDED)
    assert subscription.may_be_paid(Money(1900, EUR)) == Failure(SUBSCRIPTION_ENDED)


def test_each_refund_takes_back_what_one_payment_has_bought() -> None:
    subscription = Subscription.start(SubscriptionId("s"), student_id=STUDENT, plan=Plan.MONTHLY, at=NOW)
    subscription.paid(at=NOW)
    subscription.paid(at=NOW)
    subscription.refunded(at=NOW)
    assert subscription.paid_until == datetime(2025, 10, 1, 8, tzinfo=UTC)
    assert subscription.status is SubscriptionStatus.ACTIVE
    subscription.refunded(at=NOW)
    assert (subscription.paid_until, subscription.status) == (NOW, SubscriptionStatus.CANCELLED)


def test_a_month_after_the_last_day_of_january_is_the_last_day_of_february() -> None:
    assert after_months(datetime(2025, 1, 31, tzinfo=UTC), 1) == datetime(2025, 2, 28, tzinfo=UTC)
    assert after_months(datetime(2025, 12, 15, tzinfo=UTC), 1) == datetime(2026, 1, 15, tzinfo=UTC)


_ACTS = {
    "complete": lambda one: one.complete("ch_1", at=NOW),
    "fail": lambda one: one.fail("CARD_DECLINED", at=NOW),
    "accept": lambda one: one.accept("ch_1", at=NOW),
    "initiate": lambda one: one.initiate_refund("ill", at=NOW),
    "revoke": lambda one: one.revoke("late", at=NOW),
    "refund": lambda one: one.refund(at=NOW),
    "decline": lambda one: one.decline_refund("NO", at=NOW),
    "undo": lambda one: one.undo_refund("NO", at=NOW),
}


@examples(st.sampled_from(PaymentMethod), st.lists(st.sampled_from(sorted(_ACTS)), max_size=12))
def test_whatever_happens_the_state_is_what_the_history_says(method: PaymentMethod, acts: list[str]) -> None:
    """Money that is here is counted once; a refunded payment has none; all of it follows from the events."""
    payment = new(method)
    for act in acts:
        _ACTS[act](payment)
    events = payment.pull_events()
    twin = Payment(id=ID)
    for event in events:
        twin.when(event)
    assert twin.__dict__ == payment.__dict__
    came = sum(isinstance(event, PaymentCompleted | LatePaymentReceived) for event in events)
    went = sum(isinstance(event, PaymentRefunded) for event in events)
    undone = 0
    status = PaymentStatus.PENDING
    for event in events:
        was_refunded = status is PaymentStatus.REFUNDED
        undone += isinstance(event, RefundDeclined) and was_refunded
        match event:
            case PaymentRefunded():
                status = PaymentStatus.REFUNDED
            case RefundDeclined(status=after):
                status = after
    assert came <= 1
    assert came - went + undone == payment.has_money
    assert not (payment.status is PaymentStatus.REFUNDED and payment.has_money)
    assert not (payment.refund_under_way and not payment.has_money)
