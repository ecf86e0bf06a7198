"""Logging in by an account elsewhere, against a stand-in of an OpenID provider."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from subgraphs.identity.commands import DeactivateUser, LoginWithProvider, RefreshToken
from subgraphs.identity.domain import UserRole
from subgraphs.identity.external.oidc import OidcProvider
from subgraphs.identity.external.provider import NotVouchedForError
from subgraphs.kernel.domain import DomainError, Result
from subgraphs.kernel.settings import Oidc, Settings, SettingsError
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.identity.academy import PASSWORD, Academy, opened
from tests.subgraphs.identity.stand_in import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, StandIn, stand_in
from tests.subgraphs.people import codes, done, refusal

MUTATION = """
    mutation ($i: LoginWithProviderInput!) {
      loginWithProvider(input: $i) { accessToken user { name role } errors { code } }
    }
"""
INPUT = {"code": "code", "codeVerifier": "verifier", "nonce": "nonce"}
NOW = FakeClock().now()


@pytest.fixture
def elsewhere() -> Iterator[StandIn]:
    with stand_in() as provider:
        yield provider


@pytest.fixture
async def academy(tmp_path: Path, clock: FakeClock, elsewhere: StandIn) -> AsyncIterator[Academy]:
    """With this provider."""
    async with opened(Settings(tmp_path, password_rounds=4, oidc=known_to(elsewhere)), clock) as academy:
        yield academy


def known_to(elsewhere: StandIn) -> Oidc:
    return Oidc(elsewhere.issuer, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI)


def claims(elsewhere: StandIn, **others: Any) -> dict[str, Any]:
    return {
        "iss": elsewhere.issuer,
        "aud": CLIENT_ID,
        "sub": "ada-there",
        "exp": int(NOW.timestamp()) + 300,
        "nonce": "nonce",
        "email": "ada@example.org",
        "email_verified": True,
        "given_name": "Ada",
        "family_name": "Lovelace",
        **others,
    }


async def log_in(academy: Academy, elsewhere: StandIn, **others: Any) -> Result[Any, DomainError]:
    elsewhere.sends_back("code", "verifier", claims(elsewhere, **others))
    return await academy.by_visitor(LoginWithProvider("code", "verifier", "nonce"))


async def test_whom_a_provider_vouches_for_is_a_user_and_the_same_one_next_time(
    academy: Academy, elsewhere: StandIn
) -> None:
    elsewhere.sends_back("code", "verifier", claims(elsewhere))
    first = (await academy.visitor().data(MUTATION, i=INPUT))["loginWithProvider"]
    assert (first["user"], first["errors"]) == ({"name": "Ada Lovelace", "role": "STUDENT"}, [])
    user_id = academy.platform.tokens.verify(first["accessToken"]).id
    again = done(await log_in(academy, elsewhere, email="moved@example.org"))
    assert str(again.access.user_id) == user_id
    done(await academy.by_visitor(RefreshToken(again.refresh_token)))
    done(await academy.by_system(DeactivateUser(again.access.user_id, "spam")))
    assert refusal(await log_in(academy, elsewhere)) == "ACCOUNT_DEACTIVATED"


async def test_a_verified_address_is_one_persons_here_and_there(academy: Academy, elsewhere: StandIn) -> None:
    tutor = await academy.create("ada@example.org", UserRole.TUTOR)
    tokens = done(await log_in(academy, elsewhere))
    assert tokens.access.user_id == tutor
    assert academy.platform.tokens.verify(tokens.access.token).role == "tutor"


async def test_who_signed_up_with_somebody_elses_address_has_no_key_to_their_account(
    academy: Academy, elsewhere: StandIn
) -> None:
    squatted = done(await academy.register())
    squatter, squatters = await academy.logged_in("ada@example.org"), done(await academy.login())
    assert done(await log_in(academy, elsewhere)).access.user_id == squatted
    assert refusal(await academy.login(password=PASSWORD)) == "INVALID_CREDENTIALS"
    assert refusal(await academy.by_visitor(RefreshToken(squatters.refresh_token))) == "INVALID_REFRESH_TOKEN"
    assert codes(await squatter.execute("{ me { id } }")) == ["UNAUTHENTICATED"]
    assert "identity.user_verified" in dict(await academy.published())


@pytest.mark.parametrize(
    "change",
    [{"iss": "https://elsewhere.example"}, {"aud": "another"}, {"exp": 1}, {"nonce": "another"},
     {"email_verified": False}, {"email_verified": "true"}, {"email": ""}, {"sub": None}],
)  # fmt: skip
async def test_what_a_provider_does_not_vouch_for(elsewhere: StandIn, change: dict[str, Any]) -> None:
    provider = OidcProvider(known_to(elsewhere), FakeClock())
    elsewhere.sends_back("code", "verifier", claims(elsewhere, **change))
    with pytest.raises(NotVouchedForError):
        await provider.redeem("code", code_verifier="verifier", nonce="nonce")


async def test_a_code_is_good_once_and_for_who_began(academy: Academy, elsewhere: StandIn) -> None:
    elsewhere.sends_back("code", "verifier", claims(elsewhere))
    stolen = LoginWithProvider("code", "a thief has none", "nonce")
    assert refusal(await academy.by_visitor(stolen)) == "EXTERNAL_LOGIN_FAILED"
    done(await log_in(academy, elsewhere))
    used = LoginWithProvider("code", "verifier", "nonce")
    assert refusal(await academy.by_visitor(used)) == "EXTERNAL_LOGIN_FAILED"


async def test_strangers_signatures_and_providers_that_are_down(academy: Academy, elsewhere: StandIn) -> None:
    elsewhere.signs_with = RSAKey.generate_key(2048, parameters={"kid": "k1"})
    assert refusal(await log_in(academy, elsewhere)) == "EXTERNAL_LOGIN_FAILED"
    elsewhere.is_down = True
    assert refusal(await log_in(academy, elsewhere)) == "EXTERNAL_LOGIN_FAILED"


async def test_without_a_provider_nobody_comes_from_elsewhere(tmp_path: Path, clock: FakeClock) -> None:
    async with opened(Settings(tmp_path, password_rounds=4), clock) as academy:
        command = LoginWithProvider("code", "verifier", "nonce")
        assert refusal(await academy.by_visitor(command)) == "NO_IDENTITY_PROVIDER"


def test_a_provider_is_named_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.from_environment(tmp_path).oidc is None
    for part in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.setenv(f"PLAIT_OIDC_{part}", part)
    with pytest.raises(SettingsError, match="PLAIT_OIDC_REDIRECT_URI"):
        Settings.from_environment(tmp_path)
    monkeypatch.setenv("PLAIT_OIDC_REDIRECT_URI", REDIRECT_URI)
    assert Settings.from_environment(tmp_path).oidc == Oidc(
        "ISSUER", "CLIENT_ID", "CLIENT_SECRET", REDIRECT_URI
    )
