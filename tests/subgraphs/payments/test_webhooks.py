"""What Stripe posts: signed, more than once, in any order."""

import json
from asyncio import gather
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import structlog

from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.testing.client import HttpResponse, request
from subgraphs.payments.commands.paying import CreatePayment
from subgraphs.payments.commands.refunding import InitiateRefund
from subgraphs.payments.commands.verifying import VerifyPayment
from subgraphs.payments.domain.values import PaymentStatus
from subgraphs.payments.provider.configured import Configured
from subgraphs.payments.provider.stripe.api import StripeApi
from subgraphs.payments.provider.stripe.gateway import StripeGateway
from subgraphs.payments.provider.stripe.signature import sign
from subgraphs.payments.webhooks import STRIPE_PATH
from tests.subgraphs.payments.bursary import COURSE, STAFF, STUDENT, Bursary, euros, open_bursary
from tests.subgraphs.payments.stripe_stand_in import SECRET, StandIn, stripe_stand_in
from tests.subgraphs.people import done, refusal

WEBHOOK_SECRET = "whsec_test"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[tuple[Bursary, StandIn]]:
    """Payments with Stripe."""
    with stripe_stand_in() as stripe:
        api = StripeApi(SECRET, url=stripe.url)
        async with open_bursary(tmp_path, provider=Configured(StripeGateway(api), WEBHOOK_SECRET)) as bursary:
            yield bursary, stripe
        api.close()


async def post(
    bursary: Bursary, event: object, *, secret: str = WEBHOOK_SECRET, age: timedelta = timedelta(0)
) -> HttpResponse:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    stamp = str(int((bursary.clock.now() - age).timestamp()))
    header = f"t={stamp},v1={sign(body, secret, stamp=stamp)}"
    with structlog.testing.capture_logs():
        answer = await request(
            bursary.payments.asgi, "POST", STRIPE_PATH, headers={"stripe-signature": header}, body=body
        )
        await Worker(bursary.platform.transactions).drain()
    return answer


def event(id_: str, type_: str, payment_id: str, *, created: int = 1000, **more: Any) -> dict[str, Any]:
    subject = {
        "id": "pi_1",
        "amount_received": 4900,
        "metadata": {"plait_payment_id": payment_id},
        "currency": "eur",
        **more,
    }
    return {"id": id_, "type": type_, "created": created, "data": {"object": subject}}


def refund_event(
    id_: str, type_: str, payment_id: str, *, attempt: int, amount: int = 4900, **more: Any
) -> dict[str, Any]:
    """News of a refund of ours."""
    more = {"status": "failed"} | more
    metadata = {"plait_payment_id": payment_id, "plait_refund_attempt": str(attempt)}
    return event(id_, type_, payment_id, amount=amount, metadata=metadata, **more)


def by_hand(id_: str, type_: str, *, created: int = 1000, **more: Any) -> dict[str, Any]:
    """News of what somebody does at Stripe, or a bank: it knows nothing of ours."""
    subject = {"id": "re_9", "payment_intent": "pi_1", "metadata": {}, "currency": "eur", **more}
    return {"id": id_, "type": type_, "created": created, "data": {"object": subject}}


async def _begun(bursary: Bursary) -> str:
    """A payment that Stripe is still at."""
    command = CreatePayment(euros(4900), course_id=COURSE, card="pm_processing")
    id_ = str(done(await bursary.by(STUDENT, command)))
    await bursary.deliver()
    assert (await bursary.payment(id_)).status is PaymentStatus.PENDING
    return id_


async def test_a_payment_is_completed_once_by_what_stripe_tells(shop: tuple[Bursary, StandIn]) -> None:
    bursary, _ = shop
    id_ = await _begun(bursary)
    told = event("evt_1", "payment_intent.succeeded", id_)
    for _ in range(2):
        response = await post(bursary, told)
        assert (response.status, response.json()) == (200, {"received": True})
    payment = await bursary.payment(id_)
    assert (payment.status, payment.version) == (PaymentStatus.COMPLETED, 3)


