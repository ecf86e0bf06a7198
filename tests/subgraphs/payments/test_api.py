"""The subgraph as clients and the gateway see it, and what each role may not do."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from subgraphs.contracts.identity import UserDeleted
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.payments.commands.paying import CreatePayment
from subgraphs.payments.commands.settling import CompletePayment, RecordManualPayment
from subgraphs.payments.domain.values import PaymentMethod
from subgraphs.payments.event_log import PAYMENTS
from tests.subgraphs.learning.school import selects
from tests.subgraphs.payments.bursary import (
    COURSE,
    OTHER_STUDENT,
    STAFF,
    STUDENT,
    TUTOR,
    Bursary,
    course_id,
    euros,
    open_bursary,
)
from tests.subgraphs.people import codes, done, refusal

CREATE = """
    mutation ($input: CreatePaymentInput!) {
      createPayment(input: $input) {
        payment { id status method version student { id } course { id } class { id }
          amount { amountMinor currency } }
        errors { code field } version
      }
    }
"""
PAYMENTS_OF = """
    query ($s: ID, $status: PaymentStatus, $first: Int! = 20, $after: String) {
      payments(studentId: $s, status: $status, first: $first, after: $after) {
        nodes { id status } pageInfo { hasNextPage endCursor }
      }
    }
