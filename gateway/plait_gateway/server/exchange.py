"""Reading a request's body and sending a complete response."""

from typing import TypeAlias

from msgspec import Struct

from plait_gateway.asgi import Receive, Scope, SendMessage

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]

_NO_SNIFFING = (b"x-content-type-options", b"nosniff")

_DRAINED = 8  # times the largest body: what is read of larger ones, to be dropped


class HttpResponse(Struct, frozen=True):
    """A complete response; content-length is added when it is sent."""

    status: int
    content_type: str
    body: bytes
    headers: Headers = ()
    has_errors: bool = False  # in the response that the body holds


def constant_headers(content_type: str, headers: Headers) -> Headers:
    """All headers of a response but the length of its body."""
    return ((b"content-type", content_type.encode("latin-1")), _NO_SNIFFING, *headers)


class ClientLeft(Exception):  # noqa: N818 - it names what the client did
    """The client closed its connection before its request was complete."""


class BodyTooLarge(Exception):  # noqa: N818 - it names what is wrong with the request
    """The request's body is longer than the limit."""


async def read_body(announced: bytes | None, receive: Receive, *, limit: int) -> bytes:
    """The whole body; `announced` is what the content-length says.

    Raises BodyTooLarge when more than `limit` bytes are announced or have come, ClientLeft when the rest
    never will. What is too large by a little is read to its end and dropped: a client that is still sending
    when the connection is closed may not see the answer.
    """
    if announced is not None and announced.isdigit() and int(announced) > _DRAINED * limit:
        raise BodyTooLarge
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        chunk: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        if not (more or size) and len(chunk) <= limit:
            return chunk  # all of it came at once
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        else:
            chunks.clear()
            if size > _DRAINED * limit:
                break
    if size > limit:
        raise BodyTooLarge
    return b"".join(chunks)


async def respond(response: HttpResponse, scope: Scope, send: SendMessage) -> None:
    """Send the response; to HEAD without its body."""
    constant = constant_headers(response.content_type, response.headers)
    headers = [*constant, (b"content-length", b"%d" % len(response.body))]
    body = b"" if scope["method"] == "HEAD" else response.body
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
