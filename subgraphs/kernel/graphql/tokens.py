"""Who is asking. Every subgraph verifies the token itself: one exposed by mistake lets nobody in.

Tokens are signed with Ed25519 by the identity context (RFC 8037; the algorithm's name is that of RFC 9864).
The public keys are the JWKS file which it publishes beside the database.
"""

import json
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from subgraphs.kernel.application.request import SYSTEM, Actor
from subgraphs.kernel.domain import Clock

ALGORITHM = "Ed25519"


class TokenError(Exception):
    """The token is not one of ours, or no longer valid. The message says which, and nothing of the token."""


class PublishedKeys:
    """A JWKS file, read again whenever it has changed: keys come and go while we run."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: tuple[int, int] | None = None
        self._keys: KeySet = KeySet([])

    def current(self) -> KeySet:
        try:
            status = self._path.stat()
            version = status.st_mtime_ns, status.st_ino
            if version != self._read_at:
                self._keys = KeySet.import_key_set(json.loads(self._path.read_bytes()))
                self._read_at = version
        except FileNotFoundError:
            raise TokenError("no keys are published yet") from None
        return self._keys


class TokenVerifier:
    """Turns a token into an actor."""

    def __init__(self, keys: PublishedKeys, *, issuer: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock

    def verify(self, token: str) -> Actor:
        """The actor a valid token names; TokenError otherwise."""
        keys = self._keys.current()
        try:
            claims = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            raise TokenError("the token is not signed by us") from None
        registry = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            iss={"essential": True, "value": self._issuer},
            sub={"essential": True},
            exp={"essential": True},
            role={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            raise TokenError(f"the token is not valid: {error.error}") from None
        subject, role, scope = claims["sub"], claims["role"], claims.get("scope", "")
        if (
            not (isinstance(subject, str) and isinstance(role, str) and isinstance(scope, str))
            or role == SYSTEM.role
        ):
            raise TokenError("the token's claims are not ours")
        return Actor(subject, role, frozenset(scope.split()))
