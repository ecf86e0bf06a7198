import asyncio
import json
import logging

import pytest

from plait_gateway.asgi import Receive, Scope, SendMessage
from plait_gateway.clients import SubgraphRequest, SubgraphUnreachable, asking, in_process
from plait_gateway.server.exchange import read_body
from tests.gateway.subgraph_app import answer_with

URL = "http://stock.internal:8000/some%20path?tenant=1"


async def test_the_app_sees_the_request_that_http_would_bring() -> None:
    seen: list[tuple[Scope, bytes]] = []

    async def app(scope: Scope, receive: Receive, send: SendMessage) -> None:
        seen.append((scope, await read_body(None, receive, limit=1000)))
        await answer_with(send, b"{}", status=201, content_type="application/graphql-response+json")

    request = SubgraphRequest(
        "stock", "query A { a }", {"x": 1}, "A", headers=(("authorization", "Bearer t"),)
    )
    response = await asking(in_process(app, URL, max_response_bytes=1000))(request)

    assert (response.status, response.content_type) == (201, "application/graphql-response+json")
    assert response.body == b"{}"
    scope, body = seen[0]
    assert (scope["method"], scope["path"], scope["query_string"]) == ("POST", "/some path", b"tenant=1")
    headers = dict(scope["headers"])
    assert headers[b"authorization"] == b"Bearer t"
    assert headers[b"content-type"] == b"application/json"
    assert headers[b"host"] == b"stock.internal:8000"
    assert headers[b"content-length"] == str(len(body)).encode()
    assert json.loads(body) == {"query": "query A { a }", "variables": {"x": 1}, "operationName": "A"}


async def test_an_answer_in_pieces_is_joined() -> None:
    async def app(_scope: Scope, _receive: Receive, send: SendMessage) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        await send({"type": "http.response.body", "body": b"}"})

    assert (
        await asking(in_process(app, URL, max_response_bytes=1000))(SubgraphRequest("stock", "{ a }"))
    ).body == b"{}"


async def test_what_the_app_raises_is_logged_here_and_unreachable_to_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def app(_scope: Scope, _receive: Receive, _send: SendMessage) -> None:
        raise LookupError("a secret of the app")

    with pytest.raises(SubgraphUnreachable) as caught, caplog.at_level(logging.ERROR):
        await asking(in_process(app, URL, max_response_bytes=1000))(SubgraphRequest("stock", "{ a }"))
    assert caught.value.code == "SUBGRAPH_UNREACHABLE"
    assert "secret" not in caught.value.reason
    assert "a secret of the app" in caplog.text


async def test_an_answer_stands_even_if_the_app_fails_after_it() -> None:
    async def app(_scope: Scope, _receive: Receive, send: SendMessage) -> None:
        await answer_with(send, b"{}", status=500)
        raise LookupError

    assert (
        await asking(in_process(app, URL, max_response_bytes=1000))(SubgraphRequest("stock", "{ a }"))
    ).status == 500


async def test_an_app_that_ends_without_an_answer() -> None:
    async def app(_scope: Scope, _receive: Receive, _send: SendMessage) -> None:
        pass

    with pytest.raises(SubgraphUnreachable, match="without an answer"):
        await asking(in_process(app, URL, max_response_bytes=1000))(SubgraphRequest("stock", "{ a }"))


async def test_an_app_that_waits_for_the_client_to_leave_is_released_by_its_own_answer() -> None:
    async def app(_scope: Scope, receive: Receive, send: SendMessage) -> None:
        await receive()
        await answer_with(send, b"{}")
        assert (await receive())["type"] == "http.disconnect"

    async with asyncio.timeout(60):
        await asking(in_process(app, URL, max_response_bytes=1000))(SubgraphRequest("stock", "{ a }"))


async def test_cancelling_the_call_cancels_the_app() -> None:
    started, cancelled = asyncio.Event(), asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, _send: SendMessage) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    call = asyncio.ensure_future(
        asking(in_process(app, URL, max_response_bytes=1000))(SubgraphRequest("stock", "{ a }"))
    )
    await started.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert cancelled.is_set()


async def test_an_answer_that_is_too_large_is_given_up() -> None:
    sent = 0

    async def app(_scope: Scope, _receive: Receive, send: SendMessage) -> None:
        nonlocal sent
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            sent += 1
            await send({"type": "http.response.body", "body": b"x" * 300, "more_body": True})

    with pytest.raises(SubgraphUnreachable, match="its answer is larger than 1000 bytes"):
        await asking(in_process(app, URL, max_response_bytes=1000))(SubgraphRequest("stock", "{ a }"))
    assert sent == 4
