"""Whether somebody may, by the rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import blake2b
from math import ceil
from typing import Any, Final

from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.domain import DomainError
from subgraphs.kernel.limits.counter import Counter, CounterDownError
from subgraphs.kernel.limits.rules import ADDRESSES, ENDPOINTS, QUERIES, REQUESTS, Limit, WithoutCount
from subgraphs.kernel.telemetry.instruments import LIMITED

RATE_LIMITED: Final = "RATE_LIMITED"


@dataclass(frozen=True, slots=True)
class Limited:
    """A limit, and `by` whom it counts: None is nobody, and not limited."""

    limit: Limit
    by: Callable[[Any, RequestContext], str | None]


def _actor(_message: object, request: RequestContext) -> str | None:
    return None if request.actor in (None, SYSTEM) else request.actor_id


def _address(_message: object, request: RequestContext) -> str | None:
    return request.address if request.actor is None else None


def _endpoint(message: object, request: RequestContext) -> str | None:
    who = _actor(message, request) or _address(message, request)
    return f"{who}:{type(message).__name__}" if who else None


EVERY_REQUEST: Final = Limited(REQUESTS, by=_actor)
"""Of a user. The system has no limit, and who is nobody has those of what is asked, and of their address."""

EVERY_QUERY: Final = Limited(QUERIES, by=_actor)
EVERY_ENDPOINT: Final = Limited(ENDPOINTS, by=_endpoint)
EVERY_ADDRESS: Final = Limited(ADDRESSES, by=_address)


class Limits:
    """The limits of a process. `amounts` says how many of what this installation allows, by a limit's name;
    None is a limit that is not in force.

    While the `counter` is down, a limit is not in force, or the `fallback` counts. Who asks is known by the
    address that so many `trusted_proxies` have passed on.
    """

    def __init__(
        self,
        counter: Counter,
        fallback: Counter,
        amounts: Mapping[str, int | None] | None = None,
        *,
        trusted_proxies: int = 0,
    ) -> None:
        self._counter = counter
        self._fallback = fallback
        self._amounts = {ENDPOINTS.name: None, **(amounts or {})}
        self.trusted_proxies = trusted_proxies

    async def refusal(
        self, limits: Sequence[Limited], message: object, request: RequestContext
    ) -> DomainError | None:
        """RATE_LIMITED, with the seconds after which it may be tried again; None when it may be done."""
        for limited in limits:
            key = limited.by(message, request)
            if key is not None and (wait := await self._hit(limited.limit, _digest(key))) is not None:
                seconds = max(1, ceil(wait.total_seconds()))
                text = f"Too many requests: try again in {in_words(seconds)}"
                return DomainError(RATE_LIMITED, text, retry_after=seconds)
        return None

    async def _hit(self, limit: Limit, key: str) -> timedelta | None:
        amount = self._amounts.get(limit.name, limit.amount)
        if amount is None:
            return None
        limit = replace(limit, amount=amount)
        try:
            wait = await self._counter.hit(limit, key)
        except CounterDownError:
            if limit.without_count is WithoutCount.ALLOW:
                LIMITED.labels(limit.name, "unasked").inc()
                return None
            wait = await self._fallback.hit(limit, key)
        LIMITED.labels(limit.name, "allowed" if wait is None else "refused").inc()
        return wait


def in_words(seconds: int) -> str:
    """How long somebody has to wait, as they would say it."""
    if seconds > 90:
        return f"{ceil(seconds / 60)} minutes"
    return "1 second" if seconds == 1 else f"{seconds} seconds"


def _digest(key: str) -> str:
    """Of one length, whatever was typed; and Redis need not know whose email addresses there are."""
    return blake2b(key.encode(errors="surrogatepass"), digest_size=16).hexdigest()
