"""Write-through: what has been forgotten is asked for at once, so that it is there before anybody asks."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from subgraphs.kernel.application.buses import QueryBus, QueryError
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import IdGenerator


def asking(
    queries: QueryBus, ids: IdGenerator, query: Callable[[str], Query[Any]]
) -> Callable[[Sequence[str]], Awaitable[None]]:
    """A `refill` for `forgetting`: asks the cached `query` of each key, on the system's behalf.

    A query that has nothing to tell (QueryError) leaves nothing behind: what was deleted, say.
    """

    async def refill(keys: Sequence[str]) -> None:
        request = RequestContext.of_system(ids)
        for key in keys:
            with suppress(QueryError):
                await queries.ask(query(key), request)

    return refill