"""
INPUT = {"amount": {"amountMinor": 4900}, "courseId": COURSE}
_COURSES = count()


async def _pays(bursary: Bursary, actor: Actor = STUDENT, **more: Any) -> str:
    another = {"courseId": course_id(next(_COURSES))}
    answer = await bursary.client(actor).data(CREATE, input={**INPUT, **another, **more})
    assert answer["createPayment"]["errors"] == []
    id_ = str(answer["createPayment"]["payment"]["id"])
    await bursary.deliver()
    return id_


async def test_a_student_pays_for_a_course_by_card(bursary: Bursary) -> None:
    student = bursary.client(STUDENT)
    created = (await student.data(CREATE, input=INPUT))["createPayment"]
    assert created["payment"] == {
        "id": created["payment"]["id"],
        "status": "PENDING",
        "method": "CARD",
        "version": 1,
        "student": {"id": STUDENT.id},
        "course": {"id": COURSE},
        "class": None,
        "amount": {"amountMinor": 4900, "currency": "EUR"},
    }
    await bursary.deliver()
    id_ = created["payment"]["id"]
    answer = await student.data(
        """query ($id: ID!, $version: String) {
            paymentStatus(paymentId: $id)
            verifyPayment(paymentId: $id) { isPaid payment { id } }
            payment(id: $id) { status completedAt }
            payments(minVersion: $version) { nodes { id } }
        }""",
        id=id_,
        version=created["version"],
    )
    assert answer["paymentStatus"] == "COMPLETED"
    assert answer["verifyPayment"] == {"isPaid": True, "payment": {"id": id_}}
    assert answer["payments"]["nodes"] == [{"id": id_}]
    assert bursary.money() == {id_: 4900}


async def test_the_same_request_under_one_key_is_one_payment(bursary: Bursary) -> None:
    command = CreatePayment(euros(4900), course_id=COURSE)
    first = done(await bursary.by(STUDENT, command, key="once"))
    assert done(await bursary.by(STUDENT, command, key="once")) == first
    await bursary.deliver()
    assert bursary.money() == {str(first): 4900}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": {"amountMinor": 0}}, "INVALID_AMOUNT"),
        ({"amount": {"amountMinor": 1, "currency": "euro"}}, "INVALID_CURRENCY"),
        ({"courseId": None}, "PURPOSE_REQUIRED"),
        ({"classId": COURSE}, "PURPOSE_REQUIRED"),
        ({"card": "4242424242424242"}, "INVALID_CARD"),
        ({"studentId": OTHER_STUDENT.id}, "FORBIDDEN"),
        ({"tutorId": "nobody"}, "INVALID_ID"),
        ({"courseId": "knots"}, "INVALID_ID"),
        ({"courseId": None, "classId": "knots"}, "INVALID_ID"),
        ({"courseId": None, "subscriptionId": COURSE}, "SUBSCRIPTION_NOT_FOUND"),
    ],
)
async def test_a_refusal_is_data(bursary: Bursary, change: dict[str, Any], code: str) -> None:
    answer = await bursary.client(STUDENT).data(CREATE, input={**INPUT, **change})
    assert answer["createPayment"]["payment"] is None
    assert [error["code"] for error in answer["createPayment"]["errors"]] == [code]


async def test_process_payment_takes_the_money_for_a_course(bursary: Bursary) -> None:
    answer = await bursary.client(STUDENT).data(
        """mutation ($input: ProcessPaymentInput!) {
            processPayment(input: $input) { payment { id course { id } } errors { code } }
        }""",
        input={**INPUT, "card": "tok_slow"},
    )
    await bursary.deliver()
    assert bursary.money() == {answer["processPayment"]["payment"]["id"]: 4900}


STAFFS = {
    "completePayment": """mutation ($id: ID!) {
        m: completePayment(input: {paymentId: $id}) { errors { code } }
    }""",
    "failPayment": """mutation ($id: ID!) {
        m: failPayment(input: {paymentId: $id, reason: "never came"}) { errors { code } }
    }""",
    "initiateRefund": """mutation ($id: ID!) {
        m: initiateRefund(input: {paymentId: $id, reason: "ill"}) { errors { code } }
    }""",
    "issueInvoice": "mutation ($id: ID!) { m: issueInvoice(input: {paymentId: $id}) { errors { code } } }",
    "recordManualPayment": """mutation ($id: ID!) {
        m: recordManualPayment(input: {
            studentId: $id, amount: {amountMinor: 1}, method: CASH, courseId: $id
        }) { errors { code } }
    }""",
}


@pytest.mark.parametrize("mutation", STAFFS)
async def test_the_books_are_the_staffs(bursary: Bursary, mutation: str) -> None:
    """Section 21: students and tutors may not touch what the staff does."""
    id_ = await _pays(bursary)
    for actor in (STUDENT, TUTOR):
        answer = await bursary.client(actor).data(STAFFS[mutation], id=id_)
        assert answer["m"]["errors"] == [{"code": "FORBIDDEN"}]
    visitor = await bursary.client().data(STAFFS[mutation], id=id_)
    assert visitor["m"]["errors"] == [{"code": "UNAUTHENTICATED"}]


async def test_a_payment_is_seen_by_its_payer_and_the_staff(bursary: Bursary) -> None:
    id_ = await _pays(bursary)
    query = """query ($id: ID!) {
        payment(id: $id) { id } paymentStatus(paymentId: $id) verifyPayment(paymentId: $id) { isPaid }
        paymentAsOf(paymentId: $id, at: "2030-01-01T00:00:00Z") { status }
    }"""
    for actor in (OTHER_STUDENT, TUTOR):
        hidden = await bursary.client(actor).data(query, id=id_)
        assert set(hidden.values()) == {None}
    assert (await bursary.client(STAFF).data(query, id=id_))["payment"] == {"id": id_}
    assert set(codes(await bursary.client().execute(query, id=id_))) == {"UNAUTHENTICATED"}
    history = "query ($id: ID!) { paymentHistory(paymentId: $id) { name } }"
    assert codes(await bursary.client(STUDENT).execute(history, id=id_)) == ["FORBIDDEN"]
    assert codes(await bursary.client(OTHER_STUDENT).execute(PAYMENTS_OF, s=STUDENT.id)) == ["FORBIDDEN"]


async def test_the_history_is_an_audit_trail_and_knows_every_state(bursary: Bursary) -> None:
    """Section 7: state as of a time, and who did what (S1)."""
    begin = bursary.clock.now()
    id_ = await _pays(bursary)
    paid = bursary.clock.now()
    bursary.clock.advance(timedelta(days=1))
    await bursary.client(STAFF).data(STAFFS["initiateRefund"], id=id_)
    await bursary.deliver()
    staff = bursary.client(STAFF)
    answer = await staff.data(
        """query ($id: ID!, $before: DateTime!, $begin: DateTime!, $paid: DateTime!) {
            paymentHistory(paymentId: $id) { version name actorId data }
            none: paymentAsOf(paymentId: $id, at: $before) { status }
            begin: paymentAsOf(paymentId: $id, at: $begin) { status version }
            paid: paymentAsOf(paymentId: $id, at: $paid) { status version }
            now: payment(id: $id) { status version refundReason }
        }""",
        id=id_,
        before=(begin - timedelta(seconds=1)).isoformat(),
        begin=begin.isoformat(),
        paid=paid.isoformat(),
    )
    names = [(one["version"], one["name"], one["actorId"]) for one in answer["paymentHistory"]]
    assert names == [
        (1, "payments.payment_created", STUDENT.id),
        (2, "payments.payment_completed", "system"),
        (3, "payments.refund_initiated", STAFF.id),
        (4, "payments.payment_refunded", "system"),
    ]
    assert answer["paymentHistory"][0]["data"]["amount"] == {
        "amount_minor": 4900,
        "currency": {"code": "EUR"},
    }
    assert answer["none"] is None
    assert answer["begin"]["status"] in ("PENDING", "COMPLETED")  # the clock stood still meanwhile
    assert answer["paid"] == {"status": "COMPLETED", "version": 2}
    assert answer["now"] == {"status": "REFUNDED", "version": 4, "refundReason": "ill"}


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2100-01-01T00:00:00", None),
        ("9999-12-31T23:59:59-12:00", "BAD_USER_INPUT"),
        ("0001-01-01T00:00:00+14:00", "BAD_USER_INPUT"),
        ("tomorrow", "BAD_USER_INPUT"),
    ],
)
async def test_not_every_instant_is_one(bursary: Bursary, at: str, code: str | None) -> None:
    query = "query ($id: ID!, $at: DateTime!) { paymentAsOf(paymentId: $id, at: $at) { status } }"
    answer = await bursary.client(STUDENT).execute(query, id=await _pays(bursary), at=at)
    assert codes(answer) == ([] if code is None else [code])


async def test_lists_are_cursor_connections_the_newest_first(bursary: Bursary) -> None:
    ids = []
    for _ in range(3):
        ids.append(await _pays(bursary))
        bursary.clock.advance(timedelta(minutes=1))
    await _pays(bursary, OTHER_STUDENT, card="tok_declined")
    student = bursary.client(STUDENT)
    first = (await student.data(PAYMENTS_OF, first=2))["payments"]
    assert [node["id"] for node in first["nodes"]] == [ids[2], ids[1]]
    assert first["pageInfo"]["hasNextPage"]
    rest = (await student.data(PAYMENTS_OF, first=2, after=first["pageInfo"]["endCursor"]))["payments"]
    assert [node["id"] for node in rest["nodes"]] == [ids[0]]
    staff = bursary.client(STAFF)
    assert len((await staff.data(PAYMENTS_OF))["payments"]["nodes"]) == 4
    failed = (await staff.data(PAYMENTS_OF, status="FAILED"))["payments"]["nodes"]
    assert [node["status"] for node in failed] == ["FAILED"]
    of_user = await student.data(
        """query ($r: [_Any!]!) { _entities(representations: $r) {
            ... on User { payments(first: 1) { nodes { id } } invoices { nodes { id } } subscription { id } }
            ... on Payment { status }
        } }""",
        r=[{"__typename": "User", "id": STUDENT.id}, {"__typename": "Payment", "id": ids[0]}],
    )
    assert of_user["_entities"][0]["payments"]["nodes"] == [{"id": ids[2]}]
    assert of_user["_entities"][1] == {"status": "COMPLETED"}


async def test_many_payments_cost_as_many_statements_as_one(bursary: Bursary) -> None:
    ids = [await _pays(bursary) for _ in range(4)]
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Payment { id invoice { id } } } }"

    async def statements(wanted: list[str]) -> int:
        with selects() as made:
            found = await bursary.client(STAFF).data(
                query, r=[{"__typename": "Payment", "id": one} for one in wanted]
            )
        assert [one["id"] for one in found["_entities"]] == wanted
        return len(made)

    assert await statements(ids[:1]) == await statements(ids) == 2


async def test_many_invoices_and_subscriptions_cost_as_many_statements_as_one(bursary: Bursary) -> None:
    issue = "mutation ($id: ID!) { issueInvoice(input: {paymentId: $id}) { invoice { id } } }"
    start = "mutation { startSubscription(input: {plan: MONTHLY}) { subscription { id } } }"
    ids: dict[str, list[str]] = {"Invoice": [], "StudentSubscription": []}
    for student in (STUDENT, OTHER_STUDENT):
        made = await bursary.client(STAFF).data(issue, id=await _pays(bursary, student))
        ids["Invoice"].append(made["issueInvoice"]["invoice"]["id"])
        begun = await bursary.client(student).data(start)
        ids["StudentSubscription"].append(begun["startSubscription"]["subscription"]["id"])
    query = """query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on Invoice { number payment { status } } ... on StudentSubscription { status plan { months } }
    } }"""

    async def statements(kind: str, many: int) -> int:
        wanted = [{"__typename": kind, "id": one} for one in ids[kind][:many]]
        with selects() as made:
            await bursary.client(STAFF).data(query, r=wanted)
        return len(made)

    for kind in ids:
        assert await statements(kind, 1) == await statements(kind, 2)


async def test_many_students_payments_cost_as_many_statements_as_ones(
    bursary: Bursary,
) -> None:
    for student in (STUDENT, OTHER_STUDENT):
        await _pays(bursary, student)
    query = """query ($r: [_Any!]!) { _entities(representations: $r) { ... on User {
        payments { nodes { id invoice { id } } } invoices { nodes { id } }
        subscription { id } cardRegisteredAt
    } } }"""

    async def statements(*students: Actor) -> int:
        with selects() as made:
            found = await bursary.client(STAFF).data(
                query, r=[{"__typename": "User", "id": one.id} for one in students]
            )
        assert all(len(one["payments"]["nodes"]) == 1 for one in found["_entities"])
        return len(made)

    assert await statements(STUDENT) == await statements(STUDENT, OTHER_STUDENT)
    answer = await bursary.client(STUDENT).execute(
        query, r=[{"__typename": "User", "id": one.id} for one in (STUDENT, OTHER_STUDENT)]
    )
    own, others = answer["data"]["_entities"]
    assert (len(own["payments"]["nodes"]), others["payments"], others["invoices"]) == (1, None, None)
    assert codes(answer) == ["FORBIDDEN", "FORBIDDEN"]


async def test_manual_payments_are_settled_by_the_staff(bursary: Bursary) -> None:
    id_ = await _pays(bursary, method="BANK_TRANSFER")
    assert (await bursary.payment(id_)).status == "PENDING"
    assert await bursary.client(STAFF).data(STAFFS["completePayment"], id=id_) == {"m": {"errors": []}}
    assert (await bursary.payment(id_)).status == "COMPLETED"
    card = await _pays(bursary)
    answer = await bursary.client(STAFF).data(STAFFS["completePayment"], id=card)
    assert answer["m"]["errors"] == [{"code": "PAYMENT_NOT_MANUAL"}]
    cash = RecordManualPayment(STUDENT.id, euros(100), PaymentMethod.CASH, course_id=COURSE)
    recorded = done(await bursary.by(STAFF, cash))
    assert (await bursary.payment(recorded)).status == "COMPLETED"
    by_card = RecordManualPayment(STUDENT.id, euros(100), PaymentMethod.CARD, course_id=COURSE)
    assert refusal(await bursary.by(STAFF, by_card)) == "METHOD_NOT_MANUAL"
    for reference in ("", "x" * 101, "\x00"):
        for odd in (CompletePayment(card, reference), replace(cash, reference=reference)):
            assert refusal(await bursary.by(STAFF, odd)) == "INVALID_REFERENCE"


async def test_a_part_of_the_money_goes_back_and_the_rest_later(bursary: Bursary) -> None:
    id_ = await _pays(bursary)
    part = """mutation ($id: ID!, $amount: MoneyInput) {
        m: initiateRefund(input: {paymentId: $id, reason: "one lesson", amount: $amount}) {
            payment { status isRefundUnderWay } errors { code field } }
    }"""
    staff = bursary.client(STAFF)
    for amount, code in (
        ({"amountMinor": 5000}, "REFUND_EXCEEDS_PAYMENT"),
        ({"amountMinor": 0}, "INVALID_AMOUNT"),
        ({"amountMinor": 1, "currency": "CHF"}, "INVALID_AMOUNT"),
        ({"amountMinor": 1, "currency": "euros"}, "INVALID_CURRENCY"),
    ):
        [error] = (await staff.data(part, id=id_, amount=amount))["m"]["errors"]
        assert error["code"] == code
    answer = await staff.data(part, id=id_, amount={"amountMinor": 900})
    assert answer["m"] == {"payment": {"status": "COMPLETED", "isRefundUnderWay": True}, "errors": []}
    await bursary.deliver()
    query = """query ($id: ID!) { payment(id: $id) {
        status isRefundUnderWay isDisputed refundedAmount { amountMinor } refundReason
    } verifyPayment(paymentId: $id) { isPaid } }"""
    seen = await bursary.client(STUDENT).data(query, id=id_)
    assert seen == {
        "payment": {
            "status": "COMPLETED",
            "isRefundUnderWay": False,
            "isDisputed": False,
            "refundedAmount": {"amountMinor": 900},
            "refundReason": "one lesson",
        },
        "verifyPayment": {"isPaid": True},
    }
    assert bursary.money()[id_] == 4000
    await staff.data(part, id=id_)
    await bursary.deliver()
    seen = (await bursary.client(STUDENT).data(query, id=id_))["payment"]
    assert (seen["status"], seen["refundedAmount"]) == ("REFUNDED", {"amountMinor": 4900})
    assert bursary.money()[id_] == 0


async def test_invoices_are_numbered_without_gaps(bursary: Bursary) -> None:
    """Also where one is refused after its number was taken."""
    ids = [await _pays(bursary) for _ in range(2)]
    failed = await _pays(bursary, card="tok_declined")
    issue = """mutation ($id: ID!) {
        issueInvoice(input: {paymentId: $id}) { invoice { number payment { id } } errors { code } }
    }"""
    staff = bursary.client(STAFF)
    first = (await staff.data(issue, id=ids[0]))["issueInvoice"]
    assert first == {"invoice": {"number": "2025-000001", "payment": {"id": ids[0]}}, "errors": []}
    again = (await staff.data(issue, id=ids[0]))["issueInvoice"]
    assert again == {"invoice": None, "errors": [{"code": "ALREADY_INVOICED"}]}
    nothing = (await staff.data(issue, id=failed))["issueInvoice"]
    assert nothing["errors"] == [{"code": "NOTHING_TO_INVOICE"}]
    second = (await staff.data(issue, id=ids[1]))["issueInvoice"]
    assert second["invoice"]["number"] == "2025-000002"
    listed = await bursary.client(STUDENT).data("{ invoices { nodes { number } } }")
    assert [one["number"] for one in listed["invoices"]["nodes"]] == ["2025-000002", "2025-000001"]
    assert (await bursary.client(OTHER_STUDENT).data("{ invoices { nodes { number } } }"))["invoices"][
        "nodes"
    ] == []


async def test_a_subscription_is_paid_refunded_and_cancelled(bursary: Bursary) -> None:
    student = bursary.client(STUDENT)
    start = """mutation { startSubscription(input: {plan: MONTHLY}) {
        subscription { id status paidUntil plan { price { amountMinor } months } } errors { code }
    } }"""
    begun = (await student.data(start))["startSubscription"]["subscription"]
    assert (begun["status"], begun["paidUntil"]) == ("PENDING", None)
    assert (await student.data(start))["startSubscription"]["errors"] == [{"code": "SUBSCRIPTION_EXISTS"}]
    wrong = await student.data(CREATE, input={"amount": {"amountMinor": 1}, "subscriptionId": begun["id"]})
    assert wrong["createPayment"]["errors"][0]["code"] == "NOT_THE_PLANS_PRICE"
    price = begun["plan"]["price"]
    id_ = await _pays(bursary, courseId=None, subscriptionId=begun["id"], amount=price)
    running = "query ($id: ID!) { payment(id: $id) { subscription { status paidUntil } } }"
    paid = (await student.data(running, id=id_))["payment"]["subscription"]
    assert (paid["status"], paid["paidUntil"][:7]) == ("ACTIVE", "2025-10")
    await bursary.client(STAFF).data(STAFFS["initiateRefund"], id=id_)
    await bursary.deliver()
    assert (await student.data(running, id=id_))["payment"]["subscription"]["status"] == "CANCELLED"
    cancel = """mutation ($id: ID!) {
        cancelSubscription(input: {subscriptionId: $id}) { errors { code } }
    }"""
    ended = (await student.data(cancel, id=begun["id"]))["cancelSubscription"]
    assert ended["errors"] == [{"code": "SUBSCRIPTION_ENDED"}]
    stranger = (await bursary.client(OTHER_STUDENT).data(cancel, id=begun["id"]))["cancelSubscription"]
    assert stranger["errors"] == [{"code": "SUBSCRIPTION_NOT_FOUND"}]


async def test_a_registered_card_is_charged_and_forgotten_with_its_owner(bursary: Bursary) -> None:
    student = bursary.client(STUDENT)
    register = """mutation ($token: String!) {
        registerCard(input: {token: $token}) { user { id cardRegisteredAt } errors { code } }
    }"""
    assert (await student.data(register, token="tok_visa"))["registerCard"]["user"]["cardRegisteredAt"]
    replaced = (await student.data(register, token="tok_declined"))["registerCard"]
    assert replaced["errors"] == []
    id_ = await _pays(bursary)
    assert (await bursary.payment(id_)).failure_reason == "CARD_DECLINED"
    await student.data("mutation { startSubscription(input: {plan: YEARLY}) { errors { code } } }")
    async with bursary.platform.transactions.begin("identity", RequestContext(None, "gone")) as work:
        work.publish(UserDeleted(STUDENT.id, bursary.clock.now()), key=STUDENT.id)
    await bursary.deliver()
    removed = """query ($r: [_Any!]!) { _entities(representations: $r) { ... on User {
        cardRegisteredAt subscription { status } payments { nodes { id } }
    } } }"""
    found = await bursary.client(STAFF).data(removed, r=[{"__typename": "User", "id": STUDENT.id}])
    assert found["_entities"] == [
        {
            "cardRegisteredAt": None,
            "subscription": {"status": "CANCELLED"},
            "payments": {"nodes": [{"id": id_}]},
        }
    ]


async def test_state_comes_of_history_alone_with_and_without_snapshots(bursary: Bursary) -> None:
    """Defect 19, 20: read by version with snapshots; history is kept for ever."""
    id_ = await _pays(bursary)
    async with bursary.platform.database.read() as connection:
        found = await PAYMENTS.find(connection, (await bursary.payment(id_)).id)
        many = await PAYMENTS.find_many(connection, [(await bursary.payment(id_)).id])
    assert found is not None
    assert many[id_].__dict__ == found.__dict__


async def test_the_essentials_hold_on_each_database(store: str, tmp_path: Path) -> None:
    async with open_bursary(tmp_path, database_url=store) as bursary:
        ids = []
        for _ in range(2):
            ids.append(await _pays(bursary))
            bursary.clock.advance(timedelta(minutes=1))
        staff = bursary.client(STAFF)
        await staff.data(STAFFS["issueInvoice"], id=ids[0])
        await staff.data(STAFFS["initiateRefund"], id=ids[1])
        await bursary.deliver()
        found = await staff.data(
            """query ($r: [_Any!]!, $id: ID!) {
                _entities(representations: $r) { ... on User {
                  payments(first: 1) { nodes { id status } pageInfo { hasNextPage } }
                  invoices { nodes { number } }
                } }
                payments(status: COMPLETED) { nodes { id } }
                paymentHistory(paymentId: $id) { version }
            }""",
            r=[{"__typename": "User", "id": STUDENT.id}],
            id=ids[1],
        )
        [user] = found["_entities"]
        assert user["payments"]["nodes"] == [{"id": ids[1], "status": "REFUNDED"}]
        assert user["payments"]["pageInfo"] == {"hasNextPage": True}
        assert [one["number"][-6:] for one in user["invoices"]["nodes"]] == ["000001"]
        assert found["payments"]["nodes"] == [{"id": ids[0]}]
        assert [one["version"] for one in found["paymentHistory"]] == [1, 2, 3, 4]
