"""Who joins a class pays for it: once, and everybody who may know sees what has come of it."""

import pytest

from subgraphs.classes.commands.enrolling import EnrollStudent
from subgraphs.classes.domain.payment_due import is_paid
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
from subgraphs.kernel.domain import Currency, Money
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
    myEnrollment { isPaid paymentAmount { amountMinor } payments { id } }
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
        self._academy = academy
        academy.platform.subscriptions.add(
            Subscription("payments.process", ProcessPayment, self._process),
            Subscription("payments.refund", RefundPayment, self._refund),
        )

    async def _process(self, message: Envelope[ProcessPayment], _work: UnitOfWork) -> None:
        self.asked.append(message.body)

    async def _refund(self, message: Envelope[RefundPayment], _work: UnitOfWork) -> None:
        self.refunds.append(message.body)

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
        "payments": [{"id": "before"}],
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
