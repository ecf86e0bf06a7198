"""After a commit, what has become untrue is forgotten: by way of a delivery, so that a crash loses none.

Whoever has committed forgets it at once as well, so that who made a change and reads sees it. While the store
does not answer, nobody reads from it; what was to be forgotten meanwhile is forgotten when it does again.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.cache.store import CacheDownError
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.retry import PostponedError
from subgraphs.kernel.messaging.subscriptions import Conclusion, Errand
from subgraphs.kernel.store.unit_of_work import UnitOfWork

M = TypeVar("M", bound=IntegrationEvent)


def forgetting(
    consumer: str,
    event: type[M],
    cached: Cached[Any],
    *,
    keys: Callable[[M], Sequence[str]],
    refill: Callable[[Sequence[str]], Awaitable[object]] | None = None,
) -> Errand[M]:
    """The subscription by which a cache forgets what an event has made untrue.

    With a `refill`, which reads these keys through the cache, it is written through: the new values are there
    before anybody asks.
    """

    async def act(envelope: Envelope[M]) -> Conclusion:
        forgotten = keys(envelope.body)
        try:
            await cached.forget(forgotten)
        except CacheDownError as error:
            raise PostponedError(str(error)) from error
        fault_point("cache.forgotten")
        if refill is not None:
            await refill(forgotten)
        return _nothing

    return Errand(consumer, event, act, skips_dead=True, prompt=True)


async def _nothing(_: UnitOfWork) -> None:
    pass
