"""Whose tokens are believed, and who can read the key."""

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from subgraphs.identity.domain import UserId, UserRole
from subgraphs.identity.tokens import (
    PRIVATE_KEY_FILE,
    PUBLIC_KEYS_FILE,
    SigningKeyError,
    TokenIssuer,
    open_signing_key,
)
from subgraphs.kernel.application.request import Actor
from subgraphs.kernel.domain import RandomIds
from subgraphs.kernel.graphql.tokens import ALGORITHM, PublishedKeys, TokenError, TokenVerifier
from subgraphs.kernel.testing.clock import FakeClock

ADA = UserId("ada")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def verifier(folder: Path, clock: FakeClock) -> TokenVerifier:
    return TokenVerifier(PublishedKeys(folder / PUBLIC_KEYS_FILE), issuer="test", clock=clock)


def issuer(key: OKPKey, clock: FakeClock, *, name: str = "test") -> TokenIssuer:
    return TokenIssuer(key, issuer=name, lifetime=timedelta(minutes=15), clock=clock, ids=RandomIds())


def test_a_token_names_its_user(tmp_path: Path, clock: FakeClock) -> None:
    token = issuer(open_signing_key(tmp_path), clock).issue(ADA, UserRole.TUTOR)
    assert verifier(tmp_path, clock).verify(token.token) == Actor("ada", "tutor")


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    key = open_signing_key(tmp_path)
    assert open_signing_key(tmp_path).as_dict(private=True) == key.as_dict(private=True)
    assert stat.S_IMODE((tmp_path / PRIVATE_KEY_FILE).stat().st_mode) == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == [PRIVATE_KEY_FILE, PUBLIC_KEYS_FILE]
    assert '"d"' not in (tmp_path / PUBLIC_KEYS_FILE).read_text()


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"kty": "OKP"}', '{"kty": "oct", "k": "AAAA"}'])
def test_a_spoilt_key_is_named_not_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / PRIVATE_KEY_FILE).write_text(content)
    with pytest.raises(SigningKeyError, match=PRIVATE_KEY_FILE):
        open_signing_key(tmp_path)
    assert (tmp_path / PRIVATE_KEY_FILE).read_text() == content


def test_a_new_key_is_noticed(tmp_path: Path, clock: FakeClock) -> None:
    tokens, old = verifier(tmp_path, clock), issuer(open_signing_key(tmp_path), clock)
    old_token = old.issue(ADA, UserRole.STUDENT).token
    assert tokens.verify(old_token).id == "ada"
    (tmp_path / PRIVATE_KEY_FILE).unlink()
    new_token = issuer(open_signing_key(tmp_path), clock).issue(ADA, UserRole.STUDENT).token
    assert tokens.verify(new_token).id == "ada"
    with pytest.raises(TokenError):
        tokens.verify(old_token)


@pytest.mark.parametrize(
    "change",
    [{"iss": "other"}, {"sub": None}, {"sub": 7}, {"role": None}, {"role": "system"}, {"exp": None},
     {"exp": "soon"}, {"exp": 1}, {"scope": ["a"]}, {"nbf": 32_503_680_000}],
)  # fmt: skip
def test_claims_that_are_not_ours(tmp_path: Path, clock: FakeClock, change: dict[str, Any]) -> None:
    key = open_signing_key(tmp_path)
    claims = {
        "iss": "test",
        "sub": "ada",
        "role": "student",
        "exp": int((clock.now() + timedelta(minutes=1)).timestamp()),
    }
    assert verifier(tmp_path, clock).verify(_signed(key, claims)).id == "ada"
    changed = {name: value for name, value in {**claims, **change}.items() if value is not None}
    with pytest.raises(TokenError):
        verifier(tmp_path, clock).verify(_signed(key, changed))


def test_signatures_that_are_not_ours(tmp_path: Path, clock: FakeClock) -> None:
    key = open_signing_key(tmp_path)
    token = issuer(key, clock).issue(ADA, UserRole.STUDENT).token
    header, claims, signature = token.split(".")
    strangers = OKPKey.generate_key("Ed25519", parameters={"kid": str(key.kid)})
    confused = OctKey.import_key(json.dumps(key.as_dict(private=False)), parameters={"kid": str(key.kid)})
    forged = [
        "",
        "..",
        "nonsense",
        f"{header}.{claims}.",
        f"{header}.{claims[:-2]}AA.{signature}",
        f"eyJhbGciOiJub25lIn0.{claims}.",
        issuer(strangers, clock).issue(ADA, UserRole.SUPER_ADMIN).token,
        jwt.encode({"alg": "HS256", "kid": str(key.kid)}, {"sub": "ada"}, confused, ["HS256"]),
    ]
    for wrong in forged:
        with pytest.raises(TokenError):
            verifier(tmp_path, clock).verify(wrong)


def _signed(key: OKPKey, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": ALGORITHM, "kid": str(key.kid)}, claims, key, [ALGORITHM])
