"""A client of the gateway that repeats what got no answer, under one Idempotency-Key."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

_PATIENCE: Final = 240.0  # seconds for one answer, restarts of the platform included
_ASK_AGAIN: Final = frozenset(
    {
        "SUBGRAPH_UNREACHABLE",
        "SUBGRAPH_TIMEOUT",
        "INTERNAL_SERVER_ERROR",
        "DATABASE_UNAVAILABLE",
        "OUTCOME_UNKNOWN",
    }
)


class NoAnswerError(Exception):
    """The platform did not answer for longer than a client waits."""


@dataclass
class Traffic:
    """How often clients asked, and how often in vain."""

    answers: int = 0
    failures: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def count(self, *, answered: bool) -> None:
        with self._lock:
            self.answers += answered
            self.failures += not answered


@dataclass(frozen=True)
class Graph:
    """Asks the gateway as somebody; `stops` ends waiting when the rush is given up."""

    url: str
    traffic: Traffic
    token: str | None = None
    stops: Callable[[], bool] = lambda: False

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of the answer; what may fail in it is null. NoAnswerError."""
        key = str(uuid4())
        deadline = monotonic() + _PATIENCE
        while True:
            answer = self._send(document, variables, key)
            self.traffic.count(answered=answer is not None)
            if answer is not None:
                return answer
            if monotonic() > deadline or self.stops():
                raise NoAnswerError(document)
            sleep(0.1)

    def _send(self, document: str, variables: dict[str, Any], key: str) -> dict[str, Any] | None:
        headers = {"content-type": "application/json", "idempotency-key": key}
        if self.token is not None:
            headers["authorization"] = f"Bearer {self.token}"
        body = json.dumps({"query": document, "variables": variables}).encode()
        try:
            with urlopen(Request(f"{self.url}/graphql", body, headers), timeout=60) as response:
                answer = json.loads(response.read())
        except HTTPError as error:
            with error:
                return None
        except (OSError, HTTPException, ValueError):
            return None
        codes = {error.get("extensions", {}).get("code") for error in answer.get("errors", ())}
        data: dict[str, Any] | None = answer.get("data")
        return None if codes & _ASK_AGAIN or data is None else data