async def test_news_of_another_amount_is_not_believed(shop: tuple[Bursary, StandIn]) -> None:
    bursary, _ = shop
    id_ = await _begun(bursary)
    others: list[dict[str, Any]] = [{"amount_received": 49}, {"currency": "jpy"}, {"amount_received": None}]
    for number, odd in enumerate(others):
        told = event(f"evt_{number}", "payment_intent.succeeded", id_, **odd)
        assert (await post(bursary, told)).status == 200
        assert (await bursary.payment(id_)).status is PaymentStatus.PENDING, odd


async def test_what_stripe_does_not_tell_it_is_asked(shop: tuple[Bursary, StandIn]) -> None:
    """Its news may be lost: an hour later, then every day, or when the staff wants to know."""
    bursary, stripe = shop
    id_ = await _begun(bursary)
    await bursary.deliver()
    bursary.clock.advance(timedelta(hours=1))
    await bursary.deliver()
    assert (await bursary.payment(id_)).status is PaymentStatus.PENDING, "Stripe does not know either"
    stripe.intents["pi_1"]["status"] = "succeeded"
    bursary.clock.advance(timedelta(hours=1))
    await bursary.deliver()
    assert (await bursary.payment(id_)).status is PaymentStatus.PENDING
    bursary.clock.advance(timedelta(days=1))
    await bursary.deliver()
    assert (await bursary.payment(id_)).status is PaymentStatus.COMPLETED
    stripe.refund_status = "pending"
    done(await bursary.by(STAFF, InitiateRefund(id_, "ill")))
    await bursary.deliver()
    done(await bursary.by(STAFF, VerifyPayment(id_)))
    await bursary.deliver()
    assert (await bursary.payment(id_)).refund_under_way
    stripe.refunds["pi_1"][0]["status"] = "succeeded"
    done(await bursary.by(STAFF, VerifyPayment(id_)))
    await bursary.deliver()
    assert (await bursary.payment(id_)).status is PaymentStatus.REFUNDED
    assert refusal(await bursary.by(STAFF, VerifyPayment("nobody"))) == "PAYMENT_NOT_FOUND"
    done(await bursary.by(STAFF, VerifyPayment(id_)))  # there is nothing to ask for
    await bursary.deliver()


async def test_a_charge_that_has_failed_is_known_without_news(shop: tuple[Bursary, StandIn]) -> None:
    bursary, stripe = shop
    id_ = await _begun(bursary)
    problem = {"code": "card_declined", "decline_code": "lost_card"}
    stripe.intents["pi_1"] |= {"status": "requires_payment_method", "last_payment_error": problem}
    done(await bursary.by(STAFF, VerifyPayment(id_)))
    await bursary.deliver()
    assert (await bursary.payment(id_)).failure_reason == "LOST_CARD"


async def test_an_hour_without_stripe_costs_an_hour_and_no_second_charge(tmp_path: Path) -> None:
    with stripe_stand_in() as stripe:
        api = StripeApi(SECRET, url=stripe.url)
        provider = Configured(StripeGateway(api), WEBHOOK_SECRET)
        stripe.is_down = True
        async with open_bursary(tmp_path, provider=provider) as bursary:
            command = CreatePayment(euros(4900), course_id=COURSE, card="pm_visa")
            id_ = str(done(await bursary.by(STUDENT, command)))
            for _ in range(12):
                with structlog.testing.capture_logs():
                    left = await Worker(bursary.platform.transactions).drain()
                assert (left.waiting, left.dead) == (1, 0)
                bursary.clock.advance(timedelta(minutes=5))
            assert (await bursary.payment(id_)).status is PaymentStatus.PENDING
        stripe.is_down, stripe.trouble = False, ["lost", "500"]
        async with open_bursary(tmp_path, provider=provider) as bursary:  # with its circuit closed again
            bursary.clock.advance(timedelta(hours=2))
            await bursary.deliver()
            assert (await bursary.payment(id_)).status is PaymentStatus.COMPLETED
        assert len(stripe.intents) == 1
        api.close()


