"""From a request's `authorization` to who asks."""

import warnings
from collections import OrderedDict
from collections.abc import Callable
from time import time
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError, SecurityWarning
from joserfc.jwk import KeySet

from plait_gateway.authentication.identifies import TokenRefused
from plait_gateway.authentication.key_source import KeySource
from plait_gateway.authorization import ANONYMOUS, Identity
from plait_gateway.config import AuthenticationConfig

_KNOWN_TOKENS: Final = 10_000
_LONGEST_TOKEN: Final = 16 * 1024  # bytes
_CLOCKS_DIFFER: Final = 60  # seconds: a token may come from an issuer whose clock is ahead
_EXPIRED: Final = "has expired: refresh it, or log in again"
_BEARER: Final = b"bearer "


class Authenticator:
    """Verifies bearer tokens; a token that comes again is not verified again before it expires.

    What is known of tokens is forgotten when the keys change: a key that is withdrawn takes them along.
    """

    def __init__(
        self, config: AuthenticationConfig, keys: KeySource, *, now: Callable[[], float] = time
    ) -> None:
        self._config = config
        self._keys = keys
        self._now = now
        self._known: OrderedDict[bytes, tuple[float, Identity]] = OrderedDict()
        self._known_by: KeySet | None = None
        self._rules = _rules(config)

    def known(self, authorization: bytes | None) -> Identity | None:
        """The same, if nothing has to be verified for it; None for a token that is not known."""
        token = _bearer_token(authorization)
        if token is None:
            return ANONYMOUS
        if self._known_by is None or self._keys.at_hand() is not self._known_by:
            return None
        found = self._known.get(token)
        return found[1] if found is not None and found[0] > self._now() else None

    async def identify(self, authorization: bytes | None) -> Identity:
        """Who sends this header. Without one, or with another scheme than Bearer, it is nobody.

        Raises TokenRefused, and KeysUnavailable when no key has ever come.
        """
        if (known := self.known(authorization)) is not None:
            return known
        token = _bearer_token(authorization)
        assert token is not None, "nobody is known at once"
        keys = await self._keys.current()
        if keys is not self._known_by:
            self._known.clear()
            self._known_by = keys
        claims = await self._verified(token, keys)
        identity = Identity(claims, _scopes(claims.get(self._config.scopes_claim)))
        self._known[token] = (float(claims["exp"]), identity)
        if len(self._known) > _KNOWN_TOKENS:
            self._known.popitem(last=False)
        return identity

    async def _verified(self, token: bytes, keys: KeySet) -> dict[str, Any]:
        if len(token) > _LONGEST_TOKEN:
            raise TokenRefused("the token is too long")
        try:
            claims = self._decoded(token, keys)
        except InvalidKeyIdError:
            claims = self._decoded_or_refused(token, await self._keys.renewed())
        except (JoseError, ValueError, TypeError):
            raise TokenRefused("the token is not signed with a key that counts here") from None
        try:
            now = int(self._now())
            jwt.JWTClaimsRegistry(now=now, leeway=_CLOCKS_DIFFER, **self._rules).validate(claims)
        except JoseError as error:
            reason = _EXPIRED if isinstance(error, ExpiredTokenError) else f"is not valid: {error.error}"
            raise TokenRefused(f"the token {reason}") from None
        if claims["exp"] <= now:  # no leeway at the end: who has a token knows when to refresh it
            raise TokenRefused(f"the token {_EXPIRED}")
        return claims

    def _decoded_or_refused(self, token: bytes, keys: KeySet) -> dict[str, Any]:
        try:
            return self._decoded(token, keys)
        except (JoseError, ValueError, TypeError):
            raise TokenRefused("the token is not signed with a key that counts here") from None

    def _decoded(self, token: bytes, keys: KeySet) -> dict[str, Any]:
        with warnings.catch_warnings():
            # The name EdDSA is out of date (RFC 9864); issuers still use it, and it is as safe as Ed25519.
            warnings.simplefilter("ignore", SecurityWarning)
            return jwt.decode(token, keys, algorithms=list(self._config.algorithms)).claims


def _bearer_token(authorization: bytes | None) -> bytes | None:
    if authorization is None or authorization[: len(_BEARER)].lower() != _BEARER:
        return None
    return authorization[len(_BEARER) :].strip()


def _rules(config: AuthenticationConfig) -> dict[str, Any]:
    rules: dict[str, Any] = {"exp": {"essential": True}}
    if config.issuer is not None:
        rules["iss"] = {"essential": True, "value": config.issuer}
    if config.audience is not None:
        rules["aud"] = {"essential": True, "value": config.audience}
    return rules


def _scopes(claim: object) -> frozenset[str]:
    """The scopes of a token: a text with spaces (RFC 8693, section 4.2), or a list, as some have it."""
    match claim:
        case str():
            return frozenset(claim.split())
        case list():
            return frozenset(one for one in claim if isinstance(one, str))
        case _:
            return frozenset()
