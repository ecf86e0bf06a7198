"""Which tokens count: signed with a published key, by this issuer, for this audience, and not expired."""

from base64 import urlsafe_b64encode
from pathlib import Path
from time import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from plait_gateway.authentication import KeysUnavailable, TokenRefused
from plait_gateway.authentication.authenticator import Authenticator
from plait_gateway.authentication.key_source import KeySource, key_source
from plait_gateway.authorization import ANONYMOUS
from tests.gateway.authentication.issuer import Issuer, new_key


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path)


def authenticator(issuer: Issuer, keys: KeySource | None = None, *, ahead: float = 0) -> Authenticator:
    source = keys or key_source(str(issuer.file), refresh_seconds=300)
    return Authenticator(issuer.config, source, now=lambda: time() + ahead)


@pytest.mark.parametrize("header", [None, b"", b"Basic eDp5", b"Bearer", b"Token x"])
async def test_who_sends_no_bearer_token_is_nobody(issuer: Issuer, header: bytes | None) -> None:
    assert await authenticator(issuer).identify(header) is ANONYMOUS


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_a_token_says_who_somebody_is(issuer: Issuer, scheme: str) -> None:
    header = f"{scheme} {issuer.token(sub='7', scope='a b', role='tutor')}".encode()
    identity = await authenticator(issuer).identify(header)
    assert identity.is_authenticated
    assert identity.scopes == {"a", "b"}
    assert identity.claims is not None
    assert (identity.claims["sub"], identity.claims["role"]) == ("7", "tutor")


@pytest.mark.parametrize(("claim", "scopes"), [(["a", 1, "b"], {"a", "b"}), (7, set()), ({}, set())])
async def test_scopes_can_be_a_list(issuer: Issuer, claim: Any, scopes: set[str]) -> None:
    header = f"Bearer {issuer.token(scope=claim)}".encode()
    assert (await authenticator(issuer).identify(header)).scopes == scopes


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": "soon"},
        {"exp": 1e400},
        {"nbf": 9_999_999_999},
        {"iss": "somebody else"},
        {"iss": None},
        {"aud": "another graph"},
        {"aud": None},
    ],
    ids=str,
)
async def test_a_token_with_other_claims_is_refused(issuer: Issuer, claims: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        await authenticator(issuer).identify(f"Bearer {issuer.token(**claims)}".encode())


async def test_a_token_that_has_expired_is_refused(issuer: Issuer) -> None:
    with pytest.raises(TokenRefused, match="expired"):
        await authenticator(issuer, ahead=61).identify(f"Bearer {issuer.token()}".encode())


async def test_a_token_that_somebody_else_signed_is_refused(issuer: Issuer) -> None:
    other = new_key("first")
    unknown = new_key("unknown")
    secret = OctKey.import_key(issuer.jwks, {"kid": "first"})  # a public key, taken for a shared secret
    claims = {"iss": "issuer", "aud": "graph", "exp": int(time()) + 60}
    unsigned = b".".join(
        urlsafe_b64encode(part).rstrip(b"=") for part in (b'{"alg":"none"}', b'{"exp":9999999999}', b"")
    )
    for token in (
        issuer.token(key=other),
        issuer.token(key=unknown),
        issuer.token()[:-4] + "AAAA",
        jwt.encode({"alg": "HS256", "kid": "first"}, claims, secret, ["HS256"]),
        unsigned.decode(),
        "x" * 20_000,
        "é",
    ):
        with pytest.raises(TokenRefused):
            await authenticator(issuer).identify(b"Bearer " + token.encode())


async def test_a_token_that_was_good_is_refused_once_it_has_expired(issuer: Issuer) -> None:
    now = time()
    current = [now]
    checking = Authenticator(
        issuer.config, key_source(str(issuer.file), refresh_seconds=300), now=lambda: current[0]
    )
    expires = int(now) + 60
    header = f"Bearer {issuer.token(exp=expires)}".encode()
    assert await checking.identify(header) is await checking.identify(header)
    current[0] = expires - 0.001
    await checking.identify(header)
    current[0] = expires
    for known in (True, False):
        with pytest.raises(TokenRefused, match="the token has expired: refresh it, or log in again"):
            await checking.identify(header if known else f"Bearer {issuer.token(exp=expires)}".encode())


async def test_a_clock_that_is_behind_the_issuers_takes_its_tokens(issuer: Issuer) -> None:
    now = int(time())
    checking = Authenticator(
        issuer.config, key_source(str(issuer.file), refresh_seconds=300), now=lambda: now
    )
    await checking.identify(f"Bearer {issuer.token(iat=now + 60, nbf=now + 60)}".encode())
    for token in (issuer.token(iat=now + 61), issuer.token(nbf=now + 61)):
        with pytest.raises(TokenRefused, match="not valid"):
            await checking.identify(f"Bearer {token}".encode())


async def test_a_new_key_counts_at_once_and_a_withdrawn_one_no_longer(issuer: Issuer) -> None:
    checking = authenticator(issuer)
    old = f"Bearer {issuer.token()}".encode()
    assert (await checking.identify(old)).is_authenticated
    issuer.keys.append(new_key("second"))
    issuer.publish()
    new = f"Bearer {issuer.token()}".encode()
    assert (await checking.identify(new)).is_authenticated
    assert (await checking.identify(old)).is_authenticated
    del issuer.keys[0]
    issuer.publish()
    with pytest.raises(TokenRefused):
        await checking.identify(old)
    assert (await checking.identify(new)).is_authenticated


async def test_without_keys_nobody_can_be_known(issuer: Issuer) -> None:
    issuer.file.unlink()
    with pytest.raises(KeysUnavailable, match="cannot be read"):
        await authenticator(issuer).identify(b"Bearer x")


async def test_keys_that_cannot_be_read_any_more_are_kept(issuer: Issuer) -> None:
    checking = authenticator(issuer)
    header = f"Bearer {issuer.token()}".encode()
    await checking.identify(header)
    issuer.file.write_bytes(b"{")
    assert (await checking.identify(header)).is_authenticated