async def test_events_may_come_in_any_order(tmp_path: Path) -> None:
    with stripe_stand_in() as stripe:
        api = StripeApi(SECRET, url=stripe.url)
        provider = Configured(StripeGateway(api), WEBHOOK_SECRET)
        async with open_bursary(tmp_path, provider=provider) as bursary:
            for number, order in enumerate(permutations(range(3))):
                id_ = await _begun(bursary)
                events = [
                    event(f"a{number}", "payment_intent.succeeded", id_),
                    event(f"b{number}", "charge.refunded", id_, amount=4900, amount_refunded=4900),
                    event(f"c{number}", "refund.updated", id_, status="succeeded"),  # none of ours
                ]
                for place in order:
                    assert (await post(bursary, events[place])).status == 200
                payment = await bursary.payment(id_)
                assert (payment.status, payment.has_money) == (PaymentStatus.REFUNDED, False)
        api.close()


async def test_a_failure_is_told_and_a_late_success_goes_back(shop: tuple[Bursary, StandIn]) -> None:
    bursary, stripe = shop
    id_ = await _begun(bursary)
    problem = {"code": "card_declined", "decline_code": "lost_card"}
    await post(bursary, event("evt_1", "payment_intent.payment_failed", id_, last_payment_error=problem))
    payment = await bursary.payment(id_)
    assert (payment.status, payment.failure_reason) == (PaymentStatus.FAILED, "LOST_CARD")
    await post(bursary, event("evt_2", "payment_intent.succeeded", id_))
    await bursary.deliver()
    assert len(stripe.refunds) == 1
    assert (await bursary.payment(id_)).status is PaymentStatus.REFUNDED


async def test_a_refund_that_is_on_its_way_is_over_when_stripe_says_so(
    shop: tuple[Bursary, StandIn],
) -> None:
    bursary, stripe = shop
    stripe.refund_status = "pending"
    id_ = str(done(await bursary.by(STUDENT, CreatePayment(euros(4900), course_id=COURSE, card="pm_visa"))))
    await bursary.deliver()
    done(await bursary.by(STAFF, InitiateRefund(id_, "ill")))
    await bursary.deliver()
    payment = await bursary.payment(id_)
    assert (payment.status, payment.refund_under_way) == (PaymentStatus.COMPLETED, True)
    await post(bursary, refund_event("evt_1", "refund.failed", id_, attempt=1))
    payment = await bursary.payment(id_)
    assert (payment.status, payment.refund_under_way) == (PaymentStatus.COMPLETED, False)


async def test_news_of_a_refund_is_about_the_attempt_that_it_names(shop: tuple[Bursary, StandIn]) -> None:
    """Late news of an attempt that failed does not undo the next one, nor is it undone by older news."""
    bursary, stripe = shop
    stripe.refund_status = "pending"
    id_ = str(done(await bursary.by(STUDENT, CreatePayment(euros(4900), course_id=COURSE, card="pm_visa"))))
    await bursary.deliver()

    async def hear(number: int, type_: str, attempt: int, **more: Any) -> PaymentStatus:
        told = refund_event(f"evt_{number}", type_, id_, attempt=attempt, **more)
        assert (await post(bursary, told)).status == 200
        return (await bursary.payment(id_)).status

    async def send_back() -> None:
        done(await bursary.by(STAFF, InitiateRefund(id_, "ill")))
        await bursary.deliver()

    await send_back()
    assert stripe.refunds["pi_1"][0]["metadata"]["plait_refund_attempt"] == "1"
    assert await hear(1, "refund.failed", 1) is PaymentStatus.COMPLETED
    assert await hear(2, "refund.updated", 1, status="succeeded") is PaymentStatus.COMPLETED
    stripe.refunds.clear()  # it has come back
    await send_back()
    assert await hear(3, "refund.updated", 2, status="succeeded") is PaymentStatus.REFUNDED
    assert await hear(4, "refund.failed", 1) is PaymentStatus.REFUNDED
    assert await hear(5, "refund.failed", 2) is PaymentStatus.COMPLETED


async def _paid(bursary: Bursary) -> str:
    id_ = str(done(await bursary.by(STUDENT, CreatePayment(euros(4900), course_id=COURSE, card="pm_visa"))))
    await bursary.deliver()
    return id_


