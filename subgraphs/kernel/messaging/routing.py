"""Who gets a message that was written elsewhere or earlier, and under which key."""

from collections.abc import Sequence
from typing import Any

import msgspec
import structlog

from subgraphs.kernel.messaging.integration import metadata_from_json, parts_of
from subgraphs.kernel.messaging.registry import Stored, UnknownMessageError
from subgraphs.kernel.messaging.subscriptions import Interest, Subscriptions, context_of
from subgraphs.kernel.messaging.transport import SequencedMessage

_log = structlog.stdlib.get_logger("subgraphs.transport")


def addressees(
    source: str, message: SequencedMessage, context: str, subscriptions: Subscriptions
) -> Sequence[tuple[str, str]]:
    """The consumers of a context, and the key under which each gets a message.

    A message that this program cannot read goes to all that subscribe to its type: the worker sees what
    becomes of it.
    """
    if message.recipient is not None:
        if context_of(message.recipient) != context:
            return ()
        return ((message.recipient, message.key),)
    keyed = (
        (one.consumer, key_for(source, message, one, subscriptions))
        for one in subscriptions.to(message.type)
        if one.context == context
    )
    return tuple((consumer, key) for consumer, key in keyed if key is not None)


def as_row(source: str, message: SequencedMessage, key: str) -> dict[str, Any]:
    """A message as it is written into a delivery."""
    return {
        "source": source,
        "message_id": message.message_id,
        "type": message.type,
        "schema_version": message.schema_version,
        "key": key,
        "data": message.data,
        "meta": message.meta,
    }


def key_for(
    source: str, message: SequencedMessage, subscription: Interest[Any], subscriptions: Subscriptions
) -> str | None:
    """The key under which a subscription gets a message; None when it does not want it.

    What has become several messages by now comes once, under the first key that one of them has.
    """
    if not subscription.reads_bodies:
        return message.key
    stored = Stored(message.type, message.schema_version, message.data)
    try:
        bodies = subscriptions.registry.decode_parts(stored)
        parts = parts_of(source, message.key, bodies, metadata_from_json(message.meta))
        return next((key for part in parts if (key := subscription.key_of(part)) is not None), None)
    except (UnknownMessageError, msgspec.DecodeError):
        return message.key
    except Exception as error:  # noqa: BLE001 -- one bad message must not stop its source: the worker meets the same error
        _log.error(
            "cannot tell who gets it",
            consumer=subscription.consumer,
            message_id=message.message_id,
            error=repr(error),
        )
        return message.key
