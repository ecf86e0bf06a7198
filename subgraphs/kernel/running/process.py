"""What one process does of all that there is to do."""

from collections.abc import AsyncIterator, Collection
from contextlib import ExitStack, asynccontextmanager

from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.running.loops import Role, loops_of
from subgraphs.kernel.running.sole_use import sole_use
from subgraphs.kernel.running.supervision import Supervision, supervised


@asynccontextmanager
async def at_work(
    platform: Platform,
    *,
    roles: Collection[Role] = tuple(Role),
    contexts: Collection[str] | None = None,
    supervision: Supervision | None = None,
) -> AsyncIterator[None]:
    """Run the loops of these roles until the block ends, and let them finish what they have in hand.

    The worker handles the messages of these contexts, or of all. The database is migrated already. InUseError
    when it is a file on whose messages another process works.
    """
    loops = [loop for loop in loops_of(platform, contexts=contexts) if loop.role in roles]
    with ExitStack() as held:
        if Role.WORKER in roles and (file := platform.settings.database_file):
            held.enter_context(sole_use(file))
            await Worker(platform.transactions, contexts=contexts).take_over()
        async with supervised(loops, platform.transactions.hints, supervision):
            yield
