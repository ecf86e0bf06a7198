"""Somebody who issues tokens, and publishes the keys as a file."""

import json
from pathlib import Path
from time import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from plait_gateway.config import AuthenticationConfig


def new_key(key_id: str) -> OKPKey:
    return OKPKey.generate_key("Ed25519", parameters={"kid": key_id, "use": "sig"})


class Issuer:
    """Signs with the newest of its keys; all that it has are published."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "jwks.json"
        self.keys = [new_key("first")]
        self.publish()

    @property
    def config(self) -> AuthenticationConfig:
        return AuthenticationConfig(jwks=str(self.file), issuer="issuer", audience="graph")

    @property
    def jwks(self) -> bytes:
        return json.dumps(KeySet(list(self.keys)).as_dict(private=False)).encode()

    def publish(self) -> None:
        """Replace the file, as a process does that others read from meanwhile."""
        written = self.file.with_suffix(".new")
        written.write_bytes(self.jwks)
        written.replace(self.file)

    def token(self, *, key: OKPKey | None = None, **claims: Any) -> str:
        """A token of a minute; a claim that is None is left out."""
        now = int(time())
        said = {"iss": "issuer", "aud": "graph", "sub": "1", "iat": now, "exp": now + 60, **claims}
        signing = key or self.keys[-1]
        return jwt.encode(
            {"alg": "Ed25519", "kid": signing.kid},
            {name: value for name, value in said.items() if value is not None},
            signing,
            ["Ed25519"],
        )