async def test_old_news_of_a_refund_that_failed_is_not_believed(shop: tuple[Bursary, StandIn]) -> None:
    bursary, _ = shop
    id_ = await _paid(bursary)
    done(await bursary.by(STAFF, InitiateRefund(id_, "ill")))
    await bursary.deliver()
    assert (await bursary.payment(id_)).status is PaymentStatus.REFUNDED
    await post(bursary, refund_event("evt_2", "refund.failed", id_, attempt=1, created=2000))
    sent = event("evt_1", "charge.refunded", id_, created=1000, amount=4900, amount_refunded=4900)
    assert (await post(bursary, sent)).status == 200
    payment = await bursary.payment(id_)
    assert (payment.status, payment.has_money) == (PaymentStatus.COMPLETED, True)


async def test_what_somebody_sends_back_at_stripe_is_known(shop: tuple[Bursary, StandIn]) -> None:
    bursary, _ = shop
    id_ = await _paid(bursary)
    charge: dict[str, Any] = {"id": "ch_1", "amount": 4900}
    await post(bursary, by_hand("evt_1", "charge.refunded", amount_refunded=900, **charge))
    payment = await bursary.payment(id_)
    assert (payment.status, payment.returned) == (PaymentStatus.COMPLETED, euros(900))
    await post(bursary, by_hand("evt_2", "charge.refunded", created=1100, amount_refunded=1800, **charge))
    for number, type_ in enumerate(("refund.failed", "refund.updated", "charge.refund.updated"), start=3):
        failed = by_hand(f"evt_{number}", type_, created=2000, amount=900, status="failed")
        await post(bursary, failed)
        assert (await bursary.payment(id_)).returned == euros(900), "one refund has come back, told thrice"
    await post(bursary, by_hand("evt_6", "charge.refunded", created=3000, amount_refunded=4900, **charge))
    assert (await bursary.payment(id_)).status is PaymentStatus.REFUNDED


async def test_a_part_goes_back_by_stripe_and_is_counted_once(shop: tuple[Bursary, StandIn]) -> None:
    bursary, stripe = shop
    id_ = await _paid(bursary)
    stripe.trouble.append("lost")  # done, and nobody hears of it
    done(await bursary.by(STAFF, InitiateRefund(id_, "one lesson", euros(900))))
    await bursary.deliver()
    [refund] = stripe.refunds["pi_1"]
    assert refund["amount"] == 900
    await post(bursary, event("evt_1", "charge.refunded", id_, amount=4900, amount_refunded=900))
    await post(bursary, refund_event("evt_2", "refund.updated", id_, attempt=1, status="succeeded"))
    payment = await bursary.payment(id_)
    assert (payment.status, payment.returned) == (PaymentStatus.COMPLETED, euros(900))
    done(await bursary.by(STAFF, InitiateRefund(id_, "ill")))
    await bursary.deliver()
    assert [one["amount"] for one in stripe.refunds["pi_1"]] == [900, 4000]
    assert (await bursary.payment(id_)).status is PaymentStatus.REFUNDED


async def test_a_dispute_is_on_record_and_its_end_too(shop: tuple[Bursary, StandIn]) -> None:
    """Whichever of its two events comes first."""
    bursary, _ = shop
    id_ = await _paid(bursary)
    dispute: dict[str, Any] = {"id": "dp_1", "amount": 4900, "reason": "fraudulent"}
    await post(bursary, by_hand("evt_1", "charge.dispute.created", status="needs_response", **dispute))
    assert (await bursary.payment(id_)).is_disputed
    assert refusal(await bursary.by(STAFF, InitiateRefund(id_, "ill"))) == "PAYMENT_DISPUTED"
    await post(bursary, by_hand("evt_2", "charge.dispute.closed", status="won", **dispute))
    payment = await bursary.payment(id_)
    assert (payment.is_disputed, payment.status) == (False, PaymentStatus.COMPLETED)
    dispute["id"] = "dp_2"
    await post(bursary, by_hand("evt_3", "charge.dispute.closed", status="lost", **dispute))
    await post(bursary, by_hand("evt_4", "charge.dispute.created", status="needs_response", **dispute))
    payment = await bursary.payment(id_)
    assert (payment.is_disputed, payment.status) == (False, PaymentStatus.REFUNDED)
    assert payment.refund_reason == "CHARGEBACK"


