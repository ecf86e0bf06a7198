"""Open a connection: the first address that answers wins (RFC 8305, happy eyeballs)."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, TypeAlias

from plait_gateway.clients.http.connection import Connection, Settle
from plait_gateway.clients.http.failures import ExchangeFailed
from plait_gateway.clients.http.url import Origin

_HEAD_START_SECONDS = 0.25

#: As getaddrinfo gives it: the family, and the address in the family's form.
Address: TypeAlias = tuple[socket.AddressFamily, Any]


async def connect(origin: Origin, tls: ssl.SSLContext | None, settle: Settle) -> Connection:
    """A new connection, which tells `settle` of its exchanges; raises ExchangeFailed.

    `tls` is None for plain HTTP.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
        connected = await first_connected([(family, address) for family, _, _, _, address in found])
        try:
            _, connection = await loop.create_connection(
                lambda: Connection(settle),
                sock=connected,
                ssl=tls,
                server_hostname=None if tls is None else origin.certified_name,
            )
        except BaseException:
            connected.close()
            raise
    except OSError as error:
        raise ExchangeFailed("no connection could be made", str(error) or type(error).__name__) from error
    return connection


async def first_connected(addresses: Sequence[Address]) -> socket.socket:
    """A socket that is connected to one of the addresses; raises OSError when there is none.

    They are tried in turn, IPv6 and IPv4 alternating, each a moment after the one before or as soon as that
    has failed. (Not `create_connection(happy_eyeballs_delay=...)`: uvloop does not have it.)
    """
    attempts: list[asyncio.Task[socket.socket]] = []
    winner: asyncio.Task[socket.socket] | None = None
    try:
        for address in _alternating(addresses):
            attempts.append(asyncio.create_task(_connected(address)))
            if (winner := await _first_success(attempts, _HEAD_START_SECONDS)) is not None:
                break
        else:
            winner = await _first_success(attempts, None)
        if winner is None:
            raise OSError("; ".join(str(attempt.exception()) for attempt in attempts) or "no address")
        return winner.result()
    finally:
        for attempt in attempts:
            if attempt is not winner:
                attempt.cancel()
                attempt.add_done_callback(_discard)


def _alternating(addresses: Sequence[Address]) -> list[Address]:
    """Families in turn, the preferred one first."""
    families = list(dict.fromkeys(family for family, _ in addresses))
    columns = ([address for address in addresses if address[0] == family] for family in families)
    return [address for row in zip_longest(*columns) for address in row if address is not None]


async def _first_success(
    attempts: Sequence["asyncio.Task[socket.socket]"], patience: float | None
) -> "asyncio.Task[socket.socket] | None":
    """The first attempt that succeeds in time; None when all have failed, or the newest one has."""
    pending = {attempt for attempt in attempts if not attempt.done()}
    deadline = None if patience is None else asyncio.get_running_loop().time() + patience
    while pending:
        left = None if deadline is None else deadline - asyncio.get_running_loop().time()
        done, pending = await asyncio.wait(pending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        for attempt in done:
            if attempt.exception() is None:
                return attempt
        if deadline is not None and (not done or attempts[-1] in done):
            return None
    return None


async def _connected(address: Address) -> socket.socket:
    family, where = address
    connecting = socket.socket(family, socket.SOCK_STREAM)
    try:
        connecting.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connecting, where)
    except BaseException:
        connecting.close()
        raise
    return connecting


def _discard(attempt: "asyncio.Task[socket.socket]") -> None:
    if not attempt.cancelled() and attempt.exception() is None:
        attempt.result().close()
