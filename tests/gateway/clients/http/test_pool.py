"""Who gets a connection, when one is kept, and what a bad one may not do to the next request."""

import asyncio

import pytest

from plait_gateway.clients import SubgraphRequest, SubgraphResponse, SubgraphUnreachable
from tests.gateway.clients.http.scripted import (
    MUTATION,
    REQUEST,
    always,
    connected_subgraph,
    read_request,
    response,
    subgraph,
)


def numbered(number: int) -> SubgraphRequest:
    return SubgraphRequest("stock", f"{number}")


async def test_a_thousand_requests_over_ten_connections_each_get_their_own_answer() -> None:
    open_now = most = connections = 0

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most, connections
        connections += 1
        while True:
            _, body = await read_request(reader)
            open_now += 1
            most = max(most, open_now)
            await asyncio.sleep(0)
            open_now -= 1
            writer.write(response(body))

    async with subgraph(echo, connections=10) as send:
        answers = await asyncio.gather(*(send(numbered(number)) for number in range(1000)))
    assert [answer.body for answer in answers] == [b'{"query":"%d"}' % number for number in range(1000)]
    assert most <= 10
    assert connections == 10


async def test_who_waits_is_served_in_order_and_who_leaves_is_not_missed() -> None:
    seen: list[bytes] = []
    may_answer = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            seen.append((await read_request(reader))[1])
            await may_answer.wait()
            writer.write(response(b"{}"))

    async with subgraph(handler, connections=1) as send:
        calls = [asyncio.ensure_future(send(numbered(number))) for number in range(6)]
        await asyncio.sleep(0)
        calls[2].cancel()
        calls[3].cancel()
        may_answer.set()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [isinstance(outcome, asyncio.CancelledError) for outcome in outcomes] == [
        *(False, False, True, True, False, False)
    ]
    assert seen == [b'{"query":"%d"}' % number for number in (0, 1, 4, 5)]


async def test_a_place_that_was_passed_on_to_someone_who_leaves_goes_to_the_next() -> None:
    """The waiter is cancelled in the moment between getting the connection and using it."""
    async with subgraph(always(response(b"{}")), connections=1) as send:
        second: asyncio.Future[SubgraphResponse]

        async def first() -> None:
            await send(REQUEST)
            second.cancel()  # its turn came when the line above ended; it has not run since

        running = asyncio.ensure_future(first())
        await asyncio.sleep(0)
        second = asyncio.ensure_future(send(REQUEST))
        third = asyncio.ensure_future(send(REQUEST))
        await running
        assert (await third).status == 200
        assert second.cancelled()
        assert (await send(REQUEST)).status == 200


@pytest.mark.parametrize("leave", ["cancel", "timeout"])
async def test_an_answer_that_comes_when_nobody_waits_is_not_given_to_the_next(leave: str) -> None:
    asked, left = asyncio.Event(), asyncio.Event()
    connections = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        if connections == 1:
            await read_request(reader)
            writer.write(response(b"first"))
            await read_request(reader)
            asked.set()
            await left.wait()
            writer.write(response(b"late"))
            await writer.drain()
        while True:
            await read_request(reader)
            writer.write(response(b"new"))

    async with connected_subgraph(handler) as send:
        call = asyncio.ensure_future(send(REQUEST))
        if leave == "cancel":
            await asked.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        else:
            with pytest.raises(SubgraphUnreachable) as caught:
                await call
            assert caught.value.code == "SUBGRAPH_TIMEOUT"
        left.set()
        assert (await send(REQUEST)).body == b"new"


