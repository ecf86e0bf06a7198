"""Nothing is paid twice: not on purpose, not by a second click, and not by two who ask at once."""

import asyncio
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, select

from subgraphs.contracts.learning import EnrollmentCancelled
from subgraphs.contracts.payments import PaymentMethod, PaymentProcessed, PaymentStatus, ProcessPayment
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Success
from subgraphs.payments.commands.paying import CreatePayment
from subgraphs.payments.commands.refunding import InitiateRefund
from subgraphs.payments.commands.settling import FailPayment, RecordManualPayment
from subgraphs.payments.domain.errors import ALREADY_PAID, PAYMENT_UNDER_WAY
from subgraphs.payments.domain.purchase_policy import may_purchase
from subgraphs.payments.domain.values import PaymentMethod as Method
from subgraphs.payments.domain.values import PaymentStatus as Status
from subgraphs.payments.domain.values import Purpose
from subgraphs.payments.tables import purchase
from tests.subgraphs.payments.bursary import (
    CLASS,
    COURSE,
    OTHER_COURSE,
    OTHER_STUDENT,
    STAFF,
    STUDENT,
    Bursary,
    course_id,
    euros,
    open_bursary,
    payment_id,
)
from tests.subgraphs.people import done, refusal

BY_CARD = CreatePayment(euros(4900), course_id=COURSE)
BY_TRANSFER = CreatePayment(euros(4900), Method.BANK_TRANSFER, course_id=COURSE)
IN_CASH = RecordManualPayment(STUDENT.id, euros(4900), Method.CASH, course_id=COURSE)


@pytest.mark.parametrize(
    ("purpose", "standing", "by_staff", "refused"),
    [
        (Purpose(course_id=COURSE), [], False, None),
        (Purpose(course_id=COURSE), [Status.PENDING], False, PAYMENT_UNDER_WAY),
        (Purpose(course_id=COURSE), [Status.COMPLETED], False, ALREADY_PAID),
        (Purpose(course_id=COURSE), [Status.COMPLETED], True, ALREADY_PAID),
        (Purpose(class_id=CLASS), [Status.COMPLETED], False, ALREADY_PAID),
        (Purpose(class_id=CLASS), [Status.COMPLETED], True, None),
        (Purpose(class_id=CLASS), [Status.PENDING, Status.COMPLETED], True, PAYMENT_UNDER_WAY),
        (Purpose(subscription_id=COURSE), [Status.COMPLETED], False, None),
        (Purpose(subscription_id=COURSE), [Status.PENDING], False, PAYMENT_UNDER_WAY),
    ],
)
def test_the_policy(
    purpose: Purpose, standing: list[Status], by_staff: bool, refused: DomainError | None
) -> None:
    expected = Failure(refused) if refused else Success(None)
    assert may_purchase(purpose, standing, by_staff=by_staff) == expected


async def test_a_course_is_paid_once(bursary: Bursary) -> None:
    done(await bursary.by(STUDENT, BY_CARD))
    assert refusal(await bursary.by(STUDENT, BY_CARD)) == "PAYMENT_UNDER_WAY"
    await bursary.deliver()
    for actor, again in ((STUDENT, BY_CARD), (STUDENT, BY_TRANSFER), (STAFF, IN_CASH)):
        assert refusal(await bursary.by(actor, again)) == "ALREADY_PAID"
    shouting = replace(BY_CARD, course_id=COURSE.upper())
    assert refusal(await bursary.by(STUDENT, shouting)) == "ALREADY_PAID"
    done(await bursary.by(OTHER_STUDENT, BY_CARD))
    done(await bursary.by(STUDENT, replace(BY_CARD, course_id=OTHER_COURSE)))
    await bursary.deliver()
    assert sorted(bursary.money().values()) == [4900, 4900, 4900]


