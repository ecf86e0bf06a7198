"""What the rules of payments say, without a database."""

from datetime import UTC, datetime, timedelta
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
    PAYMENT_DISPUTED,
    PAYMENT_NOT_COMPLETED,
    PAYMENT_NOT_PENDING,
    PURPOSE_REQUIRED,
    REFUND_EXCEEDS_PAYMENT,
    REFUND_UNDER_WAY,
    SUBSCRIPTION_ENDED,
)
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
from subgraphs.payments.domain.identifiers import InvoiceId, PaymentId, StudentId, SubscriptionId
from subgraphs.payments.domain.invoice import Invoice, InvoiceNumber
from subgraphs.payments.domain.payment import LATE_PAYMENT, REFUNDED_BY_PROVIDER, Payment
from subgraphs.payments.domain.payment_state import CHARGEBACK, REVOKED
from subgraphs.payments.domain.plans import Plan, after_months
from subgraphs.payments.domain.subscription import Subscription, SubscriptionStatus
from subgraphs.payments.domain.values import Card, PaymentMethod, PaymentStatus, Purpose, Reason, payable

NOW = datetime(2025, 9, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
EUR = Currency("EUR")
ID, STUDENT = PaymentId(str(UUID(int=1))), StudentId(str(UUID(int=2)))
PURPOSE = Purpose(course_id="knots")
PRICE = Money(4900, EUR)
CREATED = PaymentCreated(ID, PRICE, STUDENT, None, PaymentMethod.CARD, PURPOSE, NOW)
COMPLETED = PaymentCompleted(ID, "ch_1", NOW)


def euros(minor: int) -> Money:
    return Money(minor, EUR)


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
    given(payment).when(does(lambda one: one.refund(attempt=1, at=NOW))).then(back)
    assert (payment.status, payment.has_money) == (PaymentStatus.REFUNDED, False)
    given(payment).when(lambda one: one.initiate_refund("twice", at=NOW)).then_refused(ALREADY_REFUNDED)
    given(payment).when(does(lambda one: one.refund(attempt=1, at=NOW))).then()
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
    decline = does(lambda one: one.decline_refund("NO", attempt=1, at=NOW))
    given(payment).when(decline).then(RefundDeclined(ID, "NO", PaymentStatus.COMPLETED, NOW, 1, euros(0)))
    assert payment.__dict__["refund_failure_reason"] == "NO"
    again = RefundInitiated(ID, 2, "still ill", NOW)
    given(payment).when(lambda one: one.initiate_refund("still ill", at=NOW)).then(again)
    assert payment.refund_failure_reason is None
    given(payment).when(decline).then()


def test_a_refund_that_the_provider_takes_back_leaves_the_money_here() -> None:
    payment = paid()
    payment.initiate_refund("ill", at=NOW)
    payment.refund(attempt=1, at=NOW)
    undo = does(lambda one: one.decline_refund("NO", attempt=1, at=NOW, told_at=LATER))
    declined = RefundDeclined(ID, "NO", PaymentStatus.COMPLETED, NOW, 1, PRICE, LATER)
    given(payment).when(undo).then(declined)
    assert (payment.status, payment.has_money, payment.refunded_at) == (PaymentStatus.COMPLETED, True, None)
    given(payment).when(does(lambda one: one.hear_returned(PRICE, told_at=NOW, at=LATER))).then()


def test_a_part_goes_back_and_the_rest_later() -> None:
    begun = RefundInitiated(ID, 1, "one lesson", NOW, euros(900))
    payment = (
        given(paid())
        .when(lambda one: one.initiate_refund("one lesson", at=NOW, amount=euros(900)))
        .then(begun)
    )
    back = PaymentPartlyRefunded(ID, euros(900), 1, "one lesson", NOW)
    given(payment).when(does(lambda one: one.refund(attempt=1, at=NOW))).then(back)
    assert (payment.status, payment.returned, payment.left) == (
        PaymentStatus.COMPLETED,
        euros(900),
        euros(4000),
    )
    much = given(payment).when(lambda one: one.initiate_refund("ill", at=NOW, amount=euros(4001)))
    much.then_refused(REFUND_EXCEEDS_PAYMENT)
    for odd in (euros(0), Money(1, Currency("CHF"))):
        assert payment.initiate_refund("ill", at=NOW, amount=odd) == Failure(INVALID_AMOUNT)
    rest = RefundInitiated(ID, 2, "ill", NOW)  # all that is left is no part
    given(payment).when(lambda one: one.initiate_refund("ill", at=NOW, amount=euros(4000))).then(rest)
    whole = PaymentRefunded(ID, "ill", NOW)
    given(payment).when(does(lambda one: one.refund(attempt=2, at=NOW))).then(whole)
    assert (payment.status, payment.returned, payment.has_money) == (PaymentStatus.REFUNDED, PRICE, False)
    payment.decline_refund("NO", attempt=1, at=NOW)
    assert (payment.status, payment.returned) == (PaymentStatus.COMPLETED, euros(4000))


def test_a_part_of_cash_goes_from_hand_to_hand() -> None:
    part = given(paid(PaymentMethod.CASH)).when(
        lambda one: one.initiate_refund("ill", at=NOW, amount=euros(900))
    )
    events = (
        RefundInitiated(ID, 1, "ill", NOW, euros(900)),
        PaymentPartlyRefunded(ID, euros(900), 1, "ill", NOW),
    )
    part.then(*events)


def test_what_nobody_wants_goes_back_after_the_part_that_is_on_its_way() -> None:
    payment = paid()
    payment.initiate_refund("one lesson", at=NOW, amount=euros(900))
    revoke = does(lambda one: one.revoke("gone", at=NOW))
    given(payment).when(revoke).then(PaymentRevoked(ID, "gone", NOW))
    given(payment).when(revoke).then()
    part, rest = (
        PaymentPartlyRefunded(ID, euros(900), 1, "one lesson", NOW),
        RefundInitiated(ID, 2, "gone", NOW),
    )
    given(payment).when(does(lambda one: one.refund(attempt=1, at=NOW))).then(part, rest)


def test_what_somebody_at_the_provider_sends_back_is_known_by_its_sum() -> None:
    payment = paid()
    payment.initiate_refund("one lesson", at=NOW, amount=euros(900))
    ours, theirs = (
        PaymentPartlyRefunded(ID, euros(900), 1, "one lesson", NOW),
        PaymentPartlyRefunded(ID, euros(100), None, REFUNDED_BY_PROVIDER, NOW),
    )

    def hear(minor: int) -> Any:
        return does(lambda one: one.hear_returned(euros(minor), told_at=NOW, at=NOW))

    given(payment).when(hear(1000)).then(ours, theirs)
    given(payment).when(hear(900)).then()
    given(payment).when(does(lambda one: one.refund(attempt=1, at=NOW))).then()
    back = does(lambda one: one.hear_came_back(euros(100), "NO", refund="re_1", told_at=NOW, at=NOW))
    given(payment).when(back).then(
        RefundDeclined(ID, "NO", PaymentStatus.COMPLETED, NOW, None, euros(100), NOW, "re_1")
    )
    given(payment).when(back).then()  # its end is told by more than one event
    assert payment.returned == euros(900)


def test_a_bank_may_take_the_money_back() -> None:
    payment = paid()
    opened = DisputeOpened(ID, "dp_1", PRICE, "FRAUDULENT", NOW)
    dispute = does(lambda one: one.open_dispute("dp_1", Money(9, Currency("CHF")), "FRAUDULENT", at=NOW))
    given(payment).when(dispute).then(opened)
    given(payment).when(dispute).then()
    assert (payment.is_disputed, payment.status) == (True, PaymentStatus.COMPLETED)
    given(payment).when(lambda one: one.initiate_refund("ill", at=NOW)).then_refused(PAYMENT_DISPUTED)
    lose = does(lambda one: one.close_dispute("dp_1", is_lost=True, at=NOW))
    events = (DisputeClosed(ID, "dp_1", True, NOW), PaymentRefunded(ID, CHARGEBACK, NOW))
    given(payment).when(lose).then(*events)
    given(payment).when(lose).then()
    assert (payment.returned, payment.charged_back) == (euros(0), PRICE)


def test_what_nobody_wants_waits_for_the_bank_to_decide() -> None:
    payment = paid()
    payment.open_dispute("dp_1", euros(900), "GENERAL", at=NOW, respond_by=LATER)
    revoke = does(lambda one: one.revoke("gone", at=NOW))
    given(payment).when(revoke).then(PaymentRevoked(ID, "gone", NOW))
    given(payment).when(revoke).then()
    lose = does(lambda one: one.close_dispute("dp_1", is_lost=True, at=NOW))
    given(payment).when(lose).then(DisputeClosed(ID, "dp_1", True, NOW), RefundInitiated(ID, 1, "gone", NOW))
    assert payment.left == euros(4000)


def test_a_dispute_that_is_won_leaves_all_as_it_was_and_one_about_a_part_the_rest() -> None:
    payment = paid()
    for name, lost in (("dp_1", False), ("dp_2", True)):
        payment.open_dispute(name, euros(900), "GENERAL", at=NOW)
        payment.close_dispute(name, is_lost=lost, at=NOW)
    assert (payment.status, payment.left, payment.is_disputed) == (
        PaymentStatus.COMPLETED,
        euros(4000),
        False,
    )


def test_money_that_comes_too_late_goes_back() -> None:
    events = (LatePaymentReceived(ID, "ch_1", NOW), RefundInitiated(ID, 1, LATE_PAYMENT, NOW))
    payment = given(failed()).when(lambda one: one.complete("ch_1", at=NOW)).then(*events)
    assert payment.status is PaymentStatus.FAILED
    payment.refund(attempt=1, at=NOW)
    assert (payment.status, payment.was_completed) == (PaymentStatus.REFUNDED, False)


def test_news_of_a_refund_may_come_before_the_news_of_the_payment() -> None:
    events = (PaymentCompleted(ID, None, NOW), PaymentRefunded(ID, REFUNDED_BY_PROVIDER, NOW))
    given(new()).when(does(lambda one: one.hear_returned(PRICE, told_at=NOW, at=NOW))).then(*events)


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
    "part": lambda one: one.initiate_refund("ill", at=NOW, amount=euros(900)),
    "refund": lambda one: one.refund(attempt=len(one.attempts), at=NOW),
    "returned": lambda one: one.hear_returned(PRICE, told_at=LATER, at=NOW),
    "returned some": lambda one: one.hear_returned(euros(1000), told_at=LATER, at=NOW),
    "decline": lambda one: one.decline_refund("NO", attempt=len(one.attempts), at=NOW),
    "decline first": lambda one: one.decline_refund("NO", attempt=1, at=NOW),
    "came back": lambda one: one.hear_came_back(euros(100), "NO", refund="re_1", told_at=NOW, at=NOW),
    "dispute": lambda one: one.open_dispute("dp_1", euros(4000), "GENERAL", at=NOW),
    "lose": lambda one: one.close_dispute("dp_1", is_lost=True, at=NOW),
    "win": lambda one: one.close_dispute("dp_1", is_lost=False, at=NOW),
}


@examples(st.sampled_from(PaymentMethod), st.lists(st.sampled_from(sorted(_ACTS)), max_size=16))
def test_whatever_happens_the_state_is_what_the_history_says(method: PaymentMethod, acts: list[str]) -> None:
    """Money that is here is counted once; a refunded payment has none; all of it follows from the events."""
    payment = new(method)
    for act in acts:
        _ACTS[act](payment)
        gone = payment.returned + payment.charged_back
        assert euros(0) <= payment.returned <= PRICE
        assert euros(0) <= payment.charged_back <= PRICE
        assert gone <= PRICE
        assert (payment.status is PaymentStatus.REFUNDED) == (gone == PRICE)
        assert not (payment.refund_under_way and not payment.has_money)
    events = payment.pull_events()
    twin = Payment(id=ID)
    for event in events:
        twin.when(event)
    assert twin.__dict__ == payment.__dict__
    came = sum(isinstance(event, PaymentCompleted | LatePaymentReceived) for event in events)
    assert came <= 1
    assert payment.has_money == (came == 1 and payment.left != euros(0))
