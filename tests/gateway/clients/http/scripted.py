"""A raw server that does what a test tells it to, and a client to it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple, TypeAlias

from plait_gateway.clients import Ask, Counts, HttpClient, SubgraphRequest, asking, with_timeout

#: Answers one connection: reads requests with `read_request`, writes whatever it likes.
Handler: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

REQUEST = SubgraphRequest("stock", "{ a }", {"x": "ü"}, headers=(("authorization", "Bearer t"),))
MUTATION = SubgraphRequest("stock", "mutation { a }", idempotent=False)


async def read_request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """The head and the body of the next request; IncompleteReadError when there is none."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    (length,) = (int(line.split(":")[1]) for line in head.splitlines() if line.startswith("content-length"))
    return head, await reader.readexactly(length)


def response(
    body: bytes, *, status: str = "200 OK", headers: str = "content-type: application/json\r\n"
) -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}content-length: {len(body)}\r\n\r\n".encode() + body


def always(answer: bytes) -> Handler:
    """Every request of a connection gets these bytes."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            writer.write(answer)

    return handler


class Server(NamedTuple):
    """Where it listens, and what it has seen."""

    port: int
    connections: list[asyncio.StreamWriter]  # all that were ever made


@asynccontextmanager
async def server(
    handler: Handler, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """A server that handles each connection so; gone, with its connections, after the block."""
    running: set[asyncio.Task[None]] = set()
    connections: list[asyncio.StreamWriter] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        connections.append(writer)
        try:
            await handler(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            running.discard(task)

    listening = await asyncio.start_server(connected, host, 0, ssl=tls)
    try:
        yield Server(listening.sockets[0].getsockname()[1], connections)
    finally:
        listening.close()
        for task in tuple(running):
            task.cancel()
        if running:
            await asyncio.wait(running)
        await listening.wait_closed()


@asynccontextmanager
async def subgraph(
    handler: Handler,
    *,
    max_response_bytes: int = 1000,
    connections: int = 10,
    idle_seconds: float = 15,
) -> AsyncIterator[Ask]:
    """A client to a server that handles each connection so. The test may take a minute."""
    client = HttpClient(connections=connections, idle_seconds=idle_seconds)
    async with asyncio.timeout(60), server(handler) as running:
        try:
            url = f"http://127.0.0.1:{running.port}/graphql"
            send = client.to(url, max_response_bytes=max_response_bytes)
            yield asking(send)
        finally:
            await client.close()


@asynccontextmanager
async def connected_subgraph(handler: Handler) -> AsyncIterator[Ask]:
    """A client that gives up after a moment, to a server that is connected and has answered once."""
    client = HttpClient(connections=1)
    async with asyncio.timeout(60), server(handler) as running:
        try:
            send = client.to(f"http://127.0.0.1:{running.port}/graphql", max_response_bytes=1000)
            await asking(send)(REQUEST)
            yield asking(with_timeout(send, 0.05, Counts()))
        finally:
            await client.close()
