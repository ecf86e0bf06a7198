"""Which of a host's addresses is used."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from plait_gateway.clients import HttpClient, asking
from plait_gateway.clients.http.connect import Address, first_connected
from tests.gateway.clients.http.scripted import REQUEST, always, response, server

REFUSING: Address = (socket.AF_INET, ("127.0.0.1", 1))


@contextmanager
def listening() -> Iterator[Address]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield socket.AF_INET, listener.getsockname()


@asynccontextmanager
async def silent() -> AsyncIterator[Address]:
    """An address where nobody answers, not even with a refusal: its queue is full."""
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        attempts = []
        for one in waiting:
            one.setblocking(False)
            attempts.append(asyncio.ensure_future(loop.sock_connect(one, address)))
        await asyncio.wait(attempts, return_when=asyncio.FIRST_COMPLETED)
        try:
            yield socket.AF_INET, address
        finally:
            for attempt in attempts:
                attempt.cancel()
            await asyncio.gather(*attempts, return_exceptions=True)
            for one in waiting:
                one.close()


async def test_addresses_that_refuse_are_passed_over_at_once() -> None:
    with listening() as good:
        async with asyncio.timeout(25):  # a head start for each of them would take fifty seconds
            with await first_connected([*[REFUSING] * 200, good]) as connected:
                assert connected.getpeername() == good[1]


async def test_an_address_that_is_silent_is_not_waited_for() -> None:
    with listening() as good:
        async with silent() as bad, asyncio.timeout(25):  # see above; the silent one alone gets a head start
            with await first_connected([bad, *[REFUSING] * 200, good]) as connected:
                assert connected.getpeername() == good[1]


async def test_when_all_refuse_each_is_told() -> None:
    with pytest.raises(OSError, match=r"\b1\b.*;.*\b1\b"):
        await first_connected([REFUSING, REFUSING])


async def test_giving_up_leaves_no_attempt_behind() -> None:
    async with silent() as bad:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await first_connected([bad, bad])
        await asyncio.sleep(0)
        left = {task for task in asyncio.all_tasks() if not task.done()}
        assert not any("_connected" in repr(task.get_coro()) for task in left)


async def test_a_name_with_several_addresses_and_a_literal_reach_the_same_server() -> None:
    async with server(always(response(b"{}"))) as running:
        client = HttpClient(connections=1)
        for host in ("localhost", "127.0.0.1"):
            send = asking(client.to(f"http://{host}:{running.port}/", max_response_bytes=10))
            assert (await send(REQUEST)).status == 200
        await client.close()


async def test_an_ipv6_literal() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    async with server(always(response(b"{}")), host="::1") as running:
        client = HttpClient(connections=1)
        send = asking(client.to(f"http://[::1]:{running.port}/", max_response_bytes=10))
        assert (await send(REQUEST)).status == 200
        await client.close()
