"""Who joins a class pays for it: once, and everybody who may know sees what has come of it."""

from typing import Any, cast

import pytest

from subgraphs.classes.commands.enrolling import EnrollStudent
from subgraphs.classes.commands.opening import CompleteClass
from subgraphs.classes.commands.teaching import MarkAttendance, UnlockLesson
from subgraphs.classes.domain.payment_due import is_paid
from subgraphs.classes.domain.values import AttendanceStatus
from subgraphs.contracts.classes import LessonUnlocked
from subgraphs.contracts.payments import (
    PaymentCompleted,
    PaymentFailed,
    PaymentInitiated,
    PaymentMethod,
    PaymentRefunded,
    ProcessPayment,
    RefundPayment,
)
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.domain import Currency, DomainError, Money, Result
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from tests.subgraphs.classes.academy import (
    LESSON,
    OTHER_STUDENT,
    PRICE,
    STAFF,
    STUDENT,
    TUTOR,
    Academy,
)
from tests.subgraphs.learning.school import selects
from tests.subgraphs.people import codes, done, refusal

EUR, CHF = Currency("EUR"), Currency("CHF")
ROSTER = """query ($id: ID!) { classDetail(id: $id) {
    roster { nodes { id student { id } isPaid paymentAmount { amountMinor } payments { id } } }
} }"""
MINE = """query ($id: ID!) { classDetail(id: $id) {
    myEnrollment { isPaid paymentAmount { amountMinor } payments { id amount { amountMinor currency } } }
} }"""


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ([], False),
        ([Money(11999, EUR)], False),
        ([Money(12000, EUR)], True),
        ([Money(5000, EUR), Money(7000, EUR)], True),
        ([Money(12000, CHF)], False),
    ],
)
def test_it_may_be_paid_in_parts(received: list[Money], *, expected: bool) -> None:
    assert is_paid(PRICE, received) is expected
    assert is_paid(Money.zero(EUR), received)


class Till:
    """Stands where payments are: keeps what it is asked for, and tells what the test wants."""

    def __init__(self, academy: Academy) -> None:
        self.asked: list[ProcessPayment] = []
        self.refunds: list[RefundPayment] = []
        self.unlocked: list[LessonUnlocked] = []
        self._academy = academy
        academy.platform.subscriptions.add(
            Subscription("payments.process", ProcessPayment, self._process),
            Subscription("payments.refund", RefundPayment, self._refund),
            Subscription("till.unlocked", LessonUnlocked, self._unlock),
        )

    async def _process(self, message: Envelope[ProcessPayment], _work: UnitOfWork) -> None:
        self.asked.append(message.body)

    async def _refund(self, message: Envelope[RefundPayment], _work: UnitOfWork) -> None:
        self.refunds.append(message.body)

    async def _unlock(self, message: Envelope[LessonUnlocked], _work: UnitOfWork) -> None:
        self.unlocked.append(message.body)

    async def tell(self, *events: IntegrationEvent) -> None:
        transactions = self._academy.platform.transactions
        async with transactions.begin("payments", RequestContext(SYSTEM, "till")) as work:
            for event in events:
                work.publish(event, key="till")
        await Worker(transactions).drain()

    def initiated(self, id_: str, class_id: str, amount: int = 12000) -> PaymentInitiated:
        now = self._academy.clock.now()
        return PaymentInitiated(id_, STUDENT.id, amount, "EUR", now, class_id=class_id)

    def completed(self, id_: str, class_id: str, amount: int = 12000) -> PaymentCompleted:
        now = self._academy.clock.now()
        return PaymentCompleted(id_, STUDENT.id, amount, "EUR", now, class_id=class_id)


async def test_who_joins_is_asked_for_the_money_once(academy: Academy) -> None:
    till = Till(academy)
    id_ = await academy.group(STUDENT, active=False)
    await till.tell()
    [enrollment] = (await academy.client(STAFF).data(ROSTER, id=id_))["classDetail"]["roster"]["nodes"]
    assert till.asked == [
        ProcessPayment(
            enrollment["id"],
            STUDENT.id,
            12000,
            "EUR",
            PaymentMethod.BANK_TRANSFER,
            tutor_id=TUTOR.id,
            class_id=id_,
        )
    ]
    free = EnrollStudent(id_, OTHER_STUDENT.id, Money.zero(EUR))
    done(await academy.by(STAFF, free))
    await till.tell()
    assert len(till.asked) == 1
    dear = EnrollStudent(id_, TUTOR.id, Money(100_000_000, EUR))
    assert refusal(await academy.by(STAFF, dear)) == "INVALID_AMOUNT"


