"""Which provider moves the money: PLAIT_PAYMENTS_PROVIDER says `fake`, for development, or `stripe`.

Stripe needs PLAIT_STRIPE_SECRET_KEY (sk_...) and PLAIT_STRIPE_WEBHOOK_SECRET (whsec_...); PLAIT_STRIPE_URL
is where its API is, if not at Stripe.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from subgraphs.kernel.settings import SettingsError
from subgraphs.payments.provider.fake import FakeGateway
from subgraphs.payments.provider.gateway import PaymentGateway
from subgraphs.payments.provider.stripe.api import STRIPE_URL, StripeApi
from subgraphs.payments.provider.stripe.gateway import StripeGateway

FAKE_BOOKS: Final = "fake-payments.db"


@dataclass(frozen=True, slots=True)
class Configured:
    """A provider, and the secret that its webhooks are signed with, if it sends any."""

    gateway: PaymentGateway
    webhook_secret: str | None = field(default=None, repr=False)


def configured(data_dir: Path) -> Configured:
    """As the environment says. SettingsError."""
    match os.environ.get("PLAIT_PAYMENTS_PROVIDER") or "fake":
        case "fake":
            return Configured(FakeGateway(data_dir / FAKE_BOOKS))
        case "stripe":
            api = StripeApi(
                _secret("PLAIT_STRIPE_SECRET_KEY"), url=os.environ.get("PLAIT_STRIPE_URL") or STRIPE_URL
            )
            return Configured(StripeGateway(api), _secret("PLAIT_STRIPE_WEBHOOK_SECRET"))
        case other:
            raise SettingsError(f"PLAIT_PAYMENTS_PROVIDER is {other!r}, and should be fake or stripe")


def _secret(name: str) -> str:
    if not (given := os.environ.get(name)):
        raise SettingsError(f"PLAIT_PAYMENTS_PROVIDER is stripe, which needs {name}")
    return given
