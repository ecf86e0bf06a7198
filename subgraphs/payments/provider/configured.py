"""Which provider moves the money, as the settings say."""

from dataclasses import dataclass, field
from typing import Final

from subgraphs.kernel.settings import Settings, SettingsError
from subgraphs.payments.provider.fake import FakeGateway
from subgraphs.payments.provider.gateway import PaymentGateway
from subgraphs.payments.provider.stripe.api import StripeApi
from subgraphs.payments.provider.stripe.gateway import StripeGateway

FAKE_BOOKS: Final = "fake-payments.db"


@dataclass(frozen=True, slots=True)
class Configured:
    """A provider, and the secret that its webhooks are signed with, if it sends any."""

    gateway: PaymentGateway
    webhook_secret: str | None = field(default=None, repr=False)


def configured(settings: Settings) -> Configured:
    """SettingsError for a provider that there is not, or without its keys; and for none at all on a server's
    database: nobody shall believe that they were paid because a variable is missing."""
    match settings.payments_provider:
        case None if settings.database_file is None:
            raise SettingsError(
                "PLAIT_PAYMENTS_PROVIDER is not set: name who moves the money of a database on a server, "
                "stripe, or fake if none shall be moved"
            )
        case None | "fake":
            return Configured(FakeGateway(settings.data_dir / FAKE_BOOKS))
        case "stripe":
            if (key := settings.stripe_secret_key) is None:
                raise SettingsError("PLAIT_PAYMENTS_PROVIDER is stripe, which needs PLAIT_STRIPE_SECRET_KEY")
            if (secret := settings.stripe_webhook_secret) is None:
                raise SettingsError(
                    "PLAIT_PAYMENTS_PROVIDER is stripe, which needs PLAIT_STRIPE_WEBHOOK_SECRET"
                )
            return Configured(StripeGateway(StripeApi(key, url=settings.stripe_url)), secret)
        case other:
            raise SettingsError(f"PLAIT_PAYMENTS_PROVIDER is {other!r}, and should be fake or stripe")
