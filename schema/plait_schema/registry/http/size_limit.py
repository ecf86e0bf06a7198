"""Requests have an end: a body that is too large is refused before it fills the memory."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plait_schema.registry.errors import TOO_LARGE

LARGEST_BODY: Final = 64 * 1024 * 1024  # bytes; composition takes 8 million characters per subgraph


class SizeLimit:
    """Whoever reads the body gets an HTTPException (413) once it exceeds the limit."""

    def __init__(self, app: ASGIApp, limit: int = LARGEST_BODY) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise HTTPException(TOO_LARGE.status, f"the request has more than {self._limit:,} bytes.")
            return message

        await self._app(scope, limited if scope["type"] == "http" else receive, send)
