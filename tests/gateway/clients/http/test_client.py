"""The HTTP client against servers that behave, and servers that do not."""

import asyncio
import gzip
import json

import pytest

from plait_gateway.clients import HttpClient, SubgraphRequest, SubgraphUnreachable, asking
from tests.gateway.clients.http.scripted import REQUEST, read_request, response, server, subgraph


async def test_a_request_and_its_answer() -> None:
    seen: list[tuple[str, bytes]] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.write(response(b'{"data":{}}', headers="content-type: application/graphql-response+json\r\n"))

    async with subgraph(handler) as send:
        answer = await send(REQUEST)
    assert (answer.status, answer.content_type) == (200, "application/graphql-response+json")
    assert answer.body == b'{"data":{}}'
    ((head, body),) = seen
    assert head.startswith("post /graphql http/1.1")
    assert "authorization: bearer t" in head
    assert "content-type: application/json" in head
    assert json.loads(body) == {"query": "{ a }", "variables": {"x": "ü"}}


async def test_one_connection_serves_many_requests() -> None:
    connections = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            await read_request(reader)
            writer.write(response(b"{}"))

    async with subgraph(handler) as send:
        for _ in range(3):
            await send(REQUEST)
    assert connections == 1


async def test_no_more_connections_than_allowed() -> None:
    open_now = most = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        while True:
            await read_request(reader)
            open_now += 1
            most = max(most, open_now)
            await asyncio.sleep(0)
            open_now -= 1
            writer.write(response(b"{}"))

    async with subgraph(handler, connections=2) as send:
        await asyncio.gather(*(send(REQUEST) for _ in range(10)))
    assert 1 <= most <= 2


@pytest.mark.parametrize("idempotent", [True, False])
async def test_an_idle_connection_that_turns_out_closed(*, idempotent: bool) -> None:
    """The server answers once per connection and then drops what comes next, without an answer."""
    requests = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await read_request(reader)
        requests += 1
        writer.write(response(b"{}"))
        await read_request(reader)
        requests += 1

    async with subgraph(handler) as send:
        await send(REQUEST)
        again = SubgraphRequest("stock", "{ a }", idempotent=idempotent)
        if idempotent:
            assert (await send(again)).status == 200
            assert requests == 3
        else:
            with pytest.raises(SubgraphUnreachable, match="closed the connection"):
                await send(again)
            assert requests == 2  # a mutation is never sent twice


async def test_a_new_connection_that_is_dropped_is_not_tried_again() -> None:
    requests = 0

    async def handler(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await read_request(reader)
        requests += 1

    async with subgraph(handler) as send:
        with pytest.raises(SubgraphUnreachable, match="closed the connection"):
            await send(REQUEST)
    assert requests == 1


async def test_a_gzipped_answer_is_unpacked() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, _ = await read_request(reader)
        assert "gzip" in head
        writer.write(response(gzip.compress(b'{"data":1}'), headers="content-encoding: gzip\r\n"))

    async with subgraph(handler) as send:
        assert (await send(REQUEST)).body == b'{"data":1}'


@pytest.mark.parametrize("zipped", [False, True])
async def test_an_answer_that_is_too_large_is_not_read_to_its_end(*, zipped: bool) -> None:
    body = b" " * 5_000_000
    headers = "content-encoding: gzip\r\n" if zipped else ""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(response(gzip.compress(body) if zipped else body, headers=headers))
        await writer.drain()

    async with subgraph(handler, max_response_bytes=1000) as send:
        with pytest.raises(SubgraphUnreachable, match="larger than 1000 bytes"):
            await send(REQUEST)


async def test_a_redirect_is_not_followed() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(response(b"", status="302 Found", headers="location: http://elsewhere.invalid/\r\n"))

    async with subgraph(handler) as send:
        with pytest.raises(SubgraphUnreachable, match=r"redirect \(302\)"):
            await send(REQUEST)


async def test_cookies_are_not_kept_for_the_next_user() -> None:
    heads: list[str] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            heads.append((await read_request(reader))[0])
            writer.write(response(b"{}", headers="set-cookie: user=alice\r\n"))

    async with subgraph(handler) as send:
        await send(REQUEST)
        await send(REQUEST)
    assert len(heads) == 2
    assert "cookie" not in heads[1]


async def test_an_answer_that_breaks_off() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(response(b"{}").replace(b"content-length: 2", b"content-length: 20"))

    async with subgraph(handler) as send:
        with pytest.raises(SubgraphUnreachable, match="broke off"):
            await send(REQUEST)


async def test_an_answer_that_is_not_http() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

    async with subgraph(handler) as send:
        with pytest.raises(SubgraphUnreachable, match="not HTTP"):
            await send(REQUEST)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1/graphql", "no connection could be made"),
        ("", "its URL in the supergraph is not valid"),
        ("nonsense", "its URL in the supergraph is not valid"),
        ("ftp://127.0.0.1/", "its URL in the supergraph is not valid"),
    ],
)
async def test_an_address_where_nobody_is(url: str, reason: str) -> None:
    client = HttpClient(connections=1)
    try:
        with pytest.raises(SubgraphUnreachable) as caught:
            await asking(client.to(url, max_response_bytes=1))(REQUEST)
    finally:
        await client.close()
    assert (caught.value.code, caught.value.reason) == ("SUBGRAPH_UNREACHABLE", reason)


async def test_a_password_in_a_url_is_neither_used_nor_logged(caplog: pytest.LogCaptureFixture) -> None:
    client = HttpClient(connections=1)
    with pytest.raises(SubgraphUnreachable, match="its URL in the supergraph is not valid"):
        await asking(client.to("http://user:geheim@127.0.0.1:1/", max_response_bytes=1))(REQUEST)
    assert "credentials" in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (SubgraphRequest("stock", "{ a }", headers=(("x", "a\r\nhost: b"),)), "header 'x' cannot be sent"),
        (SubgraphRequest("stock", "{ a }", {"x": "\ud800"}), "cannot be written in UTF-8"),
    ],
)
async def test_what_cannot_be_sent_is_refused_before_a_connection_is_made(
    request_: SubgraphRequest, reason: str
) -> None:
    async def handler(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        raise AssertionError

    async with subgraph(handler) as send:
        with pytest.raises(SubgraphUnreachable, match=reason):
            await send(request_)


async def test_an_exchange_outlives_the_closing_of_its_client_and_its_connection_does_not() -> None:
    asked, may_answer, closed = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        asked.set()
        await may_answer.wait()
        writer.write(response(b"{}"))
        assert await reader.read() == b""
        closed.set()

    async with asyncio.timeout(60), server(handler) as running:
        client = HttpClient(connections=1)
        send = asking(client.to(f"http://127.0.0.1:{running.port}/", max_response_bytes=10))
        call = asyncio.ensure_future(send(REQUEST))
        await asked.wait()
        await client.close()
        may_answer.set()
        assert (await call).body == b"{}"
        await closed.wait()


async def test_two_urls_of_one_origin_share_their_connections() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head, _ = await read_request(reader)
            writer.write(response(head.split()[1].encode()))

    async with asyncio.timeout(60), server(handler) as running:
        client = HttpClient(connections=1)
        for path in (b"/a", b"/b"):
            url = f"http://127.0.0.1:{running.port}{path.decode()}"
            assert (await asking(client.to(url, max_response_bytes=10))(REQUEST)).body == path
        await client.close()
    assert len(running.connections) == 1
