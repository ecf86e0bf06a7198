"""What contexts tell each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

import msgspec

from subgraphs.kernel.application.request import SYSTEM, RequestContext


@dataclass(frozen=True, slots=True)
class IntegrationEvent:
    """A fact that a context publishes, under a name and version that others rely on.

    Subclasses are frozen dataclasses; `type` is `context.thing_happened`. A version only ever gains
    optional fields; anything else is a new version.
    """

    type: ClassVar[str]
    version: ClassVar[int] = 1


M = TypeVar("M", bound=IntegrationEvent, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Where a message comes from."""

    message_id: str
    correlation_id: str
    causation_id: str | None
    actor: str | None
    occurred_at: datetime
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope(Generic[M]):
    """A message as its consumers get it. Those with one key reach a consumer in the order of their source."""

    source: str
    key: str
    body: M
    meta: Metadata

    def request(self) -> RequestContext:
        """The context in which a handler acts: the system, in the same chain of causes."""
        return RequestContext(
            SYSTEM, self.meta.correlation_id, self.meta.message_id, traceparent=self.meta.traceparent
        )


def to_json(value: IntegrationEvent | Metadata) -> str:
    return msgspec.json.encode(value).decode()


def metadata_from_json(text: str) -> Metadata:
    return msgspec.json.decode(text, type=Metadata)
