"""Counted in this process's memory; who has been quiet for longest is forgotten first."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Final

from subgraphs.kernel.domain import Clock
from subgraphs.kernel.limits.rules import Limit

_MOST_HITS: Final = 500_000


class InProcessCounter:
    """Each process counts for itself. `most_hits` bounds what is remembered of all keys together."""

    def __init__(self, *, clock: Clock, most_hits: int = _MOST_HITS) -> None:
        self._clock = clock
        self._most_hits = most_hits
        self._hits: OrderedDict[tuple[str, str], deque[datetime]] = OrderedDict()
        self._count = 0

    async def hit(self, limit: Limit, key: str) -> timedelta | None:
        now, place = self._clock.now(), (limit.name, key)
        hits = self._hits.setdefault(place, deque())
        self._hits.move_to_end(place)
        while hits and hits[0] <= now - limit.per:
            hits.popleft()
            self._count -= 1
        if len(hits) >= limit.amount:
            return hits[0] + limit.per - now
        hits.append(now)
        self._count += 1
        while self._count > self._most_hits:
            _, oldest = self._hits.popitem(last=False)
            self._count -= len(oldest)
        return None
