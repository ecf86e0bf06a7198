"""Who hears of what a registry tells: an HTTP server that keeps what came, and answers as it is told to."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Heard:
    """A request that came."""

    path: str
    headers: Message
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """As receivers verify it (https://www.standardwebhooks.com)."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
        return hmac.compare_digest(f"v1,{expected}", self.headers["webhook-signature"])


class Receiver(ThreadingHTTPServer):
    """Answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.heard: list[Heard] = []
        self.hears = threading.Condition()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?of=registry"

    def wait_for(self, count: int) -> list[Heard]:
        """At least so many requests. AssertionError when they do not come."""
        with self.hears:
            assert self.hears.wait_for(lambda: len(self.heard) >= count, timeout=120), self.heard
            return list(self.heard)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        with self.server.hears:
            self.server.heard.append(Heard(self.path, self.headers, body))
            self.server.hears.notify_all()
        self.send_response(self.server.status)
        self.send_header("location", "http://127.0.0.1:1/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 # as it is inherited


@contextmanager
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
