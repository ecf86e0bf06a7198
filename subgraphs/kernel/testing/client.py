"""GraphQL requests to an ASGI app, in process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from subgraphs.kernel.graphql.app import ASGIApp, Message


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


async def request(
    app: ASGIApp, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> HttpResponse:
    """One HTTP request."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
    }
    await app(scope, receive, send)
    start, *rest = sent
    return HttpResponse(
        start["status"],
        {name.decode(): value.decode() for name, value in start["headers"]},
        b"".join(message["body"] for message in rest),
    )


class GraphQLClient:
    """Asks one subgraph, as one user or as nobody."""

    def __init__(self, app: ASGIApp, *, token: str | None = None) -> None:
        self._app = app
        self._headers = {"content-type": "application/json"} | (
            {"authorization": f"Bearer {token}"} if token else {}
        )

    async def execute(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole response: data and errors."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        response = await request(self._app, "POST", "/graphql", headers=self._headers, body=body)
        answer: dict[str, Any] = response.json()
        return answer

    async def data(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of a response without errors; AssertionError with the errors otherwise."""
        answer = await self.execute(query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data
