"""Who is asking. Every subgraph verifies the token itself: one exposed by mistake lets nobody in.

Tokens are signed with Ed25519 by the identity context (RFC 8037; the algorithm's name is that of RFC 9864).
The public keys are the JWKS file which it publishes beside the database. A token names its key: one that is
not published, or no longer, is nobody's.

A token is good until it expires, a quarter of an hour after it was signed, unless it is withdrawn. Nobody is
asked about it for each request: every subgraph would depend on whoever knows. What is withdrawn meanwhile
each process hears of, and keeps in mind (kernel/withdrawals).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from subgraphs.kernel.application.request import SYSTEM, Actor
from subgraphs.kernel.domain import Clock

ALGORITHM: Final = "Ed25519"
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 -- RFC 9068: no other kind of JWT passes for an access token

_EXPIRED: Final = "has expired: refresh it, or log in again"
_CLOCKS_DIFFER: Final = 60  # seconds: a token may come from a host whose clock is ahead


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
    """Turns a token into an actor, unless it `is_withdrawn`: one of this user, session and version of the
    account."""

    def __init__(
        self,
        keys: PublishedKeys,
        *,
        issuer: str,
        audience: str,
        clock: Clock,
        is_withdrawn: Callable[[str, str, int], bool],
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._is_withdrawn = is_withdrawn

    def verify(self, token: str) -> Actor:
        """The actor a valid token names; TokenError otherwise."""
        keys = self._keys.current()
        try:
            decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
        except (JoseError, ValueError):
            raise TokenError("the token is not signed by us") from None
        if decoded.header.get("typ") != TOKEN_TYPE or "kid" not in decoded.header:
            raise TokenError("this is not an access token")
        claims = decoded.claims
        now = int(self._clock.now().timestamp())
        registry = jwt.JWTClaimsRegistry(
            now=now,
            leeway=_CLOCKS_DIFFER,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            exp={"essential": True},
            role={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            reason = _EXPIRED if isinstance(error, ExpiredTokenError) else f"is not valid: {error.error}"
            raise TokenError(f"the token {reason}") from None
        if claims["exp"] <= now:  # no leeway at the end: who has a token knows when to refresh it
            raise TokenError(f"the token {_EXPIRED}")
        match claims:
            case {"sub": str(subject), "role": str(role), "scope": str(scope), "sid": str(session)} if (
                role != SYSTEM.role
            ):
                if self._is_withdrawn(subject, session, int(claims.get("account_version", 0))):
                    raise TokenError("the token has been withdrawn: refresh it, or log in again")
                return Actor(subject, role, frozenset(scope.split()), session)
            case _:
                raise TokenError("the token's claims are not ours")
