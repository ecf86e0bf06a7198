"""Clients that are endless, slow, or speak of other protocols, over real connections."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from plait_gateway.asgi import Receive, Scope, SendMessage
from plait_gateway.server.exchange import BodyTooLarge, ClientLeft, HttpResponse, read_body, respond
from plait_gateway.server.http_protocol import HEAD_BYTES, BoundedProtocol
from tests.gateway.served import served

CLOSE = b"connection: close\r\n"
left: list[str] = []


class _Impatient(BoundedProtocol):
    request_seconds = 0.05


async def _echo(scope: Scope, receive: Receive, send: SendMessage) -> None:
    announced = dict(scope["headers"]).get(b"content-length")
    try:
        body = await read_body(announced, receive, limit=1_000_000)
    except ClientLeft:
        left.append(scope["path"])
        return
    except BodyTooLarge:
        await respond(HttpResponse(413, "text/plain", b""), scope, send)
        return
    await respond(HttpResponse(200, "text/plain", scope["method"].encode() + b" " + body), scope, send)


@asynccontextmanager
async def echo(protocol: type[BoundedProtocol] = BoundedProtocol) -> AsyncIterator[tuple[str, int]]:
    async with served({"echo": _echo}, protocol) as url:
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        yield parts.hostname, parts.port


async def talk(address: tuple[str, int], pieces: Iterable[bytes]) -> bytes:
    """Everything that the server says to these pieces, until it closes the connection."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        async with asyncio.timeout(120):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            return await reader.read()
    finally:
        writer.close()


def post(body: bytes, more: bytes = CLOSE) -> bytes:
    return b"POST /echo HTTP/1.1\r\nhost: x\r\n%bcontent-length: %d\r\n\r\n%b" % (more, len(body), body)


@pytest.mark.parametrize(
    "offer",
    [
        b"connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n",
        b"connection: upgrade\r\nupgrade: websocket\r\n",
        b"upgrade: h2c\r\nconnection: upgrade\r\n",
    ],
)
@pytest.mark.parametrize("body", [b"{}", b"", b"x" * 100_000])
async def test_who_offers_another_protocol_is_answered_in_this_one(offer: bytes, body: bytes) -> None:
    """Java's client offers h2c with each first request, a POST's body included."""
    async with echo() as address:
        answer = await talk(address, [post(body, offer) + post(b"second")])
    first, second = answer.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert first.endswith(b"POST " + body)
    assert second.endswith(b"POST second")


async def test_connect_is_refused() -> None:
    async with echo() as address:
        answer = await talk(address, [b"CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n"])
    assert answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "begin",
    [
        b"GET /echo?",
        b"GET /echo HTTP/1.1\r\nhost: x\r\nx: ",
        b"GET /echo HTTP/1.1\r\nhost: x\r\n" + b"x: y\r\n" * (HEAD_BYTES // 12) + b"x",
    ],
)
async def test_a_head_without_end_is_refused(begin: bytes) -> None:
    async with echo() as address:
        answer = await talk(address, [begin, b"a" * (HEAD_BYTES + 1 - len(begin))])
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b'"code":"HEAD_TOO_LARGE"' in answer


async def test_each_of_many_requests_may_have_a_large_head() -> None:
    large = b"x: " + b"y" * (HEAD_BYTES // 2) + b"\r\n"
    async with echo() as address:
        answer = await talk(address, [post(b"", large), post(b"", large), post(b"", large + CLOSE)])
    assert answer.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    "sent", [b"", b"GET /echo HT", b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n123"]
)
async def test_a_request_that_does_not_get_complete_is_given_up(sent: bytes) -> None:
    left.clear()
    async with echo(_Impatient) as address:
        assert await talk(address, [sent]) == b""
    assert left == (["/echo"] if b"POST" in sent else [])


@pytest.mark.parametrize("size", [1_000_001, 3_000_000])
async def test_a_body_that_is_too_large_by_a_little_is_read_so_that_the_answer_arrives(size: int) -> None:
    """The client sends all before it looks for an answer."""
    async with echo() as address:
        assert (await talk(address, [post(b"x" * size)])).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST /echo HTTP/1.1\r\ncontent-length: 3\r\n", 400),
        (b"POST /echo HTTP/1.1\r\nhost: x\r\nhost: x\r\ncontent-length: 3\r\n", 400),
        (b"POST /echo HTTP/1.1\r\nhost: x/y z\r\ncontent-length: 3\r\n", 400),
        (b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 3\r\n", 400),
        (b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n", 400),
        (b"POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip, chunked\r\n", 501),
        (b"GET /echo\r\n", 400),
    ],
    ids=["no host", "two hosts", "no name", "two lengths", "length and chunks", "gzip", "HTTP/0.9"],
)
async def test_a_head_that_could_be_read_in_two_ways_is_refused(head: bytes, status: int) -> None:
    async with echo() as address:
        answer = await talk(address, [head + b"\r\nabcGET /echo HTTP/1.1\r\nhost: x\r\n\r\n"])
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b'"code":"BAD_REQUEST"' in answer


@pytest.mark.parametrize(
    "head",
    [
        b"POST /echo HTTP/1.1\r\nhost: [::1]:4000\r\n",
        b"POST /echo HTTP/1.1\r\nhost: a_b.example:80\r\n",
        b"POST /echo HTTP/1.1\r\nhost:\r\n",
        b"POST http://x/echo HTTP/1.1\r\nhost: x\r\n",
        b"POST /echo HTTP/1.0\r\n",
    ],
)
async def test_a_sound_head_is_answered(head: bytes) -> None:
    async with echo() as address:
        answer = await talk(address, [head + CLOSE + b"content-length: 3\r\n\r\nabc"])
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"POST abc")


async def test_what_cannot_be_read_does_not_take_the_answer_of_the_request_before_it() -> None:
    async with echo() as address:
        answer = await talk(address, [post(b"first", b"") + b"\x16\x03\x01 no HTTP"])
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"POST first")
    assert CLOSE in answer


async def test_a_body_that_cannot_be_read_on_is_refused() -> None:
    head = b"POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    async with echo() as address:
        answer = await talk(address, [head + b"3\r\nabc\r\nzz\r\n"])
    assert answer.startswith(b"HTTP/1.1 400 ")


async def test_who_sends_no_more_is_answered() -> None:
    async with echo() as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(post(b"half", b""))
        writer.write_eof()
        async with asyncio.timeout(120):
            assert (await reader.read()).endswith(b"POST half")
        writer.close()
