"""A response's head and body in one write: each is a system call, and a packet that wakes the client."""

import asyncio

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_JOINED_BYTES = 16 * 1024  # up to here a copy is cheaper than what comes with a list


def write_at_once(transport: asyncio.Transport, head: bytes, body: bytes) -> None:
    """Write both."""
    if len(body) > _JOINED_BYTES:
        transport.writelines((head, body))
    else:
        transport.write(head + body)


class OneWrite:
    """The transport of one response, as uvicorn uses it, which writes head and body apart.

    The head waits for the first part of a body whose length it announces. A stream's goes out at once.
    """

    def __init__(self, transport: asyncio.Transport, cycle: RequestResponseCycle) -> None:
        self._transport = transport
        self._cycle: RequestResponseCycle | None = cycle  # until it has begun: it refers to this
        self._head = b""

    def write(self, data: bytes) -> None:
        cycle = self._cycle
        if self._head:
            head, self._head = self._head, b""
            write_at_once(self._transport, head, data)
        elif cycle is None or not cycle.response_started:
            self._transport.write(data)
        else:
            self._cycle = None
            if cycle.chunked_encoding is False and cycle.scope["method"] != "HEAD":
                self._head = data
            else:
                self._transport.write(data)

    def close(self) -> None:
        if self._head:
            self._transport.write(self._head)
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()
