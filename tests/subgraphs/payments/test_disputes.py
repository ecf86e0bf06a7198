"""What payers' banks ask for: the staff sees it, and hears of it by mail."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from subgraphs.contracts.identity import Role, UserActivated, UserDeactivated, UserDeleted, UserRoleChanged
from subgraphs.contracts.notification import Template
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.payments.commands.paying import CreatePayment
from subgraphs.payments.commands.provider_news import RecordProviderNews
from subgraphs.payments.provider.stripe.events import DisputeNews, StripeEvent
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

DISPUTES = """query ($status: DisputeStatus, $first: Int! = 20, $after: String) {
    disputes(status: $status, first: $first, after: $after) {
        nodes { id status reason amount { amountMinor } respondBy closedAt payment { id isDisputed } }
        pageInfo { hasNextPage endCursor }
    }
}"""


async def _paid(bursary: Bursary, number: int) -> str:
    id_ = str(done(await bursary.by(STUDENT, CreatePayment(euros(4900), course_id=course_id(number)))))
    await bursary.deliver()
    return id_


async def _told(bursary: Bursary, id_: str, news: DisputeNews) -> None:
    event = StripeEvent(f"{news.dispute}/{news.is_lost}", "told", bursary.clock.now(), id_, None, news)
    done(await bursary.by(SYSTEM, RecordProviderNews(event)))
    await bursary.deliver()


async def _identity_tells(bursary: Bursary, event: IntegrationEvent) -> None:
    async with bursary.platform.transactions.begin("identity", RequestContext(SYSTEM, "told")) as work:
        work.publish(event, key=event.user_id)  # type: ignore[attr-defined]
    await bursary.deliver()


async def test_the_staff_sees_what_banks_ask_for(store: str, tmp_path: Path) -> None:
    async with open_bursary(tmp_path, database_url=store) as bursary:
        until = bursary.clock.now() + timedelta(days=7)
        ids = [await _paid(bursary, number) for number in range(3)]
        outcomes = (None, False, True)
        for number, (id_, is_lost) in enumerate(zip(ids, outcomes, strict=True)):
            news = DisputeNews(f"dp_{number}", euros(900), "FRAUDULENT", until, None)
            await _told(bursary, id_, news)
            if is_lost is not None:
                await _told(bursary, id_, replace(news, is_lost=is_lost))
            bursary.clock.advance(timedelta(minutes=1))
        staff = bursary.client(STAFF)
        first = (await staff.data(DISPUTES, first=2))["disputes"]
        assert [(one["id"], one["status"]) for one in first["nodes"]] == [("dp_2", "LOST"), ("dp_1", "WON")]
        after = first["pageInfo"]["endCursor"]
        [last] = (await staff.data(DISPUTES, after=after))["disputes"]["nodes"]
        assert last == {
            "id": "dp_0",
            "status": "OPEN",
            "reason": "FRAUDULENT",
            "amount": {"amountMinor": 900},
            "respondBy": until.isoformat(),
            "closedAt": None,
            "payment": {"id": ids[0], "isDisputed": True},
        }
        for status, found in (("OPEN", ["dp_0"]), ("WON", ["dp_1"]), ("LOST", ["dp_2"])):
            nodes = (await staff.data(DISPUTES, status=status))["disputes"]["nodes"]
            assert [one["id"] for one in nodes] == found
        of_payments = "{ payments { nodes { disputes { id } } } }"
        seen = (await staff.data(of_payments))["payments"]["nodes"]
        assert [one["disputes"] for one in seen] == [[{"id": f"dp_{number}"}] for number in (2, 1, 0)]


@pytest.mark.parametrize(
    ("actor", "code"), [(STUDENT, "FORBIDDEN"), (TUTOR, "FORBIDDEN"), (None, "UNAUTHENTICATED")]
)
async def test_disputes_are_the_staffs(bursary: Bursary, actor: object, code: str) -> None:
    id_ = await _paid(bursary, 1)
    await _told(bursary, id_, DisputeNews("dp_1", euros(900), "FRAUDULENT", None, None))
    client = bursary.client(actor)  # type: ignore[arg-type]
    assert codes(await client.execute(DISPUTES)) == [code]
    if actor is STUDENT:
        of_mine = await client.execute("{ payments { nodes { isDisputed disputes { id } } } }")
        assert (codes(of_mine), of_mine["data"]["payments"]["nodes"][0]["isDisputed"]) == ([code], True)


async def test_whoever_looks_after_the_books_is_mailed_once(bursary: Bursary) -> None:
    news = DisputeNews("dp_1", euros(900), "FRAUDULENT", bursary.clock.now() + timedelta(days=7), None)
    id_ = await _paid(bursary, 1)
    await _told(bursary, id_, news)
    await _told(bursary, id_, replace(news, is_lost=False))
    [mail] = bursary.mails
    assert (mail.template, mail.user_id) == (Template.PAYMENT_DISPUTED, STAFF.id)
    assert mail.values is not None
    assert mail.values == {"payment_id": id_, "amount": "9.00 EUR", "respond_by": mail.values["respond_by"]}


async def test_who_looks_after_the_books_identity_tells(bursary: Bursary) -> None:
    now = bursary.clock.now()
    before = 0
    id_ = await _paid(bursary, 1)
    steps: list[tuple[IntegrationEvent, set[str]]] = [
        (UserRoleChanged(OTHER_STUDENT.id, Role.STUDENT, Role.ADMIN), {STAFF.id, OTHER_STUDENT.id}),
        (UserDeactivated(STAFF.id, "on leave", now), {OTHER_STUDENT.id}),
        (UserRoleChanged(STAFF.id, Role.STAFF, Role.ADMIN), {OTHER_STUDENT.id}),
        (UserActivated(STAFF.id, now), {STAFF.id, OTHER_STUDENT.id}),
        (UserRoleChanged(OTHER_STUDENT.id, Role.ADMIN, Role.TUTOR), {STAFF.id}),
        (UserDeleted(STAFF.id, now), set()),
    ]
    for number, (event, expected) in enumerate(steps):
        await _identity_tells(bursary, event)
        news = DisputeNews(f"dp_{number}", euros(900), "GENERAL", None, None)
        await _told(bursary, id_, news)
        assert {mail.user_id for mail in bursary.mails[before:]} == expected, event
        before = len(bursary.mails)
