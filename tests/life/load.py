"""Clients that ask a gateway all the time, and know what they ought to get."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from threading import Event, Thread
from typing import Any
from urllib.request import Request, urlopen


def ask(url: str, client: str, query: str) -> Any:
    headers = {"content-type": "application/json", "apollographql-client-name": client}
    body = json.dumps({"query": query}).encode()
    with urlopen(Request(url, body, headers), timeout=120) as response:
        return json.load(response)


class Load:
    """What came of the requests of one client: how many were answered by query, and what was not right."""

    def __init__(self, url: str, client: str, expected: Mapping[str, Any]) -> None:
        self._url = url
        self._client = client
        self._expected = expected
        self._over = Event()
        self.answered: Counter[str] = Counter()
        self.failed: list[object] = []

    def _run(self) -> None:
        while not self._over.wait(0.01):
            for query, data in self._expected.items():
                try:
                    answer = ask(self._url, self._client, query)
                except (OSError, ValueError) as error:
                    self.failed.append(error)
                    continue
                self.answered[query] += 1
                if answer != {"data": data}:
                    self.failed.append(answer)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """One request after the other, until the block is over; subgraphs go on answering the last one."""
        thread = Thread(target=self._run)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            await asyncio.to_thread(thread.join)