async def test_the_same_news_many_times_at_once_is_heard_once(store: str, tmp_path: Path) -> None:
    with stripe_stand_in() as stripe:
        api = StripeApi(SECRET, url=stripe.url)
        provider = Configured(StripeGateway(api), WEBHOOK_SECRET)
        async with open_bursary(tmp_path, provider=provider, database_url=store) as bursary:
            id_ = await _begun(bursary)
            told = [event("evt_1", "payment_intent.succeeded", id_)] * 6
            told += [event(f"evt_{number}", "payment_intent.succeeded", id_) for number in range(2, 4)]
            statuses = [one.status for one in await gather(*(post(bursary, one) for one in told))]
            assert set(statuses) == {200}
            await bursary.deliver()
            payment = await bursary.payment(id_)
            assert (payment.status, payment.version) == (PaymentStatus.COMPLETED, 3)
        api.close()


@pytest.mark.parametrize(
    "told",
    [
        event("evt_1", "invoice.created", "x"),
        event("evt_1", "charge.refunded", "x", amount=2, amount_refunded=1),
        {"id": "evt_1", "type": "customer.created", "created": 1, "data": {"object": {}}},
        by_hand("evt_1", "charge.dispute.created", amount=4900, status="needs_response"),
        by_hand("evt_1", "charge.dispute.created", amount="4900", metadata=None),
        by_hand("evt_1", "refund.failed", amount=4900, currency="euros", status="failed"),
        by_hand("evt_1", "refund.updated", amount=4900, status="pending"),
        by_hand("evt_1", "refund.updated", amount=4900, status=["failed"]),
        event("evt_1", "payment_intent.succeeded", "nobody has this id"),
    ],
)
async def test_what_is_none_of_our_business_is_acknowledged(
    shop: tuple[Bursary, StandIn], told: dict[str, Any]
) -> None:
    assert (await post(shop[0], told)).status == 200


async def test_what_stripe_has_not_signed_is_refused(shop: tuple[Bursary, StandIn]) -> None:
    bursary, _ = shop
    id_ = await _begun(bursary)
    told = event("evt_1", "payment_intent.succeeded", id_)
    assert (await post(bursary, told, secret="whsec_guessed")).status == 400
    assert (await post(bursary, told, age=timedelta(minutes=6))).status == 400
    assert (await post(bursary, told, age=timedelta(minutes=-6))).status == 400
    assert (await post(bursary, b"{}")).status == 400
    assert (await post(bursary, b"no JSON")).status == 400
    for odd in ({"id": "x" * 101}, {"id": "evt_\x00"}, {"type": ""}, {"created": 10**30}, {"created": "now"}):
        assert (await post(bursary, {**told, **odd})).status == 400, odd
    body = json.dumps(told).encode()
    for header in ("", "t=1", "t=x,v1=y", "v1=0", "t=1,t=2,v1=0", "\xff"):
        with structlog.testing.capture_logs():
            answer = await request(
                bursary.payments.asgi,
                "POST",
                STRIPE_PATH,
                headers={"stripe-signature": header.encode().decode("latin-1")},
                body=body,
            )
        assert answer.status == 400, header
    assert (await bursary.payment(id_)).status is PaymentStatus.PENDING


async def test_there_is_no_hook_without_a_secret_and_no_get(
    bursary: Bursary, shop: tuple[Bursary, StandIn]
) -> None:
    assert (await request(bursary.payments.asgi, "POST", STRIPE_PATH)).status == 404
    get = await request(shop[0].payments.asgi, "GET", STRIPE_PATH)
    assert (get.status, get.headers["allow"]) == (405, "POST")
    huge = await request(shop[0].payments.asgi, "POST", STRIPE_PATH, body=b"x" * 2_000_000)
    assert huge.status == 413


async def test_while_a_secret_is_exchanged_either_signature_will_do(shop: tuple[Bursary, StandIn]) -> None:
    bursary, _ = shop
    body = json.dumps(event("evt_1", "payment_intent.succeeded", await _begun(bursary))).encode()
    stamp = str(int(bursary.clock.now().timestamp()))
    signatures = [sign(body, secret, stamp=stamp) for secret in ("whsec_old", WEBHOOK_SECRET)]
    header = f"t={stamp},v1={signatures[0]},v1={signatures[1]},v0=ignored"
    answer = await request(
        bursary.payments.asgi, "POST", STRIPE_PATH, headers={"stripe-signature": header}, body=body
    )
    assert answer.status == 200
