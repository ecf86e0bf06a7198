"""Deliver a part of the past to one consumer again.

Messages keep their ids: what the consumer has handled already it does not handle again, unless the replay is
fresh. Those of one key come in their order, after what waits for the consumer already.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.history import Selection, from_elsewhere, from_outbox, is_kept
from subgraphs.kernel.messaging.integration import metadata_from_json, to_json
from subgraphs.kernel.messaging.outbox import delivery_row, insert_deliveries
from subgraphs.kernel.messaging.routing import as_row, key_for
from subgraphs.kernel.messaging.transport import SequencedMessage, Transport
from subgraphs.kernel.store.tables import audit, delivery
from subgraphs.kernel.store.unit_of_work import Transactions

UNKNOWN_CONSUMER: Final = DomainError("UNKNOWN_CONSUMER", "No consumer here has this name", "consumer")
NOT_SUBSCRIBED: Final = DomainError(
    "NOT_SUBSCRIBED", "The consumer does not get messages of this type", "types"
)
REPLAY_REFUSED: Final = DomainError(
    "REPLAY_REFUSED", "What this consumer does must not be done again: it has to be forced", "consumer"
)
NOTHING_KEPT: Final = DomainError("NOTHING_KEPT", "Nobody here knows of messages of this source", "source")

_FINISHED: Final = ("done", "parked", "dropped")


@dataclass(frozen=True, slots=True)
class Replayed:
    """How far it is: up to number `seq`, messages were `selected`, of which so many were `delivered`.

    Of the rest some are `known`, handled or waiting to be; the others the subscription does not want.
    """

    seq: int = 0
    selected: int = 0
    delivered: int = 0
    known: int = 0


async def replay(
    transactions: Transactions,
    consumer: str,
    selection: Selection,
    request: RequestContext,
    *,
    fresh: bool = False,
    force: bool = False,
    batch: int = 500,
    transport: Transport | None = None,
    progress: Callable[[Replayed], None] | None = None,
) -> Result[Replayed, DomainError]:
    """Deliver the messages of a source to a consumer of this process again.

    What this database has not published is had sent again over the `transport`.
    A `fresh` replay is for a consumer that shall handle what it has handled already; `force` overrules a
    subscription that refuses. Each batch is a transaction: when a replay is broken off, it is begun again
    from the number that `progress` was told last. It is on record.

    UNKNOWN_CONSUMER, NOT_SUBSCRIBED, REPLAY_REFUSED, NOTHING_KEPT. TransportError.
    """
    refusal = _refusal(transactions, consumer, selection, force=force)
    if refusal is not None:
        return Failure(refusal)
    database, types = transactions.database, transactions.subscriptions.types_of(consumer)
    wanted = replace(selection, types=selection.types or frozenset(types))
    if await is_kept(database, selection.source):
        batches = from_outbox(database, consumer, wanted, batch)
    elif transport is not None and (await transport.read(selection.source, 0, wait=0)).announcement:
        batches = from_elsewhere(transport, consumer, wanted)
    else:
        return Failure(NOTHING_KEPT)
    await _record(transactions, consumer, selection, request, fresh=fresh, force=force)
    done = Replayed()
    async for rows in batches:
        async with transactions.database.transaction() as connection:
            done = await _deliver(
                transactions, connection, consumer, selection.source, rows, done, fresh=fresh
            )
            fault_point("replay.delivered")
        transactions.hints.give()
        await transactions.database.notify()
        if progress is not None:
            progress(done)
    return Success(done)


def _refusal(
    transactions: Transactions, consumer: str, selection: Selection, *, force: bool
) -> DomainError | None:
    subscriptions = transactions.subscriptions
    known = frozenset(subscriptions.types_of(consumer))
    wanted = known if selection.types is None else selection.types
    if not known:
        return UNKNOWN_CONSUMER
    if wanted - known:
        return NOT_SUBSCRIBED
    wants = (subscriptions.find(consumer, type_) for type_ in wanted)
    if not force and any(one is not None and one.refuses_replay for one in wants):
        return REPLAY_REFUSED
    return None


async def _record(
    transactions: Transactions,
    consumer: str,
    selection: Selection,
    request: RequestContext,
    *,
    fresh: bool,
    force: bool,
) -> None:
    types = None if selection.types is None else sorted(selection.types)
    times = {
        name: instant and instant.isoformat()
        for name, instant in (("since", selection.since), ("until", selection.until))
    }
    detail = {"from_seq": selection.from_seq, "to_seq": selection.to_seq, **times, "types": types}
    async with transactions.database.transaction() as connection:
        await connection.execute(
            insert(audit).values(
                at=transactions.clock.now(),
                actor=request.actor_id,
                correlation_id=request.correlation_id,
                action="replay",
                subject=f"{selection.source} to {consumer}",
                detail=json.dumps({**detail, "fresh": fresh, "force": force}),
            )
        )


async def _deliver(
    transactions: Transactions,
    connection: AsyncConnection,
    consumer: str,
    source: str,
    messages: Sequence[SequencedMessage],
    done: Replayed,
    *,
    fresh: bool,
) -> Replayed:
    subscriptions, now = transactions.subscriptions, transactions.clock.now()
    ours = (delivery.c.consumer == consumer, delivery.c.message_id.in_([one.message_id for one in messages]))
    if fresh:
        await connection.execute(delete(delivery).where(*ours, delivery.c.status.in_(_FINISHED)))
    known = set(await connection.scalars(select(delivery.c.message_id).where(*ours)))
    rows = [
        delivery_row(consumer, _row(source, message, key), due=now)
        for message in messages
        if message.message_id not in known
        and (subscription := subscriptions.find(consumer, message.type)) is not None
        and (key := key_for(source, message, subscription, subscriptions)) is not None
    ]
    await insert_deliveries(connection, rows)
    return Replayed(
        seq=messages[-1].seq,
        selected=done.selected + len(messages),
        delivered=done.delivered + len(rows),
        known=done.known + len(known),
    )


def _row(source: str, message: SequencedMessage, key: str) -> dict[str, Any]:
    meta = replace(metadata_from_json(message.meta), replay=True)
    return {**as_row(source, message, key), "meta": to_json(meta)}