async def test_who_has_paid_before_is_not_asked_again(academy: Academy) -> None:
    till = Till(academy)
    id_ = await academy.group(active=False)
    await till.tell(till.initiated("before", id_))
    done(await academy.by(STAFF, EnrollStudent(id_, STUDENT.id, PRICE, PaymentMethod.CARD)))
    await till.tell(till.completed("before", id_))
    assert till.asked == []
    mine = (await academy.client(STUDENT).data(MINE, id=id_))["classDetail"]["myEnrollment"]
    assert mine == {
        "isPaid": True,
        "paymentAmount": {"amountMinor": 12000},
        "payments": [{"id": "before", "amount": {"amountMinor": 12000, "currency": "EUR"}}],
    }


async def test_what_has_come_of_it_is_seen_by_the_student_and_the_staff(academy: Academy) -> None:
    till = Till(academy)
    id_ = await academy.group(STUDENT, active=False)

    async def paid() -> bool:
        found = await academy.client(STUDENT).data(MINE, id=id_)
        return bool(found["classDetail"]["myEnrollment"]["isPaid"])

    await till.tell(till.initiated("one", id_))
    now = academy.clock.now()
    await till.tell(PaymentFailed("one", STUDENT.id, "CARD_DECLINED", now, class_id=id_))
    assert not await paid()
    await till.tell(till.initiated("two", id_, 7000), till.completed("two", id_, 7000))
    assert not await paid()
    await till.tell(till.initiated("three", id_, 5000), till.completed("three", id_, 5000))
    assert await paid()
    await till.tell(PaymentRefunded("two", STUDENT.id, 7000, "EUR", now, "ill"))
    assert not await paid()
    [seen] = (await academy.client(STAFF).data(ROSTER, id=id_))["classDetail"]["roster"]["nodes"]
    assert [one["id"] for one in seen["payments"]] == ["one", "three", "two"]
    answer = await academy.client(TUTOR).execute(ROSTER, id=id_)
    [hidden] = answer["data"]["classDetail"]["roster"]["nodes"]
    assert (hidden["isPaid"], hidden["paymentAmount"], hidden["payments"]) == (None, None, None)
    assert codes(answer) == ["FORBIDDEN"] * 3


STANDING = """query ($id: ID!) { classDetail(id: $id) {
    enrolledCount myEnrollment { status creditBalance }
} }"""
LEDGER = """query ($r: [_Any!]!) { _entities(representations: $r) { ... on ClassEnrollment {
    status creditBalance creditLedger(first: 1) { nodes { kind delta reason enteredById } }
} } }"""


async def standing(academy: Academy, class_id: str) -> dict[str, Any]:
    return cast("dict[str, Any]", (await academy.client(STUDENT).data(STANDING, id=class_id))["classDetail"])


async def present(academy: Academy, class_id: str, meeting: int) -> Result[Any, DomainError]:
    marked = MarkAttendance(class_id, STUDENT.id, meeting, AttendanceStatus.PRESENT)
    return await academy.by(TUTOR, marked)


