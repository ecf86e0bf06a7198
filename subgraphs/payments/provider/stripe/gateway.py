"""Charges as PaymentIntents that are confirmed at once, refunds as Refunds.

https://docs.stripe.com/api/payment_intents/create, https://docs.stripe.com/api/refunds/create. Both carry our
payment's id in their metadata, by which webhooks (events.py) find their way back. Stripe remembers an
Idempotency-Key for a day; charges and refunds are looked for by their metadata before they are asked for
again.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from subgraphs.kernel.effects.http import Body
from subgraphs.kernel.effects.outcome import Outcome, OutcomeUnknownError, Refused, Succeeded
from subgraphs.payments.provider.gateway import ChargeCard, LookUp, Receipt, RefundCharge
from subgraphs.payments.provider.stripe.amounts import stripe_amount
from subgraphs.payments.provider.stripe.api import StripeApi
from subgraphs.payments.provider.stripe.refusals import declined_code, refusal

PAYMENT_ID: Final = "plait_payment_id"
"""The name of our payment's id in Stripe's metadata."""
ATTEMPT: Final = "plait_refund_attempt"
_KEY: Final = "plait_key"

_NO_CARD: Final = Refused("NO_CARD", "There is no card to take the money from")
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class StripeGateway:
    """A `PaymentGateway`. A charge without a card is refused: NO_CARD."""

    api: StripeApi
    name: str = "stripe"

    async def charge(self, key: str, charge: ChargeCard) -> Outcome[Receipt]:
        if charge.card is None:
            return _NO_CARD
        form = {
            "amount": str(stripe_amount(charge.amount_minor, charge.currency)),
            "currency": charge.currency.lower(),
            "payment_method": charge.card,
            "payment_method_types[]": "card",
            "confirm": "true",
            "error_on_requires_action": "true",  # nobody is there to be asked for a second factor
            f"metadata[{PAYMENT_ID}]": charge.payment_id,
            f"metadata[{_KEY}]": key,
        }
        if charge.customer is not None:
            form |= {"customer": charge.customer, "off_session": "true"}
            del form["error_on_requires_action"]  # off session it goes without saying, and may not be said
        status, body = await self.api.post("/v1/payment_intents", form, key=key)
        return refusal(status, body) if status != _OK else _outcome_of_charge(body)

    async def find_charge(self, key: str, charge: ChargeCard) -> Outcome[Receipt] | None:
        query = {"query": f"metadata['{_KEY}']:'{key}'", "limit": "1"}
        status, body = await self.api.get("/v1/payment_intents/search", query)
        if status != _OK:
            refusal(status, body)
            return None
        match body.get("data"):
            case [{"status": "succeeded" | "processing"} as intent, *_]:
                return _outcome_of_charge(intent)
            case _:
                return None  # what was declined is answered as before, under its key

    async def refund(self, key: str, refund: RefundCharge) -> Outcome[Receipt]:
        form = {
            "payment_intent": refund.reference,
            f"metadata[{PAYMENT_ID}]": refund.payment_id,
            f"metadata[{ATTEMPT}]": str(refund.attempt),
        }
        if refund.is_part:  # without an amount it is what has not gone back yet
            form["amount"] = str(stripe_amount(refund.amount_minor, refund.currency))
        status, body = await self.api.post("/v1/refunds", form, key=key)
        match body:
            case {"error": {"code": "charge_already_refunded"}}:
                return Succeeded(Receipt(refund.reference))
            case {"error": {"code": "charge_disputed"}}:
                return Refused("CHARGE_DISPUTED", "The bank is asking for the money back already")
        return refusal(status, body) if status != _OK else _outcome_of_refund(body)

    async def find_refund(self, key: str, refund: RefundCharge) -> Outcome[Receipt] | None:
        return await self._refund_of(refund)

    async def look_up(self, wanted: LookUp) -> Outcome[Receipt]:
        if wanted.attempt:
            return await self._refund_of(wanted) or Succeeded(Receipt(wanted.reference, is_settled=False))
        status, body = await self.api.get(f"/v1/payment_intents/{quote(wanted.reference, safe='')}", {})
        return refusal(status, body) if status != _OK else _outcome_of_charge(body)

    async def _refund_of(self, refund: RefundCharge | LookUp) -> Outcome[Receipt] | None:
        """A charge has at most a handful of refunds; ours name their attempt."""
        query = {"payment_intent": refund.reference, "limit": "100"}
        status, body = await self.api.get("/v1/refunds", query)
        if status != _OK:
            refusal(status, body)
            return None
        ours = {PAYMENT_ID: refund.payment_id, ATTEMPT: str(refund.attempt)}
        found = body.get("data")
        for one in found if isinstance(found, list) else ():
            match one:
                case {"metadata": dict(metadata)} if ours.items() <= metadata.items():
                    return _outcome_of_refund(one)
        return None


def _outcome_of_refund(refund: Body) -> Outcome[Receipt]:
    match refund:
        case {"id": str(reference), "status": "succeeded" | "pending" as status}:
            return Succeeded(Receipt(reference, is_settled=status == "succeeded"))
        case {"id": str(), "status": "failed" | "canceled" | "requires_action"}:
            return Refused("REFUND_DECLINED", "The refund was declined")
        case _:
            raise OutcomeUnknownError("Stripe's answer is no refund")


def _outcome_of_charge(intent: Body) -> Outcome[Receipt]:
    match intent:
        case {"id": str(reference), "status": "succeeded"}:
            return Succeeded(Receipt(reference))
        case {"id": str(reference), "status": "processing"}:
            return Succeeded(Receipt(reference, is_settled=False))
        case {"id": str(), "status": "requires_payment_method" | "requires_action" | "canceled"}:
            return Refused(declined_code(intent.get("last_payment_error")), "The card was declined")
        case _:
            raise OutcomeUnknownError("Stripe's answer is no PaymentIntent")
