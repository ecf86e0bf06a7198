"""What contexts tell each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final, Generic, TypeVar
from uuid import UUID, uuid5

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


LONGEST_KEY: Final = 128
"""In characters: so much room there is for it."""

_PART_IDS: Final = UUID("7b1cbe0e-53a2-4b3c-8f0a-4f7a2a0b6d55")

M = TypeVar("M", bound=IntegrationEvent, covariant=True)


class MessageKeyError(ValueError):
    """No database could keep a message under this key, or not every one."""


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """Who waits for the answer to a message, and the key under which it is wanted."""

    consumer: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Where a message comes from, and where its answer goes to.

    `in_reply_to` is the id of the message that this one answers. A `replay` is a message of the past that
    somebody had delivered again, under the id that it had.
    """

    message_id: str
    correlation_id: str
    causation_id: str | None
    actor: str | None
    occurred_at: datetime
    traceparent: str | None = None
    reply_to: ReplyTo | None = None
    in_reply_to: str | None = None
    replay: bool = False

    def request(self) -> RequestContext:
        """The context in which a handler acts: the system, in the same chain of causes."""
        return RequestContext(SYSTEM, self.correlation_id, self.message_id, traceparent=self.traceparent)


@dataclass(frozen=True, slots=True)
class Envelope(Generic[M]):
    """A message as its consumers get it. Those with one key reach a consumer in the order of their source."""

    source: str
    key: str
    body: M
    meta: Metadata

    def request(self) -> RequestContext:
        """The context in which a handler acts."""
        return self.meta.request()


def checked_key(key: str) -> str:
    """The key, as one that every database can keep; MessageKeyError."""
    if not 0 < len(key) <= LONGEST_KEY or "\0" in key:
        raise MessageKeyError(f"a key has 1 to {LONGEST_KEY} characters, and not {key[:LONGEST_KEY]!r}")
    return key


def parts_of(source: str, key: str, bodies: Sequence[M], meta: Metadata) -> tuple[Envelope[M], ...]:
    """What has become of one message, in order. Of several, each has an id of its own, always the same."""
    if len(bodies) == 1:
        return (Envelope(source, key, bodies[0], meta),)
    ids = (str(uuid5(_PART_IDS, f"{meta.message_id}:{place}")) for place in range(len(bodies)))
    return tuple(
        Envelope(source, key, body, replace(meta, message_id=id_))
        for body, id_ in zip(bodies, ids, strict=True)
    )


def to_json(value: IntegrationEvent | Metadata) -> str:
    return msgspec.json.encode(value).decode()


def metadata_from_json(text: str) -> Metadata:
    return msgspec.json.decode(text, type=Metadata)
