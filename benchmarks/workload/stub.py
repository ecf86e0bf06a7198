"""The academy's subgraphs on one port, so fast that what is measured is the gateway before them.

    python -m benchmarks.workload.stub PORT

POST /identity, /learning, /gamification answer GraphQL; GET /requests tells how many were answered. Whole
answers are remembered, others come from documents that were checked against graphql-core. Ends with its
standard input.
"""

import asyncio
import sys
from collections import Counter
from typing import Final, cast

import httptools
import msgspec
from graphql import GraphQLSchema

from benchmarks.workload.documents import Document, NotAnsweredError, read_document
from benchmarks.workload.resolvers import SUBGRAPHS
from benchmarks.workload.subgraphs import academy_sources, subgraph_schema
from plait_gateway.server.run import event_loop

_REMEMBERED_PER_DOCUMENT: Final = 64  # requests that vary would fill the memory
_HEAD: Final = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"


class Subgraph:
    """One subgraph's documents."""

    def __init__(self, name: str, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._resolvers = SUBGRAPHS[name]
        self._documents: dict[str, Document] = {}
        self._remembered: dict[bytes, bytes] = {}
        self._remembered_of: Counter[str] = Counter()

    def respond(self, body: bytes) -> bytes:
        """The answer to the body of a GraphQL request, as JSON; errors are answers, too."""
        if (remembered := self._remembered.get(body)) is not None:
            return remembered
        request = msgspec.json.decode(body)
        try:
            data = self._document(request["query"]).answer(request.get("variables") or {})
        except (NotAnsweredError, LookupError, ValueError) as error:
            return msgspec.json.encode({"errors": [{"message": f"benchmark's stub: {error!r}"}]})
        answer = msgspec.json.encode({"data": data})
        self._remembered_of[request["query"]] += 1
        if self._remembered_of[request["query"]] <= _REMEMBERED_PER_DOCUMENT:
            self._remembered[body] = answer
        return answer

    def _document(self, text: str) -> Document:
        document = self._documents.get(text)
        if document is None:
            document = self._documents[text] = read_document(self._schema, self._resolvers, text)
        return document


def subgraphs() -> dict[str, Subgraph]:
    """The academy's, by name."""
    return {source.name: Subgraph(source.name, subgraph_schema(source)) for source in academy_sources("")}


class _Server:
    def __init__(self) -> None:
        self._subgraphs = {b"/" + name.encode(): found for name, found in subgraphs().items()}
        self._requests = 0

    def respond(self, path: bytes, body: bytes) -> bytes:
        if path == b"/requests":
            answer = b"%d" % self._requests
        elif (subgraph := self._subgraphs.get(path)) is None:
            return _HEAD % (b"404 Not Found", 0, b"")
        else:
            self._requests += 1
            answer = subgraph.respond(body)
        return _HEAD % (b"200 OK", len(answer), answer)


class _Connection(asyncio.Protocol):
    def __init__(self, server: _Server) -> None:
        self._server = server
        self._path = b""
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.close()

    def on_url(self, part: bytes) -> None:
        self._path += part

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        self._transport.write(self._server.respond(self._path, b"".join(self._body)))
        self._path = b""
        self._body.clear()


async def _serve(port: int) -> None:
    server = _Server()
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ended.set)
    async with await loop.create_server(lambda: _Connection(server), "127.0.0.1", port, backlog=1024):
        await ended.wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=event_loop()) as runner:
        runner.run(_serve(int(sys.argv[1])))
