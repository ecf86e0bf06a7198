"""Places where a process may die: named, so that a test can die at each of them."""

from collections.abc import Callable
from typing import Final

FAULT_POINTS: Final = (
    "transaction.opened",  # nothing is written
    "command.key_taken",  # the idempotency key is written, its command has not run
    "events.appended",  # an aggregate's events are written, its messages are not
    "transaction.handled",  # the rows are written, their messages are not
    "transaction.published",  # everything is written, nothing is committed
    "transaction.committed",  # committed, nobody is told
    "snapshot.written",  # in a transaction of its own, not committed
    "sequencer.numbered",  # rows have numbers in an open transaction
    "worker.claimed",  # messages are leased
    "worker.extended",  # leases are extended in an open transaction
    "worker.fenced",  # a message is marked done in an open transaction, its handler has not run
    "errand.done",  # an errand is done, its message is not marked as handled
    "worker.postponed",  # that a message is put off is written, not committed
    "worker.failed",  # a handler has raised, its transaction is rolled back, the failure is not recorded
    "saga.decided",  # what a saga becomes is known, nothing of it is written
    "saga.stored",  # a saga's row is written, its messages are not
    "saga.cancelled",  # a saga's row and the record of who cancelled it are written, its messages are not
    "projection.created",  # a generation's row and tables are made in an open transaction
    "projection.told",  # that a process begins with entries is written, not committed
    "projection.applied",  # entries are applied in an open transaction, their places are not noted
    "projection.moved",  # their places are noted, nothing is committed
    "projection.switched",  # a new generation is to be read, nothing is committed
    "projection.failed",  # a batch could not be applied and is rolled back, the entry to blame is not known
    "projection.stopped",  # the entry to blame is written down, not committed
    "projection.changed",  # what somebody did about it and the record of it are written, not committed
    "effect.requested",  # an effect's row is written, the message that asks for it is not
    "effect.called",  # it is committed that the provider may have been called, it has not been
    "effect.answered",  # the provider has answered, its answer is nowhere else
    "effect.recorded",  # the outcome is written, what follows from it is not
    "cache.forgotten",  # a cache has forgotten what an event made untrue, which is not on record
    "unknown.set_aside",  # a message is left to a newer program in an open transaction
    "epoch.begun",  # a source has a new epoch in an open transaction
    "relay.published",  # a transport has messages, nobody is told how far it goes
    "relay.announced",  # readers know how far it goes
    "relay.answered",  # a replay is answered
    "intake.asked",  # a replay is asked for
    "intake.read",  # messages are read from a transport, nothing is written
    "intake.delivered",  # they are delivered in an open transaction, the number is where it was
    "intake.moved",  # the number is moved on in the same transaction
    "question.asked",  # a request is committed, nobody waits for its answer yet
    "replay.delivered",  # a part of the past is delivered again in an open transaction
    "dead_letter.changed",  # its new state and the record of who changed it are written, not committed
)

_reached: Callable[[str], None] | None = None


def fault_point(name: str) -> None:
    """Say that this step is reached. Does nothing unless `watch_fault_points` was called."""
    if _reached is not None:
        _reached(name)


def watch_fault_points(reached: Callable[[str], None] | None) -> None:
    """Call `reached` with the name of every step from now on; None stops it."""
    global _reached
    _reached = reached
