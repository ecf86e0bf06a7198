"""Servers that break HTTP, or stall, at every kind of fetch; see `test_hostile_answers`."""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest

from plait_gateway.clients import Counts, HttpClient, SubgraphRequest, SubgraphResponse, asking, with_timeout
from plait_gateway.clients.http.response_reader import HEAD_BYTES
from tests.gateway.clients.http.scripted import read_request, response, server
from tests.gateway.properties.places import SUBGRAPHS, Operation, body_of, operation_of

_LIMIT = 100_000  # bytes of an answer
_PATIENCE = 0.03  # seconds, with those that stall

#: What a server does instead of giving the good answer.
Deed: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bytes], Awaitable[None]]


def writes(change: Callable[[bytes], bytes]) -> Deed:
    """It says this of the good body, and no more."""

    async def deed(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> None:
        writer.write(change(body))
        await writer.drain()
        writer.close()

    return deed


def packed(coding: str, body: bytes) -> bytes:
    return response(body, headers=f"content-type: application/json\r\ncontent-encoding: {coding}\r\n")


def headed(headers: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\n{headers}\r\n".encode() + body


async def stalls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.write(response(body)[:-5])
    await reader.read(1)  # until the client has left


async def says_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter, _body: bytes) -> None:
    await reader.read(1)


async def drips_without_end(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"1\r\n \r\n")
        await writer.drain()
        await asyncio.sleep(0.001)


async def resets(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.write(response(body)[:-5])
    await writer.drain()
    writer.transport.abort()


async def floods(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" " * _LIMIT)
        await writer.drain()


FINE: dict[str, Deed] = {
    "good": writes(response),
    "100": writes(lambda body: b"HTTP/1.1 100 Continue\r\n\r\n" + response(body)),
    "103": writes(lambda body: b"HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n" * 3 + response(body)),
    "gzip": writes(lambda body: packed("gzip", gzip.compress(body))),
    "until it closes": writes(lambda body: headed("content-type: application/json\r\n", body)),
    "chunks": writes(
        lambda body: headed("transfer-encoding: chunked\r\n", b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
    ),
    "more than was asked": writes(lambda body: response(body) * 2),
}
BAD: dict[str, Deed] = {
    "nothing": writes(lambda _: b""),
    "101": writes(lambda _: b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
    "only 100": writes(lambda _: b"HTTP/1.1 100 Continue\r\n\r\n"),
    "204": writes(lambda _: b"HTTP/1.1 204 No Content\r\n\r\n"),
    "304": writes(lambda _: b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "a redirect": writes(
        lambda body: response(body, status="307 Go", headers="location: http://127.0.0.1:1/\r\n")
    ),
    "a page": writes(lambda _: response(b"<html></html>", headers="content-type: text/html\r\n")),
    "500": writes(lambda body: response(body, status="500 No")),
    "no HTTP": writes(lambda body: body),
    "HTTP/2": writes(lambda _: b"\0\0\x12\x04\0\0\0\0\0" + b"\0" * 18),
    "TLS": writes(lambda _: b"\x15\x03\x03\x00\x02\x02\x46"),
    "cut off": writes(lambda body: response(body)[:-1]),
    "cut off in its head": writes(lambda body: response(body)[:30]),
    "a length that is too short": writes(lambda body: headed("content-length: 5\r\n", body)),
    "a length that is too long": writes(lambda body: headed(f"content-length: {len(body) + 5}\r\n", body)),
    "no length": writes(lambda body: headed("content-length: -5\r\n", body)),
    "two lengths": writes(lambda body: headed("content-length: 5\r\ncontent-length: 6\r\n", body)),
    "an enormous length": writes(lambda body: headed(f"content-length: {10**30}\r\n", body)),
    "a length above the limit": writes(lambda body: headed(f"content-length: {_LIMIT + 1}\r\n", body)),
    "length and chunks": writes(
        lambda body: headed("content-length: 5\r\ntransfer-encoding: chunked\r\n", b"0\r\n\r\n")
    ),
    "wrong chunks": writes(lambda body: headed("transfer-encoding: chunked\r\n", b"zz\r\n" + body)),
    "chunks without an end": writes(lambda body: headed("transfer-encoding: chunked\r\n", b"1\r\n{\r\n")),
    "another transfer coding": writes(lambda body: headed("transfer-encoding: gzip\r\n", body)),
    "a head without an end": writes(lambda _: b"HTTP/1.1 200 OK\r\nx: " + b"y" * 3 * HEAD_BYTES),
    "a bomb in gzip": writes(lambda _: packed("gzip", gzip.compress(b" " * 10 * _LIMIT))),
    "gzip, cut off": writes(lambda body: packed("gzip", gzip.compress(body)[:-9])),
    "no gzip": writes(lambda body: packed("gzip", body)),
    "no zstd": writes(lambda body: packed("zstd", body)),
    "zstd and garbage": writes(lambda body: packed("zstd", b"\x28\xb5\x2f\xfd" + body)),
    "an unknown coding": writes(lambda body: packed("br", body)),
    "a flood": floods,
    "a reset": resets,
}
SLOW: dict[str, Deed] = {"silent": says_nothing, "stalls": stalls, "drips": drips_without_end}


async def complaint(operation: Operation, victim: str, name: str, deed: Deed) -> str | None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, content = await read_request(reader)
        subgraph = head.split(" ")[1].strip("/")
        body = json.dumps(body_of(SubgraphRequest(subgraph, "", body=content))).encode()
        await (deed if subgraph == victim else FINE["good"])(reader, writer, body)

    async def send(request: SubgraphRequest) -> SubgraphResponse:
        client = HttpClient(connections=1)  # nobody meets a connection that another left behind
        try:
            http = client.to(f"http://127.0.0.1:{running.port}/{request.subgraph}", max_response_bytes=_LIMIT)
            is_slow = name in SLOW and request.subgraph == victim
            return await asking(with_timeout(http, _PATIENCE, Counts()) if is_slow else http)(request)
        finally:
            await client.close()

    async with asyncio.timeout(120), server(handler) as running:
        result = await operation.run(send)
    try:
        operation.check(result, (await operation.run(good_answers)).data, victim)
        assert bool(result.errors) == (name not in FINE)
    except AssertionError as problem:
        return f"{name}: {problem} {result.errors}"[:1000]
    return None


async def good_answers(request: SubgraphRequest) -> SubgraphResponse:
    return SubgraphResponse(200, "application/json", json.dumps(body_of(request)).encode())


@pytest.mark.parametrize("victim", SUBGRAPHS)
async def test_whatever_a_server_does_both_executors_say_so_and_no_value_is_wrong(victim: str) -> None:
    operation = operation_of(victim)
    await operation.run(good_answers)  # what runs again is compiled
    failed = [await complaint(operation, victim, *deed) for deed in (FINE | BAD | SLOW).items()]
    assert not any(failed), "\n".join(one for one in failed if one)
