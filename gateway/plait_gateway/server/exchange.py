"""Reading a request's body and sending a complete response."""

from collections.abc import Iterable
from dataclasses import dataclass

from plait_gateway.asgi import Receive, Scope, SendMessage


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A complete response; content-length is added when it is sent."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


class ClientLeft(Exception):  # noqa: N818 - it names what the client did
    """The client closed its connection before its request was complete."""


class BodyTooLarge(Exception):  # noqa: N818 - it names what is wrong with the request
    """The request's body is longer than the limit."""


async def read_body(scope: Scope, receive: Receive, *, limit: int) -> bytes:
    """The whole body.

    Raises BodyTooLarge as soon as more than `limit` bytes are announced or have come, ClientLeft when the
    rest never will.
    """
    announced = header(scope, b"content-length")
    if announced is not None and announced.isdigit() and int(announced) > limit:
        raise BodyTooLarge
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


async def respond(response: HttpResponse, scope: Scope, send: SendMessage) -> None:
    """Send the response; to HEAD without its body."""
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", response.content_type.encode("latin-1")),
        (b"content-length", str(len(response.body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        *response.headers,
    ]
    body = b"" if scope["method"] == "HEAD" else response.body
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def header(scope: Scope, name: bytes) -> str | None:
    """A request header by its lower-case name; several of one name are joined by commas (RFC 9110, 5.3)."""
    values = list(headers_named(scope, name))
    return ", ".join(values) if values else None


def headers_named(scope: Scope, name: bytes) -> Iterable[str]:
    """Every value of a request header, in order."""
    return (value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name)