async def test_an_exchange_that_is_cancelled_closes_its_connection() -> None:
    asked, closed = asyncio.Event(), asyncio.Event()

    async def handler(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        asked.set()
        try:
            await reader.read()
        finally:
            closed.set()

    async with subgraph(handler) as send:
        call = asyncio.ensure_future(send(REQUEST))
        await asked.wait()
        call.cancel()
        await closed.wait()
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_a_server_that_drips_is_given_up_in_time() -> None:
    """Each byte comes soon after the last one; only the whole is late."""
    closed = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(response(b"{}"))
        await read_request(reader)
        try:
            writer.write(b"HTTP/1.1 200 OK\r\nx: ")
            while True:
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(0.001)  # the drip itself
        finally:
            closed.set()

    async with connected_subgraph(handler) as send:
        with pytest.raises(SubgraphUnreachable) as caught:
            await send(REQUEST)
        assert caught.value.code == "SUBGRAPH_TIMEOUT"
        await closed.wait()


@pytest.mark.parametrize(
    ("answer", "reused"),
    [
        (response(b"{}"), True),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", True),
        (b"HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\n{}", True),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + response(b"{}"), True),
        (response(b"{}", headers="connection: close\r\n"), False),
        (response(b"{}", headers="connection: close, x\r\n"), False),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}", False),
        (response(b"{}") + b"garbage", False),
        (response(b"{}") + response(b"another user's"), False),
        (response(b"{}") + b"HTTP/1.1 200 OK\r\ncontent-le", False),
        (response(b"{}", headers="connection: close\r\n") + response(b"another user's"), False),
    ],
)
async def test_a_connection_is_kept_only_when_it_can_serve_again(answer: bytes, *, reused: bool) -> None:
    connections = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await always(answer)(reader, writer)

    async with subgraph(handler) as send:
        for _ in range(2):
            assert (await send(REQUEST)).body == b"{}"
    assert connections == (1 if reused else 2)


async def test_bytes_that_come_while_a_connection_idles_end_it() -> None:
    connections = 0
    speak, closed = asyncio.Event(), asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await read_request(reader)
        writer.write(response(b"{}"))
        await speak.wait()
        if connections == 1:
            writer.write(response(b"nobody asked"))
            try:
                await reader.read()
            finally:
                closed.set()
        else:
            await read_request(reader)

    async with subgraph(handler) as send:
        await send(REQUEST)
        speak.set()
        await closed.wait()
        assert (await send(REQUEST)).body == b"{}"
    assert connections == 2


async def test_an_idle_connection_that_the_server_half_closes_is_not_used() -> None:
    """Not even for a mutation, which could not be sent again."""
    left = asyncio.Queue[None]()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(response(b"{}"))
        writer.write_eof()
        assert await reader.read() == b""  # the client leaves, too
        left.put_nowait(None)

    async with subgraph(handler) as send:
        for _ in range(3):
            assert (await send(MUTATION)).status == 200
            await left.get()


async def test_all_kept_connections_may_be_dead_and_a_query_still_gets_through() -> None:
    """It is sent again on a new connection, not on the next one that was kept."""
    first_round = asyncio.Barrier(5)
    drop = False

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dropping = not drop
        while True:
            await read_request(reader)
            if drop and dropping:
                return
            if dropping:
                await first_round.wait()
            writer.write(response(b"{}"))

    async with subgraph(handler) as send:
        await asyncio.gather(*(send(REQUEST) for _ in range(5)))
        drop = True
        answers = await asyncio.gather(*(send(REQUEST) for _ in range(5)))
    assert [answer.status for answer in answers] == [200] * 5


async def test_a_kept_connection_that_breaks_after_the_first_byte_is_not_tried_again() -> None:
    requests = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await read_request(reader)
        requests += 1
        writer.write(response(b"{}"))
        await read_request(reader)
        requests += 1
        writer.write(b"H")

    async with subgraph(handler) as send:
        await send(REQUEST)
        with pytest.raises(SubgraphUnreachable, match="broke off"):
            await send(REQUEST)
    assert requests == 2


async def test_idle_connections_expire() -> None:
    closed = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(response(b"{}"))
        assert await reader.read() == b""
        closed.set()

    async with subgraph(handler, idle_seconds=0.01) as send:
        await send(REQUEST)
        await closed.wait()


async def test_a_server_that_answers_before_it_has_read_the_request() -> None:
    """The rest of a large request is dropped with the connection."""
    connections = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(response(b"no", status="413 Content Too Large"))
        await writer.drain()
        await asyncio.Event().wait()

    async with subgraph(handler) as send:
        large = SubgraphRequest("stock", "x" * 30_000_000)
        assert (await send(large)).status == 413
        assert (await send(REQUEST)).status == 413
    assert connections == 2


async def test_large_requests_arrive_whole() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            _, body = await read_request(reader)
            writer.write(response(b"%d" % len(body)))

    async with subgraph(handler) as send:
        for size in (1, 16 * 1024, 5_000_000):
            assert (await send(SubgraphRequest("stock", "x" * size))).body == b"%d" % (size + 12)
