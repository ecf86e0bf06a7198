"""A client that calls an ASGI app in this process, and the two ways in which a client can leave."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plait_gateway.asgi import ASGIApp, Message, Scope


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete response; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def codes(self) -> list[str]:
        """The codes of the response's errors."""
        return [error["extensions"]["code"] for error in self.json["errors"]]


class AsgiClient:
    """Sends one request at a time to an app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def graphql(
        self,
        query: Any,
        variables: Any = None,
        *,
        operation_name: Any = None,
        accept: str | None = "application/graphql-response+json",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """POST a GraphQL request."""
        body = {"query": query, "variables": variables, "operationName": operation_name}
        given = {
            "content-type": "application/json",
            **({"accept": accept} if accept else {}),
            **(headers or {}),
        }
        return await self.request("POST", "/graphql", body=json.dumps(body).encode(), headers=given)

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        leaves: asyncio.Event | None = None,
        complete: bool = True,
    ) -> Answer:
        """Send a request, or only a part of one; the client closes its connection when `leaves` is set.

        Status 0 means that the app sent nothing.
        """
        messages: list[Message] = []
        chunks = [body[start : start + 1000] for start in range(0, len(body), 1000)] or [b""]

        async def receive() -> Message:
            if chunks:
                return {
                    "type": "http.request",
                    "body": chunks.pop(0),
                    "more_body": bool(chunks) or not complete,
                }
            await (leaves or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            messages.append(message)

        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 2),
        }
        await self._app(scope, receive, send)
        if not messages:
            return Answer(0, {}, b"")
        start, *rest = messages
        return Answer(
            start["status"],
            {name.decode(): value.decode() for name, value in start["headers"]},
            b"".join(message["body"] for message in rest),
        )
