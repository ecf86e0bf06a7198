"""Requests to Stripe's API. The client is blocking, and used from threads."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.util import Timeout, make_headers

from subgraphs.kernel.effects.outcome import NotDoneError, OutcomeUnknownError

Body: TypeAlias = dict[str, Any]

_VERSION: Final = "2024-06-20"  # of the API: answers stay as this adapter knows them
_CONNECT_SECONDS: Final = 3.0
_ANSWER_SECONDS: Final = 6.0  # together less than the kernel waits, so that no thread is left behind
_CONNECTIONS: Final = 8


class StripeApi:
    """`secret_key` is the account's. It is sent to `url` and nowhere else: redirects are not followed."""

    def __init__(self, secret_key: str, *, url: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {
            **make_headers(basic_auth=f"{secret_key}:"),
            "stripe-version": _VERSION,
            "accept": "application/json",
        }
        self._pool = urllib3.PoolManager(
            maxsize=_CONNECTIONS,
            retries=False,
            timeout=Timeout(connect=_CONNECT_SECONDS, read=_ANSWER_SECONDS),
        )

    async def post(self, path: str, form: Mapping[str, str], *, key: str) -> tuple[int, Body]:
        """Ask for something to be done, once for each key. The status and the JSON of the answer.

        NotDoneError when nobody was reached, OutcomeUnknownError when no answer came, or one without sense.
        """
        headers = {
            **self._headers,
            "idempotency-key": key,
            "content-type": "application/x-www-form-urlencoded",
        }
        return await asyncio.to_thread(self._exchange, "POST", path, headers, urlencode(form))

    async def get(self, path: str, query: Mapping[str, str]) -> tuple[int, Body]:
        """Ask for what there is; raises as `post`."""
        return await asyncio.to_thread(
            self._exchange, "GET", f"{path}?{urlencode(query)}", self._headers, None
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
            raise NotDoneError(f"Stripe cannot be reached: {error}") from error
        except HTTPError as error:
            raise OutcomeUnknownError(f"Stripe has not answered: {error}") from error
        try:
            content = json.loads(response.data)
        except ValueError:
            raise OutcomeUnknownError(f"Stripe's answer is no JSON (HTTP {response.status})") from None
        if not isinstance(content, dict):
            raise OutcomeUnknownError("Stripe's answer is no object")
        return response.status, content
