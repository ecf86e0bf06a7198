"""Heads of requests that were read before: a client sends the same again and again.

A head is known by its bytes. What was read of it is not read anew, and what follows from it alone (where the
request goes, which headers are forwarded, how its answer begins) is worked out once. Heads with an id of
their own never come again, so those that came once are not kept.
"""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from plait_gateway.clients.send import Cancel
from plait_gateway.server.exchange import HttpResponse

_REMEMBERED = 256
_CAME_ONCE = 4096  # their hashes
_LONGEST = 2048  # bytes; so what is remembered stays below a megabyte

#: Begins to answer a request with a body, from the client at an address: its answer is told to a function,
#: unless it is given up. None, and nothing is begun, for one that is to come by ASGI.
Begin: TypeAlias = Callable[[bytes, str | None, Callable[[HttpResponse], None]], Cancel | None]


class KnownHead(Struct, frozen=True):
    """The head of a POST that leaves its connection open, and is followed by a body of this length."""

    length: int
    content_length: int
    begin: Begin


class KnownHeads:
    """What all connections of a server have read."""

    def __init__(self) -> None:
        self._by_text: dict[bytes, KnownHead] = {}
        self._came_once: set[int] = set()

    def of(self, data: bytes) -> KnownHead | None:
        """The head of a request that is all of the data, if it is known."""
        length = data.find(b"\r\n\r\n", 0, _LONGEST) + 4
        known = self._by_text.get(data[:length])
        if known is None or len(data) != length + known.content_length:
            return None
        return known

    def remember(self, data: bytes, content_length: int, begin: Begin) -> None:
        """Know the head of a request from now on, if it came before, and the data is that request alone."""
        length = data.find(b"\r\n\r\n", 0, _LONGEST) + 4
        if len(data) != length + content_length:
            return
        head = data[:length]
        if (hashed := hash(head)) not in self._came_once:
            if len(self._came_once) >= _CAME_ONCE:
                self._came_once.clear()
            self._came_once.add(hashed)
            return
        if len(self._by_text) >= _REMEMBERED:
            self._by_text.clear()
        self._by_text[head] = KnownHead(length, content_length, begin)
