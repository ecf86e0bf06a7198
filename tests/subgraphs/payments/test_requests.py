"""What other contexts ask of payments, and what they are answered: once, when it is settled."""

from dataclasses import replace

import pytest

from subgraphs.contracts.payments import (
    GetPaymentStatus,
    PaymentMethod,
    PaymentProcessed,
    PaymentStatus,
    PaymentStatusTold,
    PaymentVerified,
    ProcessPayment,
    RefundPayment,
    RefundProcessed,
    VerifyPayment,
)
from subgraphs.payments.commands.cards import RegisterCard
from subgraphs.payments.commands.settling import CompletePayment
from subgraphs.payments.domain.values import PaymentStatus as Status
from tests.subgraphs.payments.bursary import COURSE, OTHER_STUDENT, STAFF, STUDENT, TUTOR, Bursary, payment_id
from tests.subgraphs.people import done

ONE = payment_id(1)
PROCESS = ProcessPayment(
    ONE, STUDENT.id, 4900, "EUR", PaymentMethod.CARD, tutor_id=TUTOR.id, course_id=COURSE
)
REFUND = RefundPayment(ONE, "ENROLLMENT_FAILED")
PAID = PaymentProcessed(ONE, STUDENT.id, PaymentStatus.COMPLETED, course_id=COURSE)


async def test_a_payment_is_taken_once_however_often_it_is_asked_for(bursary: Bursary) -> None:
    for _ in range(3):
        await bursary.ask(PROCESS, "payments.process")
    await bursary.deliver()
    assert bursary.answers == [PAID] * 3
    assert [entry.amount_minor for entry in bursary.gateway.ledger()] == [4900]


async def test_how_far_a_payment_has_come_is_told(bursary: Bursary) -> None:
    """payment.get_status: also of a payment that there is not."""
    await bursary.ask(GetPaymentStatus(ONE), "payments.get_status")
    await bursary.deliver()
    await bursary.ask(replace(PROCESS, method=PaymentMethod.CASH), "payments.process")
    await bursary.deliver()
    await bursary.ask(GetPaymentStatus(ONE), "payments.get_status")
    await bursary.deliver()
    assert bursary.answers == [PaymentStatusTold(ONE), PaymentStatusTold(ONE, PaymentStatus.PENDING)]


async def test_a_declined_card_is_an_answer(bursary: Bursary) -> None:
    done(await bursary.by(STUDENT, RegisterCard("tok_no_money")))
    await bursary.ask(PROCESS, "payments.process")
    await bursary.deliver()
    assert bursary.answers == [
        PaymentProcessed(ONE, STUDENT.id, PaymentStatus.FAILED, "INSUFFICIENT_FUNDS", COURSE)
    ]
    assert bursary.money() == {}


async def test_whoever_asks_about_an_open_payment_hears_when_it_is_settled(bursary: Bursary) -> None:
    await bursary.ask(replace(PROCESS, method=PaymentMethod.BANK_TRANSFER), "payments.process")
    await bursary.deliver()
    assert bursary.answers == []
    done(await bursary.by(STAFF, CompletePayment(ONE)))
    await bursary.deliver()
    assert bursary.answers == [PAID]


async def test_a_payment_that_is_refunded_is_refunded_once(bursary: Bursary) -> None:
    await bursary.ask(PROCESS, "payments.process")
    await bursary.deliver()
    for _ in range(2):
        await bursary.ask(REFUND, "payments.refund")
        await bursary.deliver()
    assert bursary.answers[1:] == [RefundProcessed(ONE, refunded=True)] * 2
    assert [entry.amount_minor for entry in bursary.gateway.ledger()] == [4900, -4900]
    assert (await bursary.payment(ONE)).refund_reason == "ENROLLMENT_FAILED"


async def test_a_pending_payment_is_refunded_should_it_be_completed_after_all(bursary: Bursary) -> None:
    await bursary.ask(PROCESS, "payments.process")
    await bursary.ask(REFUND, "payments.refund")
    await bursary.deliver()
    assert sorted(map(str, bursary.answers)) == sorted(
        map(
            str,
            [
                PAID,
                RefundProcessed(ONE, refunded=True),
            ],
        )
    )
    assert bursary.money() == {ONE: 0}


async def test_what_was_refunded_before_anybody_asked_for_it_is_never_paid(bursary: Bursary) -> None:
    await bursary.ask(REFUND, "payments.refund")
    await bursary.deliver()
    await bursary.ask(PROCESS, "payments.process")
    await bursary.deliver()
    assert bursary.answers == [
        RefundProcessed(ONE, refunded=False),
        PaymentProcessed(ONE, "", PaymentStatus.FAILED, "REVOKED"),
    ]
    assert bursary.money() == {}


async def test_a_failed_payment_has_nothing_to_refund(bursary: Bursary) -> None:
    done(await bursary.by(STUDENT, RegisterCard("tok_declined")))
    await bursary.ask(PROCESS, "payments.process")
    await bursary.deliver()
    await bursary.ask(REFUND, "payments.refund")
    await bursary.deliver()
    assert bursary.answers[1:] == [RefundProcessed(ONE, refunded=False)]


async def test_a_refund_that_was_declined_is_tried_again_when_it_is_asked_for_again(bursary: Bursary) -> None:
    done(await bursary.by(STUDENT, RegisterCard("tok_kept")))
    await bursary.ask(PROCESS, "payments.process")
    await bursary.deliver()
    await bursary.ask(REFUND, "payments.refund")
    await bursary.deliver()
    assert (await bursary.payment(ONE)).status is Status.COMPLETED
    assert bursary.answers[1:] == []
    await bursary.ask(REFUND, "payments.refund")
    await bursary.deliver()
    assert bursary.answers[1:] == [RefundProcessed(ONE, refunded=True)] * 2
    assert bursary.money() == {ONE: 0}


async def test_verifying_says_by_whom_and_for_what_something_is_paid(bursary: Bursary) -> None:
    await bursary.ask(VerifyPayment(ONE), "payments.verify")
    await bursary.deliver()
    await bursary.ask(PROCESS, "payments.process")
    await bursary.deliver()
    await bursary.ask(VerifyPayment(ONE), "payments.verify")
    await bursary.deliver()
    nothing, _, paid = bursary.answers
    assert nothing == PaymentVerified(ONE, is_paid=False)
    assert paid == PaymentVerified(
        ONE,
        is_paid=True,
        status=PaymentStatus.COMPLETED,
        student_id=STUDENT.id,
        amount_minor=4900,
        currency="EUR",
        course_id=COURSE,
    )


@pytest.mark.parametrize(
    "other",
    [replace(PROCESS, amount_minor=5000), replace(PROCESS, student_id=OTHER_STUDENT.id)],
)
async def test_another_payment_under_the_same_id_is_for_the_dead_letters(
    bursary: Bursary, other: ProcessPayment
) -> None:
    await bursary.ask(PROCESS, "payments.process")
    await bursary.deliver()
    await bursary.ask(other, "payments.process")
    await bursary.deliver(dead=1)
    assert bursary.money() == {ONE: 4900}
