"""What of a response is written when, with uvicorn's own cycle."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any, cast

import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from plait_gateway.server.exchange import HttpResponse, respond
from plait_gateway.server.one_write import OneWrite


class _Recorded(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.writes.append(b"".join(list_of_data))

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        self.writes.append(b"closed")


def _cycle(transport: _Recorded, method: str = "POST", *, expects_100: bool = False) -> RequestResponseCycle:
    logger = logging.getLogger(__name__)
    cycle = RequestResponseCycle(
        scope=cast(Any, {"type": "http", "method": method}),
        transport=transport,
        flow=FlowControl(transport),
        logger=logger,
        access_logger=logger,
        access_log=False,
        default_headers=[],
        message_event=asyncio.Event(),
        expect_100_continue=expects_100,
        keep_alive=True,
        on_response=lambda: None,
    )
    cycle.transport = cast(asyncio.Transport, OneWrite(transport, cycle))
    cycle.more_body = False
    cycle.message_event.set()
    return cycle


@pytest.mark.parametrize("body", [b"", b"{}", b"x" * 100_000])
async def test_a_response_is_written_at_once(body: bytes) -> None:
    transport = _Recorded()
    cycle = _cycle(transport)
    await respond(HttpResponse(200, "text/plain", body), cast(Any, cycle.scope), cast(Any, cycle.send))
    (written,) = transport.writes
    assert written.startswith(b"HTTP/1.1 200 OK\r\n")
    assert written.endswith(b"\r\n\r\n" + body)


async def test_an_answer_to_head_is_written() -> None:
    transport = _Recorded()
    cycle = _cycle(transport, "HEAD")
    await respond(HttpResponse(200, "text/plain", b"{}"), cast(Any, cycle.scope), cast(Any, cycle.send))
    assert b"".join(transport.writes).endswith(
        b"x-content-type-options: nosniff\r\ncontent-length: 2\r\n\r\n"
    )


async def test_a_stream_begins_before_its_first_event() -> None:
    transport = _Recorded()
    cycle = _cycle(transport)
    await cycle.send({"type": "http.response.start", "status": 200, "headers": []})
    assert transport.writes == [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"]
    await cycle.send({"type": "http.response.body", "body": b"one", "more_body": True})
    await cycle.send({"type": "http.response.body", "body": b"two", "more_body": False})
    assert transport.writes[1:] == [b"3\r\none\r\n", b"3\r\ntwo\r\n0\r\n\r\n"]


async def test_parts_of_a_body_are_written_as_they_come() -> None:
    transport = _Recorded()
    cycle = _cycle(transport)
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n"
    await cycle.send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"6")]})
    await cycle.send({"type": "http.response.body", "body": b"one", "more_body": True})
    await cycle.send({"type": "http.response.body", "body": b"two", "more_body": False})
    assert transport.writes == [head + b"one", b"two"]


async def test_100_continue_comes_before_the_response() -> None:
    transport = _Recorded()
    cycle = _cycle(transport, expects_100=True)
    await cycle.receive()
    assert transport.writes == [b"HTTP/1.1 100 Continue\r\n\r\n"]
    await respond(HttpResponse(200, "text/plain", b"{}"), cast(Any, cycle.scope), cast(Any, cycle.send))
    assert len(transport.writes) == 2


async def test_a_response_without_its_body_is_closed_after_its_head() -> None:
    transport = _Recorded()
    cycle = _cycle(transport)
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n"
    await cycle.send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"6")]})
    cycle.transport.close()
    assert transport.writes == [head, b"closed"]