async def test_who_has_not_paid_waits_until_the_money_comes(academy: Academy) -> None:
    """They keep the place and the meetings, and use none of them up; nor are lessons opened to them."""
    till = Till(academy)
    id_ = await academy.group(STUDENT, OTHER_STUDENT)
    now = academy.clock.now()
    await till.tell(till.initiated("one", id_))
    await till.tell(PaymentFailed("one", STUDENT.id, "CARD_DECLINED", now, class_id=id_))
    seen = await standing(academy, id_)
    assert (seen["enrolledCount"], seen["myEnrollment"]["status"]) == (2, "SUSPENDED")
    assert seen["myEnrollment"]["creditBalance"] == 3
    assert refusal(await present(academy, id_, 1)) == "ENROLLMENT_SUSPENDED"
    done(await academy.by(TUTOR, UnlockLesson(id_, LESSON)))
    await till.tell(till.initiated("two", id_, 7000), till.completed("two", id_, 7000))
    assert (await standing(academy, id_))["myEnrollment"]["status"] == "SUSPENDED"  # there is more to come
    await till.tell(till.initiated("three", id_, 5000))
    assert (await standing(academy, id_))["myEnrollment"]["status"] == "ACTIVE"
    done(await present(academy, id_, 1))
    opened = [one.student_ids for one in till.unlocked]
    assert opened == [(OTHER_STUDENT.id,), (STUDENT.id,)]


async def test_who_has_their_money_back_has_left_and_may_come_back(academy: Academy) -> None:
    till = Till(academy)
    id_ = await academy.private(STUDENT)
    done(await present(academy, id_, 1))
    now = academy.clock.now()
    await till.tell()
    own = till.asked[0].payment_id
    await till.tell(till.initiated(own, id_, 7000), till.completed(own, id_, 7000))
    await till.tell(till.initiated("two", id_, 5000), till.completed("two", id_, 5000))
    await till.tell(PaymentRefunded("two", STUDENT.id, 5000, "EUR", now, "ill"))
    assert (await standing(academy, id_))["myEnrollment"]["status"] == "ACTIVE"  # for a part is here
    await till.tell(PaymentRefunded(own, STUDENT.id, 7000, "EUR", now, "ill"))
    key = [{"__typename": "ClassEnrollment", "id": own}]
    [ledger] = (await academy.client(STAFF).data(LEDGER, r=key))["_entities"]
    assert (ledger["status"], ledger["creditBalance"]) == ("CANCELLED", 0)
    assert ledger["creditLedger"]["nodes"][0] == {
        "kind": "ADJUSTED",
        "delta": -2,
        "reason": "Payment refunded",
        "enteredById": "system",
    }
    roster = await academy.client(STAFF).data(ROSTER, id=id_)
    assert roster["classDetail"]["roster"]["nodes"] == []
    assert (await academy.client(STUDENT).data(STANDING, id=id_))["classDetail"] is None  # a private class
    assert refusal(await present(academy, id_, 2)) == "NOT_ENROLLED"
    assert (await academy.published())[-1] == "classes.enrollment_cancelled"
    again = done(await academy.by(STAFF, EnrollStudent(id_, STUDENT.id, PRICE)))
    await till.tell()
    assert str(again) == own
    assert len(till.asked) == 2
    assert till.asked[1].payment_id != own
    seen = await standing(academy, id_)
    assert (seen["enrolledCount"], seen["myEnrollment"]["status"]) == (1, "ACTIVE")
    assert seen["myEnrollment"]["creditBalance"] == 3


async def test_what_was_taught_is_not_undone_by_a_refund_after_it(academy: Academy) -> None:
    till = Till(academy)
    id_ = await academy.group(STUDENT)
    await till.tell(till.initiated("one", id_), till.completed("one", id_))
    done(await academy.by(STAFF, CompleteClass(id_)))
    await till.tell(PaymentRefunded("one", STUDENT.id, 12000, "EUR", academy.clock.now(), "ill"))
    assert (await standing(academy, id_))["myEnrollment"]["status"] == "ACTIVE"


async def test_what_is_paid_for_a_class_that_there_is_not_goes_back(academy: Academy) -> None:
    till = Till(academy)
    await till.tell(till.initiated("lost", LESSON), till.completed("lost", LESSON))
    await till.tell()
    assert till.refunds == [RefundPayment("lost", "CLASS_NOT_FOUND")]


async def test_many_students_payments_are_one_statement(academy: Academy) -> None:
    one, two = await academy.group(STUDENT), await academy.group(STUDENT, OTHER_STUDENT)

    async def statements(class_id: str) -> int:
        with selects() as counted:
            await academy.client(STAFF).data(ROSTER, id=class_id)
        return len(counted)

    assert await statements(one) == await statements(two)
