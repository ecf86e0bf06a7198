"""An identity provider on this machine: discovery, keys and codes, as OpenID Connect has them."""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID, CLIENT_SECRET = "academy", "s3cret"
REDIRECT_URI = "https://academy.example/callback"


@dataclass
class StandIn:
    """`codes` are those that it has sent out: the challenge that each came with, and what its token says."""

    issuer: str = ""
    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "k1", "use": "sig"})
    )
    codes: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    signs_with: RSAKey | None = None
    is_down: bool = False

    def sends_back(self, code: str, verifier: str, claims: dict[str, Any]) -> None:
        """Somebody has logged in there."""
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        self.codes[code] = (challenge, claims)

    def answer(self, method: str, path: str, authorization: str, body: str) -> tuple[int, object]:
        match method, path:
            case _ if self.is_down:
                return 500, "down"
            case "GET", "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.issuer,
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                }
            case "GET", "/keys":
                return 200, KeySet([self.key]).as_dict(private=False)
            case "POST", "/token":
                return self._redeem(authorization, dict(parse_qsl(body)))
            case _:
                return 404, {}

    def _redeem(self, authorization: str, form: dict[str, str]) -> tuple[int, object]:
        if b64decode(authorization.removeprefix("Basic ")).decode() != f"{CLIENT_ID}:{CLIENT_SECRET}":
            return 401, {"error": "invalid_client"}
        challenge, claims = self.codes.pop(form["code"], ("", {}))
        shown = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if shown != challenge or form["redirect_uri"] != REDIRECT_URI:
            return 400, {"error": "invalid_grant"}
        token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.signs_with or self.key)
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": token}


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """It answers until the block ends."""
    provider = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["content-length"])).decode())

        def _answer(self, body: str) -> None:
            authorization = self.headers.get("authorization", "")
            status, answer = provider.answer(self.command, self.path, authorization, body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
