"""What a supervisor and Prometheus ask a process over HTTP: /livez, /readyz and /metrics.

They answer whoever can reach the port. Nothing in them is about a user.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import asdict
from time import monotonic
from typing import Any, Final, Generic, TypeVar

from prometheus_client import generate_latest
from sqlalchemy.exc import SQLAlchemyError

from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.app import Receive, Send, respond
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.telemetry.health import Finding, Readiness, State, liveness, overall
from subgraphs.kernel.telemetry.instruments import REGISTRY
from subgraphs.kernel.telemetry.stock import StockCollector, take_stock

T = TypeVar("T")

PATHS: Final = ("/livez", "/readyz", "/metrics")

_STOCK_SECONDS: Final = 5.0
_READINESS_SECONDS: Final = 1.0
_TEXT: Final = "text/plain; version=0.0.4"


class Endpoints:
    """Answers the paths of PATHS; each question costs the database something at most once a second."""

    def __init__(self, platform: Platform, contexts: Sequence[BoundedContext]) -> None:
        projections = [one for context in contexts for one in context.projections]
        self._stock = _Recent(lambda: take_stock(platform.transactions, projections), seconds=_STOCK_SECONDS)
        self._readiness = _Recent(Readiness(platform, contexts).look, seconds=_READINESS_SECONDS)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        match scope["path"]:
            case "/livez":
                await _report(send, await liveness())
            case "/readyz":
                await _report(send, await self._readiness.get())
            case _:
                await respond(send, 200, _TEXT, await self._metrics())

    async def _metrics(self) -> bytes:
        counted = generate_latest(REGISTRY)
        try:
            async with asyncio.timeout(_STOCK_SECONDS):
                stock = await self._stock.get()
        except (SQLAlchemyError, OSError):  # what this process has counted is worth something without it
            return counted
        return counted + generate_latest(StockCollector(stock))


class _Recent(Generic[T]):
    """The answer to a question that is asked at most once in so many seconds, and once at a time."""

    def __init__(self, ask: Callable[[], Awaitable[T]], *, seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._asking = asyncio.Lock()
        self._answer: tuple[float, T] | None = None

    async def get(self) -> T:
        async with self._asking:
            if self._answer is None or monotonic() - self._answer[0] > self._seconds:
                self._answer = monotonic(), await self._ask()
            return self._answer[1]


async def _report(send: Send, findings: Sequence[Finding]) -> None:
    """503 when anything has failed, with what and why."""
    state = overall(findings)
    body = {"status": state, "checks": [asdict(finding) for finding in findings]}
    await respond(send, 503 if state is State.FAILED else 200, "application/json", json.dumps(body).encode())
