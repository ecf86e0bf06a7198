"""Access tokens: JWTs for access (RFC 9068), signed with Ed25519.

What others may rely on: `iss`, `aud`, `sub` (the user's id), `role`, `scope` (the scopes of that role, with
spaces between), `sid` (the session), `account_version` (of the account that was read for it), `jti`, `iat`
and `exp`. The header names the key (`kid`) and the type (`at+jwt`).
"""

from dataclasses import dataclass, field
from datetime import datetime

from joserfc import jwt

from subgraphs.contracts.identity import Role
from subgraphs.contracts.scopes import SCOPES
from subgraphs.identity.domain import UserId, UserRole
from subgraphs.identity.keys import KeyStore
from subgraphs.kernel.domain import Clock, IdGenerator
from subgraphs.kernel.graphql.tokens import ALGORITHM, TOKEN_TYPE


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Proof of who one is, until it expires."""

    token: str = field(repr=False)
    user_id: UserId
    expires_at: datetime


class TokenIssuer:
    """Signs access tokens."""

    def __init__(self, keys: KeyStore, *, issuer: str, audience: str, clock: Clock, ids: IdGenerator) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._ids = ids

    def issue(self, user_id: UserId, role: UserRole, *, session_id: str, account_version: int) -> AccessToken:
        """A token for this user. Its role is what the user is now: a change shows in the next token."""
        # A token counts in whole seconds.
        now = self._clock.now().replace(microsecond=0)
        expires_at = now + self._keys.rotation.tokens_live
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(user_id),
            "role": role.value,
            "scope": " ".join(sorted(SCOPES[Role(role)])),
            "sid": session_id,
            "account_version": account_version,
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
            "jti": str(self._ids.new()),
        }
        key = self._keys.signer()
        header = {"alg": ALGORITHM, "kid": key.kid, "typ": TOKEN_TYPE}
        return AccessToken(jwt.encode(header, claims, key.jwk, [ALGORITHM]), user_id, expires_at)
