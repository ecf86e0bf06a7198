"""What a process answers over HTTP: the GraphQL of its contexts, its health and its metrics."""

from collections.abc import MutableMapping, Sequence
from typing import Any

from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.app import Receive, Send, respond
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.telemetry.endpoints import PATHS, Endpoints


class Api:
    """Serves each of the `served` contexts below its name (`/learning/graphql`), besides /livez, /readyz and
    /metrics. Ready when the tables of all `contexts` are."""

    def __init__(
        self, platform: Platform, contexts: Sequence[BoundedContext], *, served: Sequence[BoundedContext]
    ) -> None:
        self._endpoints = Endpoints(platform, contexts)
        self._contexts = {context.name: context.asgi for context in served}

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        _, name, *rest = path.split("/", 2)
        if path in PATHS:
            await self._endpoints(scope, receive, send)
        elif context := self._contexts.get(name):
            await context({**scope, "path": f"/{''.join(rest)}"}, receive, send)
        else:
            await respond(send, 404, "application/json", b'{"errors":[{"message":"There is nothing here"}]}')
