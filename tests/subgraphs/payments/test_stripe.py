"""The Stripe adapter against a stand-in of Stripe's HTTP API: what is sent, and what answers mean."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from subgraphs.kernel.effects.outcome import (
    NotDoneError,
    OutcomeUnknownError,
    Refused,
    RequestRejectedError,
    Succeeded,
)
from subgraphs.kernel.settings import Settings, SettingsError
from subgraphs.payments.provider.configured import configured
from subgraphs.payments.provider.fake import FakeGateway
from subgraphs.payments.provider.gateway import ChargeCard, LookUp, Receipt, RefundCharge
from subgraphs.payments.provider.stripe.amounts import stripe_amount
from subgraphs.payments.provider.stripe.api import StripeApi
from subgraphs.payments.provider.stripe.gateway import StripeGateway
from tests.subgraphs.payments.stripe_stand_in import SECRET, StandIn, stripe_stand_in

CHARGE = ChargeCard("payment-1", 4900, "EUR", "pm_visa")
REFUND = RefundCharge("payment-1", 1, "pi_1", 4900, "EUR")


@pytest.fixture
def stripe() -> Iterator[StandIn]:
    with stripe_stand_in() as books:
        yield books


@pytest.fixture
def gateway(stripe: StandIn) -> Iterator[StripeGateway]:
    api = StripeApi(SECRET, url=stripe.url)
    yield StripeGateway(api)
    api.close()


async def test_a_charge_is_a_payment_intent_that_is_confirmed_at_once(
    gateway: StripeGateway, stripe: StandIn
) -> None:
    assert await gateway.charge("key", CHARGE) == Succeeded(Receipt("pi_1"))
    assert stripe.requests == [
        (
            "/v1/payment_intents",
            {
                "amount": "4900",
                "currency": "eur",
                "payment_method": "pm_visa",
                "payment_method_types[]": "card",
                "confirm": "true",
                "error_on_requires_action": "true",
                "metadata[plait_payment_id]": "payment-1",
                "metadata[plait_key]": "key",
            },
        )
    ]
    assert await gateway.charge("key", CHARGE) == Succeeded(Receipt("pi_1"))
    assert len(stripe.intents) == 1


async def test_a_card_that_is_kept_is_charged_for_its_customer(
    gateway: StripeGateway, stripe: StandIn
) -> None:
    await gateway.charge("key", replace(CHARGE, customer="cus_1"))
    form = stripe.requests[0][1]
    assert (form["customer"], form["off_session"]) == ("cus_1", "true")
    assert "error_on_requires_action" not in form


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("pm_declined", "INSUFFICIENT_FUNDS"),
        ("pm_expired", "EXPIRED_CARD"),
        ("pm_generic", "CARD_DECLINED"),
        (None, "NO_CARD"),
    ],
)
async def test_a_decline_is_an_outcome(gateway: StripeGateway, card: str | None, code: str) -> None:
    outcome = await gateway.charge("key", replace(CHARGE, card=card))
    assert isinstance(outcome, Refused)
    assert outcome.code == code


@pytest.mark.parametrize(
    ("trouble", "raised"),
    [
        ("429", NotDoneError),
        ("500", OutcomeUnknownError),
        ("409", OutcomeUnknownError),
        ("lost", OutcomeUnknownError),
        ("garbled", OutcomeUnknownError),
    ],
)
async def test_trouble_is_asked_about_again_under_the_same_key(
    gateway: StripeGateway, stripe: StandIn, trouble: str, raised: type[Exception]
) -> None:
    stripe.trouble.append(trouble)
    with pytest.raises(raised):
        await gateway.charge("key", CHARGE)
    assert await gateway.charge("key", CHARGE) == Succeeded(Receipt("pi_1"))
    assert len(stripe.intents) == 1


async def test_what_can_never_be_done_is_rejected(gateway: StripeGateway) -> None:
    with pytest.raises(RequestRejectedError, match="resource_missing"):
        await gateway.charge("key", replace(CHARGE, card="pm_unknown"))
    await gateway.charge("another", CHARGE)
    with pytest.raises(RequestRejectedError, match="key_reused"):
        await gateway.charge("another", replace(CHARGE, amount_minor=1))


async def test_a_wrong_key_of_ours_is_waited_out(stripe: StandIn) -> None:
    api = StripeApi("sk_wrong", url=stripe.url)
    with pytest.raises(NotDoneError, match="does not know us"):
        await StripeGateway(api).charge("key", CHARGE)
    api.close()


async def test_nobody_at_home_means_that_nothing_was_done() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        api = StripeApi(SECRET, url=f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(NotDoneError):
            await StripeGateway(api).charge("key", CHARGE)
    api.close()


async def test_a_charge_is_found_by_its_key(gateway: StripeGateway) -> None:
    assert await gateway.find_charge("key", CHARGE) is None
    await gateway.charge("key", CHARGE)
    assert await gateway.find_charge("key", CHARGE) == Succeeded(Receipt("pi_1"))
    await gateway.charge("slow", replace(CHARGE, card="pm_processing"))
    assert await gateway.find_charge("slow", CHARGE) == Succeeded(Receipt("pi_2", is_settled=False))


async def test_money_goes_back_once_whatever_the_key(gateway: StripeGateway, stripe: StandIn) -> None:
    await gateway.charge("key", CHARGE)
    assert await gateway.find_refund("refund", REFUND) is None
    assert await gateway.refund("refund", REFUND) == Succeeded(Receipt("re_1"))
    assert await gateway.refund("another", REFUND) == Succeeded(Receipt("pi_1"))
    assert "amount" not in stripe.requests[-1][1]  # what is left, should somebody have sent back a part there


async def test_a_part_that_has_gone_back_is_found_by_its_attempt(
    gateway: StripeGateway, stripe: StandIn
) -> None:
    """Longer than Stripe knows a key, a part might go back twice."""
    await gateway.charge("key", CHARGE)
    part = replace(REFUND, amount_minor=900, is_part=True)
    stripe.trouble.append("lost")
    with pytest.raises(OutcomeUnknownError):
        await gateway.refund("refund", part)
    stripe.known.clear()
    assert await gateway.find_refund("refund", part) == Succeeded(Receipt("re_1"))
    assert await gateway.find_refund("next", replace(part, attempt=2)) is None
    assert stripe.requests[-1][1]["amount"] == "900"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("pending", Succeeded(Receipt("re_1", is_settled=False))),
        ("failed", Refused("REFUND_DECLINED", "The refund was declined")),
    ],
)
async def test_not_every_refund_is_done_at_once(
    gateway: StripeGateway, stripe: StandIn, status: str, outcome: object
) -> None:
    await gateway.charge("key", CHARGE)
    stripe.refund_status = status
    assert await gateway.refund("refund", REFUND) == outcome


def test_amounts_are_counted_as_stripe_counts_them() -> None:
    """Defect 12: whole numbers of the smallest unit, never floats."""
    assert stripe_amount(4900, "EUR") == 4900
    assert stripe_amount(4900, "JPY") == 4900
    assert stripe_amount(4900, "ISK") == 490_000
    assert stripe_amount(4900, "KWD") == 4900
    with pytest.raises(RequestRejectedError):
        stripe_amount(4901, "KWD")


async def test_the_environment_says_who_moves_the_money(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAIT_PAYMENTS_PROVIDER", raising=False)
    monkeypatch.delenv("PLAIT_DATABASE_URL", raising=False)
    assert isinstance(configured(Settings.from_environment(tmp_path)).gateway, FakeGateway)
    on_a_server = replace(Settings.from_environment(tmp_path), database_url="postgresql://plait@db/plait")
    with pytest.raises(SettingsError, match="PLAIT_PAYMENTS_PROVIDER is not set"):
        configured(on_a_server)
    assert isinstance(configured(replace(on_a_server, payments_provider="fake")).gateway, FakeGateway)
    monkeypatch.setenv("PLAIT_PAYMENTS_PROVIDER", "stripe")
    with pytest.raises(SettingsError, match="PLAIT_STRIPE_SECRET_KEY"):
        configured(Settings.from_environment(tmp_path))
    monkeypatch.setenv("PLAIT_STRIPE_SECRET_KEY", SECRET)
    with pytest.raises(SettingsError, match="PLAIT_STRIPE_WEBHOOK_SECRET"):
        configured(Settings.from_environment(tmp_path))
    monkeypatch.setenv("PLAIT_STRIPE_WEBHOOK_SECRET", "whsec_1")
    found = configured(Settings.from_environment(tmp_path))
    assert (found.gateway.name, found.webhook_secret) == ("stripe", "whsec_1")
    assert "whsec_1" not in repr(found)
    assert SECRET not in repr(found)
    monkeypatch.setenv("PLAIT_PAYMENTS_PROVIDER", "barter")
    with pytest.raises(SettingsError, match="barter"):
        configured(Settings.from_environment(tmp_path))


async def test_the_fake_provider_knows_what_it_has_done_after_a_restart(tmp_path: Path) -> None:
    def provider() -> FakeGateway:
        return FakeGateway(tmp_path / "bank.db", slow_seconds=0)

    assert await provider().find_charge("key", CHARGE) is None
    lost = replace(CHARGE, card="tok_timeout")
    with pytest.raises(OutcomeUnknownError):
        await provider().charge("key", lost)
    found = await provider().find_charge("key", CHARGE)
    assert isinstance(found, Succeeded)
    again = await asyncio.gather(*(provider().charge("key", lost) for _ in range(4)))
    assert again == [found] * 4
    assert [entry.amount_minor for entry in provider().ledger()] == [4900]
    wanted = LookUp(CHARGE.payment_id, found.result.reference, 0, "1")
    assert await provider().look_up(wanted) == found
    unknown_refund = Succeeded(Receipt(wanted.reference, is_settled=False))
    assert await provider().look_up(replace(wanted, attempt=1)) == unknown_refund
    unreachable = replace(CHARGE, card="tok_unreachable")
    with pytest.raises(NotDoneError):
        await provider().charge("other", unreachable)
    assert len(provider().ledger()) == 1
    assert isinstance(await provider().charge("other", unreachable), Succeeded)
    assert len(provider().ledger()) == 2
    unknown = await provider().charge("third", replace(CHARGE, card="tok_no_such"))
    assert isinstance(unknown, Refused)
    assert unknown.code == "INVALID_CARD"
