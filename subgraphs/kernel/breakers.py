"""Circuit breakers: who does not answer is left alone for a while, and costs nobody a wait."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from time import time
from typing import Final

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import Context, OpenedState

from subgraphs.kernel.telemetry.instruments import BREAKER_OPEN

_FAILURES_IN_A_ROW: Final = 5
_REST: Final = timedelta(seconds=30)


class CircuitOpenError(Exception):
    """Nothing was sent: what is behind this breaker has failed too often. It is tried again after `delay`."""

    def __init__(self, name: str, delay: timedelta) -> None:
        super().__init__(f"{name} is left alone, since it does not answer")
        self.delay = delay


class Breakers:
    """The breakers of this process, by the name of what is behind each.

    One opens after so many `failures` in a row, for a `rest`; then a success closes it, and a failure opens
    it again. Every process finds out for itself.
    """

    def __init__(self, *, failures: int = _FAILURES_IN_A_ROW, rest: timedelta = _REST) -> None:
        self._circuits: dict[str, Context] = {}
        self._factory = AsyncCircuitBreakerFactory(
            default_threshold=failures,
            default_ttl=rest.total_seconds(),
        )

    @asynccontextmanager
    async def guarding(
        self,
        name: str,
        *,
        against: type[Exception] | tuple[type[Exception], ...],
        rest: timedelta | None = None,
    ) -> AsyncIterator[None]:
        """Send something through a breaker. CircuitOpenError.

        What the block raises is a failure if it is one of these; anything else says that there was an answer.
        A `rest` of its own is that of whoever comes first.
        """
        breaker = await self._factory.get_breaker(name, ttl=rest.total_seconds() if rest else None)
        self._circuits[name] = breaker.context
        try:
            await breaker.__aenter__()
        except OpenedState as opened:
            raise CircuitOpenError(name, _until_tried(breaker.context, opened.opened_at)) from None
        try:
            yield
        except against as error:
            await breaker.__aexit__(type(error), error, error.__traceback__)
            raise
        except asyncio.CancelledError:
            raise  # whoever no longer wants to know has learned nothing
        except BaseException:
            await breaker.__aexit__(None, None, None)
            raise
        else:
            await breaker.__aexit__(None, None, None)
        finally:
            BREAKER_OPEN.labels(name).set(breaker.context.state == "opened")

    def check(self, name: str) -> None:
        """CircuitOpenError if `guarding` would raise it now."""
        if (left := self._rest_of(name)) > timedelta(0):
            raise CircuitOpenError(name, left)

    def open(self) -> tuple[str, ...]:
        """The names of those that let nothing through now, sorted."""
        return tuple(name for name in sorted(self._circuits) if self._rest_of(name) > timedelta(0))

    def states(self) -> Mapping[str, str]:
        """`closed`, `opened` or `half-opened`, by name."""
        return {name: circuit.state for name, circuit in sorted(self._circuits.items())}

    def _rest_of(self, name: str) -> timedelta:
        """How long nothing gets through from now on."""
        circuit = self._circuits.get(name)
        if circuit is None or circuit.opened_at is None:
            return timedelta(0)
        return _until_tried(circuit, circuit.opened_at)


def _until_tried(circuit: Context, opened_at: float) -> timedelta:
    return max(timedelta(0), timedelta(seconds=opened_at + circuit.ttl - time()))
