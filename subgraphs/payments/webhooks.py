"""The endpoint that Stripe posts to what it has to tell. It is kept at once, and heard by a worker."""

import json
from dataclasses import dataclass, field
from typing import ClassVar, Final

import structlog

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.graphql.app import Hook, Posted
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork
from subgraphs.payments.commands.provider_news import RecordProviderNews, record_provider_news
from subgraphs.payments.provider.stripe.events import NoEventError, parse
from subgraphs.payments.provider.stripe.signature import SignatureError, verify
from subgraphs.payments.repository.provider_events import is_first_told

STRIPE_PATH: Final = "/webhooks/stripe"
HEAR: Final = "payments.hear_stripe"

_log = structlog.stdlib.get_logger("subgraphs.payments.webhooks")


@dataclass(frozen=True, slots=True)
class StripeHasTold(IntegrationEvent):
    """What Stripe has posted and signed, sent to ourselves. It says more of the payer than we keep."""

    type: ClassVar[str] = "payments.stripe_has_told"
    payload: str = field(repr=False)


def stripe_hook(transactions: Transactions, secret: str) -> Hook:
    """Takes what Stripe has signed. 200 for every event, also for those that mean nothing to us or were heard
    before; 400 for what is not Stripe's. What raises is answered with a status by which it comes again."""

    async def take(posted: Posted) -> tuple[int, bytes]:
        header = posted.headers.get(b"stripe-signature", b"").decode("latin-1")
        try:
            verify(posted.body, header, secret, now=transactions.clock.now())
            event = parse(posted.body)
        except (SignatureError, NoEventError) as refusal:
            _log.warning("webhook refused", reason=str(refusal))
            return 400, _json({"error": str(refusal)})
        async with transactions.begin("payments", RequestContext.of_system(transactions.ids)) as work:
            if event.news is not None and await is_first_told(work, event):
                about = event.payment_id or event.reference or event.id
                work.send(StripeHasTold(posted.body.decode()), to=HEAR, key=about)
        return 200, _json({"received": True})

    return take


def hearing_stripe() -> Subscription[StripeHasTold]:
    """The subscription by which a worker hears what was posted."""
    return Subscription(HEAR, StripeHasTold, _hear, refuses_replay=True, forgets=True, skips_dead=True)


async def _hear(message: Envelope[StripeHasTold], work: UnitOfWork) -> None:
    event = parse(message.body.payload.encode())
    await record_provider_news(RecordProviderNews(event), work, message.request())


def _json(content: dict[str, object]) -> bytes:
    return json.dumps(content).encode()
