"""What makes a request's head one that servers on its way could read differently (RFC 9112)."""

import re
from collections.abc import Iterable

_is_host = re.compile(rb"(?:\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?", re.ASCII).fullmatch


class UnsoundHead(Exception):  # noqa: N818 - it names what is wrong with the request
    """A request that is refused for its head, with this status."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def check_head(version: str, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Raise UnsoundHead for what the parser lets pass. Names are lower-case.

    A request says once which host it is for (3.2), and its body is packed in no way but chunks (6.1).
    """
    hosts = [value for name, value in headers if name == b"host"]
    codings = [value for name, value in headers if name == b"transfer-encoding"]
    if version not in ("1.0", "1.1"):
        raise UnsoundHead(400, "The request is of no version of HTTP/1 that is served.")
    if len(hosts) > 1 or not (hosts or version == "1.0"):
        raise UnsoundHead(400, f"The request has {len(hosts) or 'no'} Host headers; it has to have one.")
    if hosts and not _is_host(hosts[0].strip()):
        raise UnsoundHead(400, "The request's Host header names no host.")
    if codings and [one.strip().lower() for one in codings] != [b"chunked"]:
        raise UnsoundHead(501, "The request's body is packed in another way than chunks.")
