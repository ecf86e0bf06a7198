"""Requests to Stripe's API."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from urllib3.util import make_headers

from subgraphs.kernel.effects.http import Body, HttpApi

_VERSION: Final = "2024-06-20"  # of the API: answers stay as this adapter knows them


class StripeApi:
    """`secret_key` is the account's. It is sent to `url` and nowhere else."""

    def __init__(self, secret_key: str, *, url: str) -> None:
        headers = {**make_headers(basic_auth=f"{secret_key}:"), "stripe-version": _VERSION}
        self._http = HttpApi("Stripe", url=url, headers=headers)

    async def post(self, path: str, form: Mapping[str, str], *, key: str) -> tuple[int, Body]:
        """Ask for something to be done, once for each key; answers and raises as `HttpApi.exchange`."""
        headers = {"idempotency-key": key, "content-type": "application/x-www-form-urlencoded"}
        return await self._http.exchange("POST", path, headers=headers, body=urlencode(form))

    async def get(self, path: str, query: Mapping[str, str]) -> tuple[int, Body]:
        """Ask for what there is; the same."""
        return await self._http.exchange("GET", f"{path}?{urlencode(query)}")

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._http.close()
