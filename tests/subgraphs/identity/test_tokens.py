"""Whose tokens are believed, and what they say."""

import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from subgraphs.contracts.identity import Role
from subgraphs.contracts.scopes import SCOPES
from subgraphs.identity.domain import UserId, UserRole
from subgraphs.identity.keys import PUBLIC_KEYS_FILE, KeyRing, KeyStore, Rotation, SigningKey
from subgraphs.identity.tokens import TokenIssuer
from subgraphs.kernel.application.request import Actor
from subgraphs.kernel.domain import RandomIds
from subgraphs.kernel.graphql.tokens import (
    ALGORITHM,
    TOKEN_TYPE,
    PublishedKeys,
    TokenError,
    TokenVerifier,
)
from subgraphs.kernel.testing.clock import FakeClock

ADA = UserId("ada")
QUARTER = timedelta(minutes=15)
ROTATION = Rotation(every=timedelta(days=90), lead=QUARTER, tokens_live=QUARTER)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def store(folder: Path, clock: FakeClock) -> KeyStore:
    keys = KeyStore(folder, ROTATION, clock)
    keys.open()
    return keys


def verifier(folder: Path, clock: FakeClock) -> TokenVerifier:
    keys = PublishedKeys(folder / PUBLIC_KEYS_FILE)
    return TokenVerifier(keys, issuer="test", audience="academy", clock=clock, is_withdrawn=lambda *_: False)


def issue(keys: KeyStore, clock: FakeClock, role: UserRole = UserRole.STUDENT) -> str:
    issuer = TokenIssuer(keys, issuer="test", audience="academy", clock=clock, ids=RandomIds())
    return issuer.issue(ADA, role, session_id="s1", account_version=1).token


@pytest.mark.parametrize("role", UserRole)
def test_a_token_names_its_user_and_session_and_the_scopes_of_the_role(
    tmp_path: Path, clock: FakeClock, role: UserRole
) -> None:
    token = issue(store(tmp_path, clock), clock, role)
    assert verifier(tmp_path, clock).verify(token) == Actor("ada", role.value, SCOPES[Role(role)], "s1")


def test_a_new_key_is_noticed_and_tokens_of_the_old_one_stay_good(tmp_path: Path, clock: FakeClock) -> None:
    keys, tokens = store(tmp_path, clock), verifier(tmp_path, clock)
    old = issue(keys, clock)
    keys.change(lambda ring: ring.rotated(clock.now(), ROTATION))
    assert tokens.verify(old).id == "ada"
    clock.advance(QUARTER - timedelta(seconds=1))
    last_of_old = issue(keys, clock)
    clock.advance(timedelta(seconds=1))
    new = issue(keys, clock)
    assert len({_header(token)["kid"] for token in (old, last_of_old, new)}) == 2
    assert tokens.verify(last_of_old).id == tokens.verify(new).id == "ada"


def test_what_keys_in_the_wrong_hands_have_signed_is_refused_at_once(
    tmp_path: Path, clock: FakeClock
) -> None:
    keys, tokens = store(tmp_path, clock), verifier(tmp_path, clock)
    old = issue(keys, clock)
    keys.change(lambda _: KeyRing.new(clock.now()))
    with pytest.raises(TokenError):
        tokens.verify(old)
    assert tokens.verify(issue(keys, clock)).id == "ada"


@pytest.mark.parametrize(
    "change",
    [{"iss": "other"}, {"iss": None}, {"aud": "another"}, {"aud": None}, {"sub": None}, {"sub": 7},
     {"role": None}, {"role": "system"}, {"exp": None}, {"exp": "soon"}, {"exp": 1}, {"scope": ["a"]},
     {"scope": None}, {"sid": None}, {"sid": 7}, {"nbf": 32_503_680_000}],
)  # fmt: skip
def test_claims_that_are_not_ours(tmp_path: Path, clock: FakeClock, change: dict[str, Any]) -> None:
    key = store(tmp_path, clock).signer()
    claims = {
        "iss": "test",
        "aud": "academy",
        "sub": "ada",
        "role": "student",
        "scope": "",
        "sid": "s1",
        "exp": int((clock.now() + timedelta(minutes=1)).timestamp()),
    }
    assert verifier(tmp_path, clock).verify(_signed(key, claims)).id == "ada"
    changed = {name: value for name, value in {**claims, **change}.items() if value is not None}
    with pytest.raises(TokenError):
        verifier(tmp_path, clock).verify(_signed(key, changed))
    for other in ({"typ": "JWT"}, {"kid": "another"}):
        with pytest.raises(TokenError):
            verifier(tmp_path, clock).verify(_signed(key, claims, **other))


def test_signatures_that_are_not_ours(tmp_path: Path, clock: FakeClock) -> None:
    keys = store(tmp_path, clock)
    key, token = keys.signer(), issue(keys, clock)
    header, claims, signature = token.split(".")
    strangers = OKPKey.generate_key("Ed25519", parameters={"kid": key.kid})
    confused = OctKey.import_key(json.dumps(key.jwk.as_dict(private=False)), parameters={"kid": key.kid})
    ours = {"iss": "test", "aud": "academy", "sub": "ada", "role": "super_admin", "scope": "", "sid": "s1",
            "exp": 32_503_680_000}  # fmt: skip
    symmetric = {"alg": "HS256", "kid": key.kid, "typ": TOKEN_TYPE}
    forged = [
        "",
        "..",
        "nonsense",
        f"{header}.{claims}.",
        f"{header}.{claims[:-2]}AA.{signature}",
        f"eyJhbGciOiJub25lIn0.{claims}.",
        _signed(SigningKey(strangers, clock.now()), ours),
        jwt.encode(symmetric, ours, confused, ["HS256"]),
    ]
    for wrong in forged:
        with pytest.raises(TokenError):
            verifier(tmp_path, clock).verify(wrong)


def _signed(key: SigningKey, claims: dict[str, Any], **header: str) -> str:
    full = {"alg": ALGORITHM, "kid": key.kid, "typ": TOKEN_TYPE, **header}
    return jwt.encode(full, claims, key.jwk, [ALGORITHM])


def _header(token: str) -> dict[str, Any]:
    encoded = token.partition(".")[0]
    header: dict[str, Any] = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return header


def test_a_token_is_good_up_to_the_instant_at_which_it_expires(tmp_path: Path) -> None:
    """RFC 7519, 4.1.4: not on or after it. A clock that is behind the issuer's takes it all the same."""
    issuers, verifiers = FakeClock(), FakeClock()
    tokens = verifier(tmp_path, verifiers)
    token = issue(store(tmp_path, issuers), issuers)
    verifiers.advance(-timedelta(seconds=60))
    assert tokens.verify(token).id == "ada"
    verifiers.advance(timedelta(seconds=60) + QUARTER - timedelta(microseconds=1))
    assert tokens.verify(token).id == "ada"
    verifiers.advance(timedelta(microseconds=1))
    with pytest.raises(TokenError, match="the token has expired: refresh it, or log in again"):
        tokens.verify(token)
    verifiers.advance(-QUARTER - timedelta(seconds=61))
    with pytest.raises(TokenError, match="not valid"):
        tokens.verify(token)
