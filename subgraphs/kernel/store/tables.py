"""The kernel's own tables, one set per database whatever contexts live in it.

audit     what people did about what the kernel could not do
event     the histories of event-sourced aggregates; `seq` is an event's place in the log of its context
snapshot  states of such aggregates, to save time
idempotency  what was asked under which key
outbox    every integration event ever published, in the order of its source (store/sequence.py)
epoch     where the order of a source began, and where it went on differently after a restore
intake    how far each context has read the sources of other databases
delivery  one row per consumer and message: the durable inbox and the retry queue in one
saga      where work that takes many transactions stands
projection  the generations of each read model; projection_position is how far each has read its logs
effect    what was asked of a provider, and what came of it
"""

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    FromClause,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
)

from subgraphs.kernel.store.columns import Position, UtcDateTime

metadata = MetaData()


def unnumbered(log: FromClause) -> ColumnElement[bool]:
    """Committed, and without a place in the order of its source yet."""
    return log.c.seq.is_(None)


outbox = Table(
    "kernel_outbox",
    metadata,
    Column("pos", Position, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("seq", Position),
    Column("message_id", String(36), nullable=False, unique=True),
    Column("type", String(128), nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("key", String(128), nullable=False),
    Column("recipient", String(128)),  # the only consumer, or everybody
    Column("data", Text, nullable=False),
    Column("meta", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("source", "seq", name="kernel_outbox_source_seq"),
)

Index(
    "kernel_outbox_unnumbered",
    outbox.c.pos,
    postgresql_where=unnumbered(outbox),
    sqlite_where=unnumbered(outbox),
)

epoch = Table(
    "kernel_epoch",
    metadata,
    Column("pos", Position, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("id", String(36), nullable=False, unique=True),
    Column("after_seq", Position, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Index("kernel_epoch_source", "source", "pos"),
)

intake = Table(
    "kernel_intake",
    metadata,
    Column("context", String(64), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("next_seq", Position, nullable=False),
    Column("lineage", Text, nullable=False),
)

delivery = Table(
    "kernel_delivery",
    metadata,
    Column("id", Position, primary_key=True),
    Column("consumer", String(128), nullable=False),
    Column("message_id", String(36), nullable=False),
    Column("source", String(64), nullable=False),
    Column("type", String(128), nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("key", String(128), nullable=False),
    Column("data", Text, nullable=False),
    Column("meta", Text, nullable=False),
    Column("status", String(8), nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("token", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("last_error", Text),
    UniqueConstraint("consumer", "message_id", name="kernel_delivery_consumer_message"),
    sqlite_autoincrement=True,  # an id is never used again: ids are the order of a key's messages
)


def unfinished(deliveries: FromClause) -> ColumnElement[bool]:
    """Still to be handled, or dead and holding back its key.

    `ready` and `timed` ones are handled when they are due, `leased` ones are being handled, `unknown` ones
    wait for a newer program that can read them, `dead` ones were given up. `parked` ones were given up and
    hold nobody back, `dropped` ones were discarded by somebody.
    Literals, as in the partial index: with bound values SQLite would not use that.
    """
    return deliveries.c.status.in_([literal_column(f"'{status}'") for status in _UNFINISHED])


def claimable(deliveries: FromClause) -> ColumnElement[bool]:
    """To be handled when it is due and has its turn. Literals for the sake of the partial index, as above."""
    return deliveries.c.status.in_([literal_column("'ready'"), literal_column("'timed'")])


def leased(deliveries: FromClause) -> ColumnElement[bool]:
    """In somebody's hands. A literal for the sake of the partial index, as above."""
    return deliveries.c.status == literal_column("'leased'")


def given_up(deliveries: FromClause) -> ColumnElement[bool]:
    """Not handled, and not going to be unless somebody does something about it. Literals as above."""
    return deliveries.c.status.in_([literal_column(f"'{status}'") for status in _GIVEN_UP])


def finished(deliveries: FromClause) -> ColumnElement[bool]:
    """Handled, or let go by somebody. Literals for the sake of the partial index, as above."""
    return deliveries.c.status.in_([literal_column("'done'"), literal_column("'dropped'")])


def not_known(deliveries: FromClause) -> ColumnElement[bool]:
    """Waiting for a program that can read it."""
    return deliveries.c.status == literal_column("'unknown'")


_UNFINISHED = ("ready", "timed", "leased", "dead", "unknown")
_GIVEN_UP = ("dead", "parked", "unknown")


Index(
    "kernel_delivery_unfinished",
    delivery.c.consumer,
    delivery.c.key,
    delivery.c.id,
    sqlite_where=unfinished(delivery),
    postgresql_where=unfinished(delivery),
)

Index(
    "kernel_delivery_claimable",
    delivery.c.due,
    delivery.c.id,
    sqlite_where=claimable(delivery),
    postgresql_where=claimable(delivery),
)

Index(
    "kernel_delivery_leased",
    delivery.c.key,
    delivery.c.consumer,
    sqlite_where=leased(delivery),
    postgresql_where=leased(delivery),
)

Index(
    "kernel_delivery_given_up",
    delivery.c.id,
    sqlite_where=given_up(delivery),
    postgresql_where=given_up(delivery),
)

Index(
    "kernel_delivery_finished",
    delivery.c.due,
    sqlite_where=finished(delivery),
    postgresql_where=finished(delivery),
)

Index(
    "kernel_delivery_not_known",
    delivery.c.id,
    sqlite_where=not_known(delivery),
    postgresql_where=not_known(delivery),
)

idempotency = Table(
    "kernel_idempotency",
    metadata,
    Column("scope", String(128), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("result", Text, nullable=False),
    Column("version", Text),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("kernel_idempotency_expires_at", "expires_at"),
)

event = Table(
    "kernel_event",
    metadata,
    Column("pos", Position, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("seq", Position),
    Column("stream", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", String(128), nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("event_id", String(36), nullable=False, unique=True),
    Column("data", Text, nullable=False),
    Column("meta", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    UniqueConstraint("stream", "version", name="kernel_event_stream_version"),
    UniqueConstraint("source", "seq", name="kernel_event_source_seq"),
)

Index(
    "kernel_event_unnumbered", event.c.pos, postgresql_where=unnumbered(event), sqlite_where=unnumbered(event)
)

snapshot = Table(
    "kernel_snapshot",
    metadata,
    Column("stream", String(200), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state_version", Integer, nullable=False),
    Column("data", Text, nullable=False),
)

saga = Table(
    "kernel_saga",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("type", String(128), nullable=False),
    Column("corr_key", String(200), nullable=False),
    Column("status", String(16), nullable=False),
    Column("outcome", String(16)),
    Column("data", Text, nullable=False),
    Column("steps", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("timeout_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("error", Text),
    UniqueConstraint("type", "corr_key", name="kernel_saga_type_corr_key"),
    Index("kernel_saga_status_created_at", "status", "created_at"),
)

Index(
    "kernel_saga_timeout_at",
    saga.c.timeout_at,
    postgresql_where=saga.c.timeout_at.is_not(None),
    sqlite_where=saga.c.timeout_at.is_not(None),
)

projection = Table(
    "kernel_projection",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("status", String(8), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("tables", Text, nullable=False),
    Column("failed_source", String(80)),
    Column("failed_seq", Position),
    Column("error", Text),
    Column("failed_at", UtcDateTime),
    Column("runner", String(36)),
    Column("under_way", Boolean, nullable=False, server_default=false()),
    Column("suspects", Integer, nullable=False, server_default="0"),
    Column("crashes", Integer, nullable=False, server_default="0"),
)

for _status in ("live", "building"):
    _only_one = projection.c.status == literal_column(f"'{_status}'")
    Index(
        f"kernel_projection_{_status}",
        projection.c.name,
        unique=True,
        sqlite_where=_only_one,
        postgresql_where=_only_one,
    )

projection_position = Table(
    "kernel_projection_position",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("source", String(80), primary_key=True),
    Column("seq", Position, nullable=False),
)

effect = Table(
    "kernel_effect",
    metadata,
    Column("key", String(255), primary_key=True),  # sent to the provider as Idempotency-Key
    Column("kind", String(128), nullable=False),
    Column("request", String(80), nullable=False),
    Column("status", String(16), nullable=False),
    Column("calls", Integer, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("waiting_since", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("result", Text),
)


def unsettled(effects: FromClause) -> ColumnElement[bool]:
    """Asked for, and nothing came of it yet. Literals for the sake of the partial index."""
    return effects.c.status.in_([literal_column("'requested'"), literal_column("'called'")])


Index(
    "kernel_effect_unsettled",
    effect.c.kind,
    effect.c.requested_at,
    sqlite_where=unsettled(effect),
    postgresql_where=unsettled(effect),
)

audit = Table(
    "kernel_audit",
    metadata,
    Column("pos", Position, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(128)),
    Column("correlation_id", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
)
