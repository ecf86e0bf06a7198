"""The head of a request: what is the same every time is written once."""

import re
from functools import lru_cache
from importlib.metadata import version

from plait_gateway.clients.body import HEADERS
from plait_gateway.clients.http.content_coding import ACCEPTED
from plait_gateway.clients.http.failures import ExchangeFailed
from plait_gateway.clients.http.url import Endpoint

_REMEMBERED = 64  # headers of clients, who ask several subgraphs at a time, and again soon

# RFC 9110, 5.1 and 5.5. A line break in a value would begin a header, or a request, of the sender's choice.
_is_name = lru_cache(_REMEMBERED)(re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch)
_NOT_IN_VALUES = bytes(code for code in range(0x20) if code != ord("\t")) + b"\x7f"

_USER_AGENT = "user-agent"


class RequestHead:
    """Writes the heads of requests to one URL."""

    def __init__(self, endpoint: Endpoint) -> None:
        constant = (("host", endpoint.authority), *HEADERS, ("accept-encoding", ", ".join(ACCEPTED)))
        lines = "".join(f"{name}: {value}\r\n" for name, value in constant)
        self._without_user_agent = f"POST {endpoint.target} HTTP/1.1\r\n{lines}".encode("ascii")
        own_name = f"{_USER_AGENT}: plait/{version('plait')}\r\n".encode("ascii")
        self._constant = self._without_user_agent + own_name

    def write(self, headers: tuple[tuple[str, str], ...], content_length: int) -> bytes:
        """The head with the forwarded headers; raises ExchangeFailed when one of them cannot be sent."""
        constant = self._constant
        if not headers:
            return b"%bcontent-length: %d\r\n\r\n" % (constant, content_length)
        lines, names_user_agent = _lines(headers)
        if names_user_agent:
            constant = self._without_user_agent
        return b"%b%bcontent-length: %d\r\n\r\n" % (constant, lines, content_length)


@lru_cache(_REMEMBERED)
def _lines(headers: tuple[tuple[str, str], ...]) -> tuple[bytes, bool]:
    """Headers as they are sent, and whether the user agent is among them."""
    lines = b""
    for name, value in headers:
        written = _written(value)
        if not _is_name(name) or written is None:
            raise ExchangeFailed(f"the header {name!r} cannot be sent to it")
        lines += b"%b: %b\r\n" % (name.encode("ascii"), written)
    return lines, any(name == _USER_AGENT for name, _ in headers)


def _written(value: str) -> bytes | None:
    """A header's value in bytes; None where it cannot be one."""
    try:
        written = value.encode("latin-1")
    except UnicodeEncodeError:
        return None
    return written if len(written.translate(None, _NOT_IN_VALUES)) == len(written) else None
