"""Who wants to hear what, and how far the telling has come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Final
from urllib.parse import urlsplit

from plait_schema.registry.errors import INVALID_REQUEST
from plait_schema.registry.model import VariantId
from plait_schema.registry.webhooks.events import TOPICS, Topic

_LONGEST: Final = 2000  # characters of a URL


class Form(StrEnum):
    """How an event is said: in full, for programs, or as a sentence for a chat."""

    JSON = "json"
    SLACK = "slack"


@dataclass(frozen=True, slots=True)
class Webhook:
    """`pattern` says of which variants, as scopes of tokens do; `host` is all of the URL that is shown."""

    id: str
    name: str
    host: str
    topics: tuple[Topic, ...]
    pattern: str
    form: Form
    by: str
    created_at: datetime

    def wants(self, topic: Topic, variant_id: VariantId | None) -> bool:
        if topic not in self.topics:
            return False
        return variant_id is None or fnmatchcase(str(variant_id), self.pattern)


class DeliveryState(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """One event on its way to one webhook: what came of the last attempt, and when the next one is due."""

    id: int
    webhook: str
    topic: Topic
    target: str | None
    at: datetime
    data: Mapping[str, Any]
    state: DeliveryState
    attempts: int
    due: datetime | None
    status: int | None
    reason: str | None
    finished_at: datetime | None


def topics_of(names: Iterable[str]) -> tuple[Topic, ...]:
    """Each once, in their order. Raises RegistryError (INVALID_REQUEST)."""
    wanted = set(names)
    if not wanted:
        raise INVALID_REQUEST.because(f"say what it is to hear of: {', '.join(TOPICS)}.")
    if unknown := sorted(wanted - set(TOPICS)):
        raise INVALID_REQUEST.because(f"there is no event {unknown[0][:80]}, but {', '.join(TOPICS)}.")
    return tuple(topic for topic in TOPICS if topic in wanted)


def host_of(url: str) -> str:
    """The host, with its port. Raises RegistryError (INVALID_REQUEST) for what nothing can be sent to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise INVALID_REQUEST.because("the webhook's url is none.") from None
    if parts.scheme not in ("http", "https") or not host or len(url) > _LONGEST:
        raise INVALID_REQUEST.because("the webhook's url is no http or https url.")
    if parts.username is not None or not (url.isascii() and url.isprintable()) or " " in url:
        raise INVALID_REQUEST.because(
            "the webhook's url has a user, or characters that are not allowed in urls."
        )
    return host if port is None else f"{host}:{port}"
