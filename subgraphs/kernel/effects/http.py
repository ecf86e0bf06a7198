"""A provider's JSON API over HTTP. The client is blocking, and used from threads."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.util import Timeout

from subgraphs.kernel.effects.outcome import NotDoneError, OutcomeUnknownError

Body: TypeAlias = dict[str, Any]

_CONNECT_SECONDS: Final = 3.0
_ANSWER_SECONDS: Final = 6.0  # together less than the kernel waits, so that no thread is left behind
_CONNECTIONS: Final = 8


class HttpApi:
    """`name` is what complaints call the provider. The `headers`, secrets among them, are sent to `url` and
    nowhere else: redirects are not followed."""

    def __init__(self, name: str, *, url: str, headers: Mapping[str, str]) -> None:
        self._name = name
        self._url = url.rstrip("/")
        self._headers = {"accept": "application/json", **headers}
        self._pool = urllib3.PoolManager(
            maxsize=_CONNECTIONS,
            retries=False,
            timeout=Timeout(connect=_CONNECT_SECONDS, read=_ANSWER_SECONDS),
        )

    async def exchange(
        self,
        method: str,
        path: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> tuple[int, Body]:
        """The status and the JSON object of the answer.

        NotDoneError when nobody was reached, OutcomeUnknownError when no answer came, or one without sense.
        """
        return await asyncio.to_thread(
            self._exchange, method, path, {**self._headers, **(headers or {})}, body
        )

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._pool.clear()

    def _exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: str | None
    ) -> tuple[int, Body]:
        try:
            response = self._pool.request(
                method, f"{self._url}{path}", headers=headers, body=body, redirect=False
            )
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise NotDoneError(f"{self._name} cannot be reached: {error}") from error
        except HTTPError as error:
            raise OutcomeUnknownError(f"{self._name} has not answered: {error}") from error
        try:
            content = json.loads(response.data)
        except ValueError:
            raise OutcomeUnknownError(
                f"the answer of {self._name} is no JSON (HTTP {response.status})"
            ) from None
        if not isinstance(content, dict):
            raise OutcomeUnknownError(f"the answer of {self._name} is no object")
        return response.status, content
