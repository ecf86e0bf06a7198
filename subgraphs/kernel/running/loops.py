"""Every loop there is, and the role that it plays."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.messaging.blocking import FORGOTTEN_EVERY, let_forgotten_through
from subgraphs.kernel.messaging.intake import Intake
from subgraphs.kernel.messaging.looping import do_every
from subgraphs.kernel.messaging.relay import Relay
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.projections.projector import Projector
from subgraphs.kernel.running.jobs import Job
from subgraphs.kernel.running.retention import Retention
from subgraphs.kernel.withdrawals.withdrawals import LOOK_SECONDS

_FORGOTTEN: Final = Job("kernel.blocked_messages", FORGOTTEN_EVERY, let_forgotten_through)


class Role(StrEnum):
    """What a process is for. One that plays all of them is a whole platform."""

    API = "api"
    WORKER = "worker"
    SEQUENCER = "sequencer"
    PROJECTOR = "projector"


@dataclass(frozen=True, slots=True)
class Loop:
    """`run` ends when the platform's hints say so, or earlier when there is nothing for it to do here."""

    name: str
    role: Role
    run: Callable[[], Awaitable[None]]


def loops_of(
    platform: Platform, contexts: Sequence[BoundedContext], *, handling: Collection[str] | None = None
) -> tuple[Loop, ...]:
    """The loops of every role. The worker is `handling` messages and jobs of some contexts, or of all.

    Any number of processes may run any of them: claims are leased, and what can only be done by one at a time
    is done by whoever holds its lock.
    """
    transactions = platform.transactions
    worker = Worker(transactions, contexts=handling)
    projections = [projection for context in contexts for projection in context.projections]
    handled = [context for context in contexts if handling is None or context.name in handling]
    return (
        Loop("worker", Role.WORKER, worker.run),
        Loop("sequencer", Role.SEQUENCER, Sequencer(transactions).run),
        Loop("projector", Role.PROJECTOR, Projector(transactions, projections).run),
        Loop("withdrawals", Role.API, partial(_look, platform)),
        Loop("retention", Role.SEQUENCER, Retention(transactions, platform.settings.keep).run),
        *(
            Loop(job.name, Role.WORKER, partial(job.run, transactions))
            for job in (_FORGOTTEN, *(job for context in handled for job in context.jobs))
        ),
        *_to_elsewhere(platform),
    )


async def _look(platform: Platform) -> None:
    """For access tokens that are withdrawn, until told to stop."""
    await do_every(LOOK_SECONDS, platform.withdrawals.look, platform.transactions)


def _to_elsewhere(platform: Platform) -> tuple[Loop, ...]:
    """What connects this database with those of other contexts."""
    transactions, transport = platform.transactions, platform.transport
    if transport is None:
        return ()
    intake = Intake(transactions, transport, contexts=platform.hosted, sources=platform.elsewhere)
    return (
        Loop("relay", Role.SEQUENCER, Relay(transactions, transport, platform.hosted).run),
        Loop("intake", Role.SEQUENCER, intake.run),
    )
