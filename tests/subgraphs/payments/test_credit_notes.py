"""What goes back of an invoiced payment has its credit note: numbered without gaps, one for each change."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Final

from hypothesis import given as examples
from hypothesis import strategies as st

from subgraphs.kernel.application.request import SYSTEM
from subgraphs.kernel.domain import Money
from subgraphs.payments.commands.invoicing import IssueInvoice
from subgraphs.payments.commands.paying import CreatePayment
from subgraphs.payments.commands.provider_news import RecordProviderNews
from subgraphs.payments.commands.refunding import InitiateRefund
from subgraphs.payments.commands.settling import FailPayment
from subgraphs.payments.domain.credit_note import correction
from subgraphs.payments.domain.identifiers import PaymentId
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.values import PaymentMethod
from subgraphs.payments.provider.stripe.events import DisputeNews, News, RefundFailed, StripeEvent
from tests.subgraphs.learning.school import selects
from tests.subgraphs.payments.bursary import (
    OTHER_STUDENT,
    STAFF,
    STUDENT,
    TUTOR,
    Bursary,
    course_id,
    euros,
    open_bursary,
)
from tests.subgraphs.people import codes, done

_COURSES = count(500)
NOTES: Final = """{ creditNotes { nodes {
    number amount { amountMinor } isReversal reason invoice { number payment { status } }
} } }"""


async def _paid(bursary: Bursary, method: PaymentMethod = PaymentMethod.CARD) -> str:
    command = CreatePayment(euros(4900), method, course_id=course_id(next(_COURSES)))
    id_ = str(done(await bursary.by(STUDENT, command)))
    await bursary.deliver()
    return id_


async def _invoiced(bursary: Bursary, id_: str) -> None:
    done(await bursary.by(STAFF, IssueInvoice(id_)))
    await bursary.deliver()


async def _sent_back(bursary: Bursary, id_: str, minor: int | None = None) -> None:
    amount = None if minor is None else euros(minor)
    done(await bursary.by(STAFF, InitiateRefund(id_, f"refund of {minor}", amount)))
    await bursary.deliver()


async def _told(bursary: Bursary, number: int, id_: str, news: News) -> None:
    event = StripeEvent(f"evt_{number}", "told", bursary.clock.now(), id_, None, news)
    done(await bursary.by(SYSTEM, RecordProviderNews(event)))
    await bursary.deliver()


async def _notes(bursary: Bursary) -> list[tuple[str, int, str]]:
    """Number, amount (below zero for a reversal) and reason of each, the oldest first."""
    found = (await bursary.client(STUDENT).data(NOTES))["creditNotes"]["nodes"]
    return [
        (one["number"], one["amount"]["amountMinor"] * (-1 if one["isReversal"] else 1), one["reason"])
        for one in reversed(found)
    ]


async def test_each_part_that_goes_back_is_credited_and_the_rest_too(bursary: Bursary) -> None:
    id_, other = await _paid(bursary), await _paid(bursary)
    await _invoiced(bursary, id_)
    await _sent_back(bursary, other, 100)  # which nobody has invoiced
    for minor in (900, 100, None):
        await _sent_back(bursary, id_, minor)
    assert await _notes(bursary) == [
        ("CN-2025-000001", 900, "refund of 900"),
        ("CN-2025-000002", 100, "refund of 100"),
        ("CN-2025-000003", 3900, "refund of None"),
    ]
    query = "{ invoices { nodes { amount { amountMinor } creditNotes { number amount { amountMinor } } } } }"
    [invoice] = (await bursary.client(STUDENT).data(query))["invoices"]["nodes"]
    assert invoice["amount"] == {"amountMinor": 4900}, "an invoice never changes"
    assert [one["amount"]["amountMinor"] for one in invoice["creditNotes"]] == [900, 100, 3900]


async def test_what_went_back_before_there_was_an_invoice_is_credited_with_it(bursary: Bursary) -> None:
    id_ = await _paid(bursary)
    await _sent_back(bursary, id_, 900)
    await _invoiced(bursary, id_)
    await _sent_back(bursary, id_, 100)
    assert await _notes(bursary) == [
        ("CN-2025-000001", 900, "refund of 900"),
        ("CN-2025-000002", 100, "refund of 100"),
    ]


async def test_a_bill_that_nobody_will_pay_is_credited(bursary: Bursary) -> None:
    id_ = await _paid(bursary, PaymentMethod.BANK_TRANSFER)
    await _invoiced(bursary, id_)
    done(await bursary.by(STAFF, FailPayment(id_, "never came")))
    await bursary.deliver()
    assert await _notes(bursary) == [("CN-2025-000001", 4900, "never came")]


async def test_money_that_could_not_be_given_back_is_owed_again(bursary: Bursary) -> None:
    id_ = await _paid(bursary)
    await _invoiced(bursary, id_)
    await _sent_back(bursary, id_, 900)
    failed = RefundFailed("re_1", "REFUND_DECLINED", euros(900), 1)
    for number in range(2):
        await _told(bursary, number, id_, failed)
    await _sent_back(bursary, id_, 900)
    assert await _notes(bursary) == [
        ("CN-2025-000001", 900, "refund of 900"),
        ("CN-2025-000002", -900, "REFUND_DECLINED"),
        ("CN-2025-000003", 900, "refund of 900"),
    ]


async def test_what_a_bank_takes_is_credited_once(bursary: Bursary) -> None:
    id_ = await _paid(bursary)
    await _invoiced(bursary, id_)
    for number, (amount, is_lost) in enumerate(((900, True), (4000, False), (4000, True))):
        news = DisputeNews(f"dp_{number}", euros(amount), "FRAUDULENT", None, None)
        await _told(bursary, 2 * number, id_, news)
        await _told(bursary, 2 * number + 1, id_, replace(news, is_lost=is_lost))
    assert [note[1:] for note in await _notes(bursary)] == [(900, "CHARGEBACK"), (4000, "CHARGEBACK")]


async def test_a_credit_note_is_seen_by_its_student_and_the_staff(bursary: Bursary) -> None:
    id_ = await _paid(bursary)
    await _invoiced(bursary, id_)
    await _sent_back(bursary, id_)
    one = "query ($id: ID!) { creditNote(id: $id) { number } }"
    listed = "query ($s: ID) { creditNotes(studentId: $s) { nodes { id } } }"
    [note] = (await bursary.client(STAFF).data(listed))["creditNotes"]["nodes"]
    for actor in (STUDENT, STAFF):
        assert (await bursary.client(actor).data(one, id=note["id"]))["creditNote"] == {
            "number": "CN-2025-000001"
        }
    for actor in (OTHER_STUDENT, TUTOR):
        assert (await bursary.client(actor).data(one, id=note["id"]))["creditNote"] is None
        assert (await bursary.client(actor).data(listed))["creditNotes"]["nodes"] == []
        assert codes(await bursary.client(actor).execute(listed, s=STUDENT.id)) == ["FORBIDDEN"]
    for query in (one, listed):
        assert codes(await bursary.client().execute(query, id=note["id"])) == ["UNAUTHENTICATED"]
    entities = """query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on CreditNote { number } ... on User { creditNotes { nodes { number } } }
    } }"""
    keys = [{"__typename": "CreditNote", "id": note["id"]}, {"__typename": "User", "id": STUDENT.id}]
    found = (await bursary.client(STUDENT).data(entities, r=keys))["_entities"]
    assert found == [{"number": "CN-2025-000001"}, {"creditNotes": {"nodes": [{"number": "CN-2025-000001"}]}}]
    assert codes(await bursary.client().execute(entities, r=keys[:1])) == ["ENTITY_NOT_FOUND"]


async def test_many_credit_notes_cost_as_many_statements_as_one(bursary: Bursary) -> None:
    for _ in range(2):
        id_ = await _paid(bursary)
        await _invoiced(bursary, id_)
        await _sent_back(bursary, id_)

    async def statements(first: int) -> int:
        query = "query ($n: Int!) { invoices(first: $n) { nodes { creditNotes { invoice { id } } } } }"
        with selects() as made:
            found = await bursary.client(STUDENT).data(query, n=first)
        assert len(found["invoices"]["nodes"]) == first
        return len(made)

    assert await statements(1) == await statements(2)


async def test_numbers_have_no_gaps_on_each_database(store: str, tmp_path: Path) -> None:
    async with open_bursary(tmp_path, database_url=store) as bursary:
        for _ in range(3):
            id_ = await _paid(bursary)
            await _invoiced(bursary, id_)
            await bursary.by(STAFF, InitiateRefund(id_, "ill"))
        await bursary.deliver()
        bursary.clock.advance(timedelta(days=150))
        id_ = await _paid(bursary)
        await _invoiced(bursary, id_)
        await _sent_back(bursary, id_)
        numbers = [number for number, _, _ in await _notes(bursary)]
        assert numbers == [f"CN-2025-{place:06}" for place in (1, 2, 3)] + ["CN-2026-000001"]


@examples(st.lists(st.integers(-4900, 4900) | st.sampled_from(["invoice", "work"]), max_size=16))
def test_once_there_is_an_invoice_its_credits_become_what_has_gone_back(acts: list[int | str]) -> None:
    """However late the books are: what asks for a note comes in order, and sees what has happened since."""
    payment = Payment(id=PaymentId("p"))
    payment.amount, payment.was_completed = euros(4900), True
    asked: list[Money | None] = []
    is_invoiced, credited = False, euros(0)
    for act in (*acts, *["work"] * len(acts)):
        match act:
            case "invoice" if not is_invoiced:
                is_invoiced = True
                asked.append(None)
            case "work" if asked:
                change = asked.pop(0)
                if is_invoiced:
                    credited += correction(payment, credited=credited, change=change)
            case int(minor):
                before = payment.returned
                payment.returned = euros(min(4900, max(0, before.amount_minor + minor)))
                asked.append(payment.returned - before)
        assert euros(0) <= credited <= euros(4900)
    assert credited == (payment.returned if is_invoiced else euros(0))
