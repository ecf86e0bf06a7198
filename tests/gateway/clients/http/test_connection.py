import asyncio

from plait_gateway.clients import Outcome, SubgraphRequest
from plait_gateway.clients.http.connect import connect
from plait_gateway.clients.http.exchange import Exchange
from plait_gateway.clients.http.url import Origin
from tests.gateway.clients.http.scripted import always, response, server


async def test_a_connection_that_the_server_takes_leave_of_is_not_usable_from_that_moment() -> None:
    """Not only when it is gone, which over TLS may be later."""
    async with server(always(response(b"{}"))) as running:
        ended: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        origin = Origin(False, "127.0.0.1", running.port)
        connection = await connect(origin, None, lambda _connection, exchange, ending: exchange.end(ending))
        head = b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n"
        request = SubgraphRequest("stock", "{ a }")
        connection.begin(Exchange(request, head, b"", limit=9, url="", answered=ended.set_result))
        await ended
        before = connection.usable
        connection.eof_received()
        assert (before, connection.usable) == (True, False)
        connection.close()
        await connection.wait_closed()
