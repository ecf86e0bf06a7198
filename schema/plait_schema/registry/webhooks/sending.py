"""One attempt to send something to an address, over HTTP/1.1."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from ssl import SSLContext, create_default_context
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

from plait_schema.delivery.troubles import trouble_of
from plait_schema.registry.webhooks.addresses import ForbiddenAddressError, address_of

_TIMEOUT: Final = 10.0  # seconds, for each thing that is waited for
_LONGEST: Final = 15.0  # seconds, for all of it: an answer may come in drops
_PORTS: Final = {"http": 80, "https": 443}


class NotSentError(Exception):
    """Nobody answered. The message says why, in one line."""


def send(url: str, headers: Mapping[str, str], body: bytes, *, allow_private: bool) -> int:
    """POST it, and return the status of the answer: redirects are not followed, nor is it read. Blocks.

    Raises NotSentError.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        address = address_of(host, port, allow_private=allow_private)
        context = create_default_context() if parts.scheme == "https" else None
        connection = _ConnectionTo(address, host, port, context)
        watch = Timer(_LONGEST, connection.abort)
        watch.daemon = True
        watch.start()
        try:
            connection.request("POST", path, body, dict(headers))
            return connection.getresponse().status
        finally:
            watch.cancel()
            connection.close()
    except ForbiddenAddressError as error:
        raise NotSentError(str(error)) from error
    except (OSError, HTTPException, ValueError) as error:
        raise NotSentError(trouble_of(error)) from error


class _ConnectionTo(HTTPConnection):
    """To one address, whatever the host's name resolves to by now; the certificate is that of the name."""

    def __init__(self, address: str, host: str, port: int, context: SSLContext | None) -> None:
        super().__init__(host, port, timeout=_TIMEOUT)
        self.default_port = _PORTS["https" if context else "http"]  # left out of the header `host`
        self._address = address
        self._context = context

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), _TIMEOUT)
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)

    def abort(self) -> None:
        """End what another thread waits for."""
        with suppress(OSError, AttributeError):  # AttributeError: it is not connected yet, or no longer
            self.sock.shutdown(socket.SHUT_RDWR)