async def test_what_was_declined_failed_or_went_back_may_be_paid_again(bursary: Bursary) -> None:
    done(await bursary.by(STUDENT, replace(BY_CARD, card="tok_declined")))
    await bursary.deliver()
    transfer = done(await bursary.by(STUDENT, BY_TRANSFER))
    done(await bursary.by(STAFF, FailPayment(str(transfer), "never came")))
    kept = done(await bursary.by(STUDENT, replace(BY_CARD, card="tok_kept")))
    await bursary.deliver()
    done(await bursary.by(STAFF, InitiateRefund(str(kept), "ill")))
    assert refusal(await bursary.by(STUDENT, BY_CARD)) == "ALREADY_PAID"  # it may be declined, and is
    await bursary.deliver()
    assert refusal(await bursary.by(STUDENT, BY_CARD)) == "ALREADY_PAID"
    done(await bursary.by(STAFF, InitiateRefund(str(kept), "ill")))
    await bursary.deliver()
    done(await bursary.by(STUDENT, BY_CARD))


async def test_who_has_left_a_course_without_their_money_may_come_again(bursary: Bursary) -> None:
    first = str(done(await bursary.by(STUDENT, BY_CARD)))
    await bursary.deliver()
    left = EnrollmentCancelled("an enrolment", COURSE, STUDENT.id, "moved", bursary.clock.now(), first)
    async with bursary.platform.transactions.begin("learning", RequestContext(SYSTEM, "left")) as work:
        work.publish(left, key=STUDENT.id)
    await bursary.deliver()
    done(await bursary.by(STUDENT, BY_CARD))
    await bursary.deliver()
    assert refusal(await bursary.by(STUDENT, BY_CARD)) == "ALREADY_PAID"


async def test_another_context_is_told_that_it_would_be_paid_twice(bursary: Bursary) -> None:
    done(await bursary.by(STUDENT, BY_TRANSFER))
    asked = ProcessPayment(payment_id(1), STUDENT.id, 4900, "EUR", PaymentMethod.CARD, course_id=COURSE)
    for _ in range(2):
        await bursary.ask(asked, "payments.process")
        await bursary.deliver()
    refused = PaymentProcessed(
        asked.payment_id, STUDENT.id, PaymentStatus.FAILED, "PAYMENT_UNDER_WAY", COURSE
    )
    assert bursary.answers == [refused, refused]
    assert bursary.money() == {}


async def test_whoever_asks_at_once_pays_once(store: str, tmp_path: Path) -> None:
    async with open_bursary(tmp_path, database_url=store) as bursary:
        attempts = [bursary.by(STUDENT, BY_CARD) for _ in range(8)]
        attempts += [bursary.by(STAFF, IN_CASH) for _ in range(4)]
        results = await asyncio.gather(*attempts)
        [_] = [one for one in results if isinstance(one, Success)]
        refusals = {one.error.code for one in results if isinstance(one, Failure)}
        assert refusals <= {"PAYMENT_UNDER_WAY", "ALREADY_PAID"}
        await bursary.deliver()
        assert sum(bursary.money().values()) in (0, 4900)  # cash is nothing to the provider


async def test_what_was_paid_before_anybody_counted_is_known_as_well(bursary: Bursary) -> None:
    """The migration reads the histories: it finds what was written while they were made."""
    for card in ("tok_visa", "tok_declined", "tok_kept"):
        paid = str(
            done(await bursary.by(STUDENT, replace(BY_CARD, course_id=course_id(len(card)), card=card)))
        )
        await bursary.deliver()
        await bursary.by(STAFF, InitiateRefund(paid, "ill"))
        await bursary.deliver()
    done(await bursary.by(STUDENT, BY_TRANSFER))
    rows = select(purchase).order_by(purchase.c.payment_id)

    def migrate(connection: Connection) -> None:
        purchase.drop(connection)
        with Operations.context(MigrationContext.configure(connection)):
            import_module("subgraphs.payments.migrations.0002_purchases").upgrade()

    async with bursary.platform.database.transaction() as connection:
        before = (await connection.execute(rows)).all()
        await connection.run_sync(migrate)
        assert (await connection.execute(rows)).all() == before
    assert sorted(str(row.standing) for row in before) == ["COMPLETED", "None", "None", "PENDING"]
