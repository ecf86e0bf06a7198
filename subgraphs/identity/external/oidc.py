"""OpenID Connect Core 1.0: an authorization code, with PKCE (RFC 7636), for an ID token, verified here.

The client sends its user to the provider, with a challenge and a nonce that it has made up, and brings back
the code.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import urllib3
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout, make_headers

from subgraphs.identity.external.provider import ExternalIdentity, NotVouchedForError
from subgraphs.kernel.domain import Clock
from subgraphs.kernel.settings import Oidc

Json: TypeAlias = dict[str, Any]

_ALGORITHMS: Final = ("RS256", "ES256", "Ed25519", "EdDSA")
_DISCOVERY: Final = "/.well-known/openid-configuration"
_SECONDS: Final = 5.0
_LARGEST_ANSWER: Final = 262_144
_SKEW_SECONDS: Final = 60


class OidcProvider:
    """An IdentityProvider. What it is and which keys it has is asked for at each login, so that it is never
    outdated: logins are few, since sessions go on without it."""

    def __init__(self, client: Oidc, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._pool = urllib3.PoolManager(retries=False, timeout=Timeout(total=_SECONDS))

    async def redeem(self, code: str, *, code_verifier: str, nonce: str) -> ExternalIdentity:
        return await asyncio.to_thread(self._redeem, code, code_verifier, nonce)

    def _redeem(self, code: str, code_verifier: str, nonce: str) -> ExternalIdentity:
        client = self._client
        found = self._get(f"{client.issuer.rstrip('/')}{_DISCOVERY}")
        if found.get("issuer") != client.issuer:
            raise NotVouchedForError("the provider calls itself otherwise")
        answer = self._post(
            _text(found, "token_endpoint"),
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": client.redirect_uri,
                "code_verifier": code_verifier,
            },
        )
        claims = self._verified(_text(answer, "id_token"), self._get(_text(found, "jwks_uri")), nonce)
        if claims.get("email_verified") is not True:
            raise NotVouchedForError("the address is not verified there")
        first, _, last = str(claims.get("name") or "").partition(" ")
        return ExternalIdentity(
            client.issuer,
            _text(claims, "sub"),
            _text(claims, "email"),
            str(claims.get("given_name") or first),
            str(claims.get("family_name") or last),
        )

    def _verified(self, token: str, keys: Json, nonce: str) -> Json:
        registry = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=_SKEW_SECONDS,
            iss={"essential": True, "value": self._client.issuer},
            aud={"essential": True, "value": self._client.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS).claims  # type: ignore[arg-type]
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotVouchedForError(f"the ID token is not valid: {type(error).__name__}") from None
        return claims

    def _get(self, url: str) -> Json:
        return self._exchange("GET", url, {"accept": "application/json"}, None)

    def _post(self, url: str, form: Mapping[str, str]) -> Json:
        headers = {
            **make_headers(basic_auth=f"{self._client.client_id}:{self._client.client_secret}"),
            "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded",
        }
        return self._exchange("POST", url, headers, urlencode(form))

    def _exchange(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> Json:
        try:
            response = self._pool.request(
                method, url, headers=headers, body=body, redirect=False, preload_content=False
            )
            content = response.read(_LARGEST_ANSWER)
            response.release_conn()
        except HTTPError as error:
            raise NotVouchedForError(f"{url} does not answer: {type(error).__name__}") from None
        try:
            answer = json.loads(content) if response.status == 200 else None
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise NotVouchedForError(f"{url} answers {response.status} without sense")
        return answer


def _text(found: Json, name: str) -> str:
    match found.get(name):
        case str(text) if text:
            return text
        case _:
            raise NotVouchedForError(f"the provider does not tell {name}")
