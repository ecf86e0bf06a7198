"""A request's headers, by name."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

RequestHeaders: TypeAlias = Mapping[bytes, bytes]


def by_name(headers: Iterable[tuple[bytes, bytes]]) -> RequestHeaders:
    """ASGI's headers, whose names are lower-case, as a mapping.

    Several of one name are joined (RFC 9110, 5.3; for cookies RFC 9113, 8.2.3).
    """
    pairs = tuple(headers)
    found = dict(pairs)
    if len(found) < len(pairs):
        for name in found:
            values = [value for key, value in pairs if key == name]
            found[name] = (b"; " if name == b"cookie" else b", ").join(values)
    return found


def forwarded_for(headers: RequestHeaders, peer: str | None) -> RequestHeaders:
    """The headers as a proxy passes them on: X-Forwarded-For ends with the address of who is connected."""
    before = headers.get(b"x-forwarded-for")
    known = b"unknown" if peer is None else peer.encode("latin-1")
    return {**headers, b"x-forwarded-for": known if before is None else b"%b, %b" % (before, known)}


def text(value: bytes | None) -> str | None:
    """A header's value as a text; any bytes are one."""
    return None if value is None else value.decode("latin-1")
