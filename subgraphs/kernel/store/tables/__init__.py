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
withdrawal  access tokens that are good no more, until they would have expired
"""

from subgraphs.kernel.store.tables.audit import audit
from subgraphs.kernel.store.tables.deliveries import (
    blocked,
    claimable,
    delivery,
    finished,
    given_up,
    leased,
    not_known,
    unfinished,
)
from subgraphs.kernel.store.tables.effects import effect, unsettled
from subgraphs.kernel.store.tables.events import event, snapshot
from subgraphs.kernel.store.tables.idempotency import idempotency
from subgraphs.kernel.store.tables.metadata import metadata
from subgraphs.kernel.store.tables.numbering import unnumbered
from subgraphs.kernel.store.tables.outbox import epoch, intake, outbox
from subgraphs.kernel.store.tables.projections import projection, projection_position
from subgraphs.kernel.store.tables.sagas import saga
from subgraphs.kernel.store.tables.withdrawals import withdrawal

__all__ = [
    "audit",
    "blocked",
    "claimable",
    "delivery",
    "effect",
    "epoch",
    "event",
    "finished",
    "given_up",
    "idempotency",
    "intake",
    "leased",
    "metadata",
    "not_known",
    "outbox",
    "projection",
    "projection_position",
    "saga",
    "snapshot",
    "unfinished",
    "unnumbered",
    "unsettled",
    "withdrawal",
]
