"""What one process does of all that there is to do."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import ExitStack, asynccontextmanager

from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.running.loops import Loop, Role, loops_of
from subgraphs.kernel.running.sole_use import sole_use
from subgraphs.kernel.running.supervision import Supervision, supervised


@asynccontextmanager
async def at_work(
    platform: Platform,
    contexts: Sequence[BoundedContext],
    *,
    roles: Collection[Role] = tuple(Role),
    handling: Collection[str] | None = None,
    also: Sequence[Loop] = (),
    supervision: Supervision | None = None,
) -> AsyncIterator[None]:
    """Run the loops of these roles, and some more, until the block ends; what they have in hand is finished.

    `contexts` are all there are; the worker is `handling` the messages of some, or of all. The database is
    migrated already. InUseError when it is a file on whose messages another process works.
    """
    loops = [loop for loop in loops_of(platform, contexts, handling=handling) if loop.role in roles]
    with ExitStack() as held:
        if Role.WORKER in roles and (file := platform.settings.database_file):
            held.enter_context(sole_use(file))
            await Worker(platform.transactions, contexts=handling).take_over()
        if Role.API in roles:
            await platform.withdrawals.look()
        transactions = platform.transactions
        async with supervised(
            [*loops, *also], transactions.hints, supervision, abandon=transactions.database.abandon
        ):
            yield
