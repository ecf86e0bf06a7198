"""The endpoint that Stripe posts to what it has to tell."""

import json
from typing import Final

import structlog

from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Clock, Failure, IdGenerator
from subgraphs.kernel.graphql.app import Hook, Posted
from subgraphs.payments.commands.provider_news import RecordProviderNews
from subgraphs.payments.provider.stripe.events import NoEventError, parse
from subgraphs.payments.provider.stripe.signature import SignatureError, verify

STRIPE_PATH: Final = "/webhooks/stripe"

_log = structlog.stdlib.get_logger("subgraphs.payments.webhooks")


def stripe_hook(commands: CommandBus, secret: str, *, clock: Clock, ids: IdGenerator) -> Hook:
    """Takes what Stripe has signed. 200 for every event, also for those that mean nothing to us or were heard
    before; 400 for what is not Stripe's; 503 when it could not be heard, so that it comes again."""

    async def take(posted: Posted) -> tuple[int, bytes]:
        header = posted.headers.get(b"stripe-signature", b"").decode("latin-1")
        try:
            verify(posted.body, header, secret, now=clock.now())
            event = parse(posted.body)
        except (SignatureError, NoEventError) as refusal:
            _log.warning("webhook refused", reason=str(refusal))
            return 400, _json({"error": str(refusal)})
        heard = await commands.execute(RecordProviderNews(event), RequestContext.of_system(ids))
        if isinstance(heard, Failure):
            return 503, _json({"error": heard.error.code})
        return 200, _json({"received": True})

    return take


def _json(content: dict[str, object]) -> bytes:
    return json.dumps(content).encode()
