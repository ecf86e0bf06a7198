"""One outcome from a provider that fails, hangs, and does what it was asked without ever saying so."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import stamina

from subgraphs.kernel.breakers import Breakers
from subgraphs.kernel.effects.outcome import Outcome, OutcomeUnknownError, ProviderError
from subgraphs.kernel.effects.provider import Provider
from subgraphs.kernel.messaging.retry import RetryPolicy

T = TypeVar("T")

_LONGEST_PAUSE: int = 8
"""In a row, in first pauses."""


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """A provider has `timeout` to answer. It is called up to `attempts` times in a row, with a `pause` that
    doubles; then again after pauses by the `backoff`, until `patience` has run out. The `margin` is for what
    the machine and the database take besides."""

    timeout: timedelta = timedelta(seconds=10)
    attempts: int = 3
    pause: timedelta = timedelta(milliseconds=200)
    backoff: RetryPolicy = field(default_factory=lambda: RetryPolicy(base=timedelta(seconds=1)))
    patience: timedelta = timedelta(days=1)
    margin: timedelta = timedelta(seconds=30)

    @property
    def longest(self) -> timedelta:
        """How long the attempts in a row may take, with a look for what was done before each."""
        return self.attempts * (2 * self.timeout + (_LONGEST_PAUSE + 1) * self.pause) + self.margin


async def outcome_of(
    provider: Provider[Any, Any],
    key: str,
    request: object,
    *,
    may_be_done: bool,
    breakers: Breakers,
    policy: CallPolicy,
) -> Outcome[Any]:
    """Call a provider until it answers. Once it may have done it, it is asked about that first.

    Raises what the provider raises after the last attempt; CircuitOpenError.
    """
    async for attempt in stamina.retry_context(
        on=ProviderError,
        attempts=policy.attempts,
        timeout=None,
        wait_initial=policy.pause,
        wait_max=_LONGEST_PAUSE * policy.pause,
        wait_jitter=policy.pause,
    ):
        with attempt:
            async with breakers.guarding(provider.name, against=ProviderError):
                if may_be_done and (found := await _in_time(provider, provider.find(key, request), policy)):
                    return found
                may_be_done = True
                return await _in_time(provider, provider.call(key, request), policy)
    raise AssertionError("the last attempt returns or raises")


async def _in_time(provider: Provider[Any, Any], answer: Awaitable[T], policy: CallPolicy) -> T:
    try:
        async with asyncio.timeout(policy.timeout.total_seconds()):
            return await answer
    except TimeoutError:
        raise OutcomeUnknownError(f"{provider.name} has not answered in {policy.timeout}") from None
