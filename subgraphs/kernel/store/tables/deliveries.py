"""One row per consumer and message: the durable inbox and the retry queue in one."""

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from subgraphs.kernel.store.columns import ErrorText, Position, UtcDateTime
from subgraphs.kernel.store.tables.metadata import metadata
from subgraphs.kernel.store.tables.partial import partial_index

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
    Column("losses", Integer, nullable=False, server_default="0"),
    Column("last_error", ErrorText),
    UniqueConstraint("consumer", "message_id", name="kernel_delivery_consumer_message"),
    sqlite_autoincrement=True,  # an id is never used again: ids are the order of a key's messages
)


def unfinished(deliveries: FromClause) -> ColumnElement[bool]:
    """Still to be handled, or dead and holding back its key.

    `ready` and `timed` ones are handled when they are due, `leased` ones are being handled, `unknown` ones
    wait for a newer program that can read them, `dead` ones were given up, `blocked` ones stand behind one of
    those. `parked` ones were given up and hold nobody back, `dropped` ones were discarded by somebody.
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


def blocked(deliveries: FromClause) -> ColumnElement[bool]:
    """Standing behind one that was given up. A literal for the sake of the partial index, as above."""
    return deliveries.c.status == literal_column("'blocked'")


def not_known(deliveries: FromClause) -> ColumnElement[bool]:
    """Waiting for a program that can read it."""
    return deliveries.c.status == literal_column("'unknown'")


_UNFINISHED = ("ready", "timed", "leased", "dead", "unknown", "blocked")
_GIVEN_UP = ("dead", "parked", "unknown")


partial_index(
    "kernel_delivery_unfinished",
    delivery.c.consumer,
    delivery.c.key,
    delivery.c.id,
    where=unfinished(delivery),
)
partial_index("kernel_delivery_claimable", delivery.c.due, delivery.c.id, where=claimable(delivery))
partial_index("kernel_delivery_leased", delivery.c.key, delivery.c.consumer, where=leased(delivery))
partial_index("kernel_delivery_given_up", delivery.c.id, where=given_up(delivery))
partial_index("kernel_delivery_finished", delivery.c.due, where=finished(delivery))
partial_index(
    "kernel_delivery_blocked", delivery.c.consumer, delivery.c.key, delivery.c.id, where=blocked(delivery)
)
partial_index("kernel_delivery_not_known", delivery.c.id, where=not_known(delivery))
