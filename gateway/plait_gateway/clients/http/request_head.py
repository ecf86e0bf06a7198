"""The head of a request: what is the same every time is written once."""

import re
from importlib.metadata import version

from plait_gateway.clients.body import HEADERS
from plait_gateway.clients.http.content_coding import ACCEPTED
from plait_gateway.clients.http.failures import ExchangeFailed
from plait_gateway.clients.http.url import Endpoint

# RFC 9110, 5.1 and 5.5. A line break in a value would begin a header, or a request, of the sender's choice.
_is_name = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch
_is_value = re.compile(r"[\t\x20-\x7e\x80-\xff]*").fullmatch

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
        lines = ""
        for name, value in headers:
            if not (_is_name(name) and _is_value(value)):
                raise ExchangeFailed(f"the header {name!r} cannot be sent to it")
            if name == _USER_AGENT:
                constant = self._without_user_agent
            lines += f"{name}: {value}\r\n"
        return b"%b%bcontent-length: %d\r\n\r\n" % (constant, lines.encode("latin-1"), content_length)
