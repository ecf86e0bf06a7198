"""Making webhooks: their address and secret are sealed before they are stored."""

import json
import secrets
from collections.abc import Iterable

from plait_schema.registry.registry import Clock
from plait_schema.registry.store.webhook_store import WebhookStore
from plait_schema.registry.tokens import Permission, Scope
from plait_schema.registry.webhooks.sealing import Seal
from plait_schema.registry.webhooks.signing import new_webhook_secret
from plait_schema.registry.webhooks.webhook import Form, Webhook, host_of, topics_of


class Webhooks:
    """Of one registry; `seal` is also for who delivers."""

    def __init__(self, store: WebhookStore, seal: Seal, *, clock: Clock) -> None:
        self.store = store
        self.seal = seal
        self._clock = clock

    async def make(
        self, name: str, url: str, *, events: Iterable[str], of: str, form: Form, by: str
    ) -> tuple[Webhook, str]:
        """A webhook, and its secret, which is told this once. `of` is a pattern, as in the scopes of tokens.

        Raises RegistryError (INVALID_REQUEST).
        """
        webhook = Webhook(
            id=secrets.token_hex(6),
            name=name,
            host=host_of(url),
            topics=topics_of(events),
            pattern=Scope.parse(f"{Permission.READ}:{of}").pattern,
            form=form,
            by=by,
            created_at=self._clock(),
        )
        secret = new_webhook_secret()
        sealed = self.seal.close(json.dumps({"url": url, "secret": secret}), of=webhook.id)
        await self.store.add(webhook, sealed)
        return webhook, secret
